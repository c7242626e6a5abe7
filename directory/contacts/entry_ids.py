"""The ids of a history's entries: always the same for an entry, and telling nothing.

The numbers in them would: how often a company published while it was hidden or in another region, and how much is written in
the whole network. They are sealed under the salt of the feed, as the ids of its changes are hidden, and for one contact.
"""

import base64
import hashlib
import struct
from typing import NamedTuple

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from sqlalchemy import Connection

from directory.errors import NotFound
from directory.updates.numbering import head

WRITTEN = -1
_PACKED = struct.Struct(">bQI")  # of one length: that tells nothing either


class EntryKey(NamedTuple):
    """What a member wrote: the number of its row. What the network said: those of the link, of the publication and of the
    field.
    """

    number: int
    publication: int = 0
    position: int = WRITTEN


class EntryIds:
    def __init__(self, salt: str, contact_id: str) -> None:
        self._sealer = AESSIV(hashlib.sha512(b"carnet history\0" + salt.encode()).digest())
        self._contact = [contact_id.encode()]

    @classmethod
    def of(cls, connection: Connection, contact_id: str) -> "EntryIds":
        return cls(head(connection).salt, contact_id)

    def seal(self, key: EntryKey) -> str:
        packed = _PACKED.pack(key.position, key.number, key.publication)
        return base64.urlsafe_b64encode(self._sealer.encrypt(packed, self._contact)).decode().rstrip("=")

    def open(self, entry_id: str) -> EntryKey:
        """Raises NotFound: forged, or of another contact."""
        try:
            sealed = base64.b64decode(entry_id.encode("ascii") + b"=" * (-len(entry_id) % 4), b"-_", validate=True)
            position, number, publication = _PACKED.unpack(self._sealer.decrypt(sealed, self._contact))
        except (InvalidTag, UnicodeError, ValueError, struct.error):
            raise NotFound from None
        return EntryKey(number, publication, position)
