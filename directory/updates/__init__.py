"""What linked contacts are told: the feed of changes, and webhooks on it."""
