"""Domains at which anybody, or any customer of a line, gets an address: sharing one says nothing about two companies."""

from mappings.data import load

_FREE = frozenset(load("free_mail.json"))


def is_free_mail(domain: str) -> bool:
    """`domain` in lower case, as it stands after the @."""
    return domain in _FREE
