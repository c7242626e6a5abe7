"""No harvesting: how many cards may be seen, who saw them, and what the operator hears of it."""
