"""Text that people hand in, made safe to keep: NFC, single spaces, no control characters, bounded."""

import re
import unicodedata

from directory.errors import Message

_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u202f\u205f\u3000]+")
# Cc and Cs: controls and lone surrogates; two line breaks. The others turn the direction of what follows, and so can
# disguise a name.
_REFUSED = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028-\u202e\u2066-\u2069\ufffe\uffff]")


class BadText(ValueError):
    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


def clean(text: str, longest: int) -> str:
    """The text in NFC, stripped, with runs of spaces made one. Raises BadText: control characters, or over `longest`."""
    if _REFUSED.search(text):
        raise BadText(Message("Contains control characters."))
    cleaned = _SPACES.sub(" ", unicodedata.normalize("NFC", text)).strip()
    if len(cleaned) > longest:
        raise BadText(Message("Longer than %(longest)s characters.", longest=longest))
    return cleaned
