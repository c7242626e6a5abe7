"""Erasing a company for good."""
