"""How a card is shown to others: the one place that knows what is said with it."""

from typing import Any

from flask_babel import gettext

from directory.errors import Message
from directory.values import Card

# Data on every card that is shown to others: using the network for marketing is forbidden, and who reads a card reads that.
NOTICE = Message("No unsolicited commercial messages.")
UNVERIFIED = Message("Provided by the company and not verified.")


def shown_to_others(card: Card) -> dict[str, Any]:
    return {**card.fields(), "notice": gettext(NOTICE)}


def notice() -> str:
    """Beside a card, for a person who reads it."""
    return f"{gettext(UNVERIFIED)} {gettext(NOTICE)}"
