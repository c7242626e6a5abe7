"""The name in an address that was pasted where a name belongs: www.example.com, info@example.com."""

import re

from mappings.free_mail import is_free_mail

# A name may look like booking.com, so what is taken for an address has a scheme, a www. or an @.
_ADDRESS = re.compile(
    r"(?:https?://(?:www\d?\.)?|www\d?\.|(?:mailto:)?(?P<mailbox>[^\s@/]+@))(?P<host>[^\s@/:?#]+\.[^\s@/:?#.]+)\.?(?:[/:?#]\S*)?"
)
_SECOND_LEVEL = frozenset(
    {"ac", "asn", "co", "com", "gc", "gouv", "gov", "gob", "govt", "ltd", "ne", "net", "or", "org", "plc", "qc"}
)


def name_in(text: str) -> str:
    """The part of the domain by which its holder is known; "" for what is no address, and for one at a provider of mail."""
    found = _ADDRESS.fullmatch(text.strip())
    if not found:
        return ""
    host = found["host"].casefold()
    if found["mailbox"] and is_free_mail(host):
        return ""
    labels = host.split(".")[:-1]
    return labels[-2] if len(labels) > 1 and labels[-1] in _SECOND_LEVEL else labels[-1]
