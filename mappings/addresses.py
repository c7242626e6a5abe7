"""The name in an address that was pasted where a name belongs: www.example.com, info@example.com."""

import re

from mappings.free_mail import is_free_mail

# A name may look like booking.com, so what is taken for an address has a scheme, a www. or an @.
_ADDRESS = re.compile(
    r"(?:https?://(?:www\d?\.)?|www\d?\.|(?:mailto:)?(?P<mailbox>[^\s@/]+@))(?P<host>[^\s@/:?#]+\.[^\s@/:?#.]+)\.?(?:[/:?#]\S*)?",
    re.IGNORECASE,
)
# What stands before a country's own ending, and is nobody's name.
_ENDINGS = frozenset({
    "ac", "asn", "co", "com", "gc", "gob", "gouv", "gov", "govt", "ltd", "ne", "net", "or", "org", "plc", "ville",
    "ab", "bc", "mb", "nb", "nl", "ns", "nt", "nu", "on", "pe", "qc", "sk", "yk",
})  # fmt: skip


def name_in(text: str) -> str:
    """The part of the domain by which its holder is known; "" for what is no address, and for one at a provider of mail."""
    found = _ADDRESS.fullmatch(text.strip())
    if not found:
        return ""
    host = found["host"].casefold()
    if found["mailbox"] and is_free_mail(host):
        return ""
    labels = host.split(".")[:-1]
    while len(labels) > 1 and labels[-1] in _ENDINGS:
        labels.pop()
    return labels[-1] if any(letter.isalpha() for letter in labels[-1]) else ""
