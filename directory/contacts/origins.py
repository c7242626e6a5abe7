"""Where a value in the history of a contact came from."""

from enum import StrEnum


class Origin(StrEnum):
    LINKED = "linked"  # the card, when the contact was linked
    NETWORK = "network"  # the card, when the company changed it
    LOCAL = "local"  # a member wrote it
    REVERT = "revert"  # a member took an earlier value back
    UNLINKED = "unlinked"  # what the card said when the contact was unlinked
    HELD = "held"  # kept although the card changed, because the new value looks like somebody else's


FROM_NETWORK = (Origin.LINKED, Origin.NETWORK)
