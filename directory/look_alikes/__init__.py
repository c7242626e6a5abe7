"""A card that comes to look like somebody else's is not taken over silently."""
