"""The HTTP side of webhooks: which addresses may be called, how, and when."""
