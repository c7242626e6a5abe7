"""Accounting firms: what their members do in clients' books, which clients there are, and who lets them."""
