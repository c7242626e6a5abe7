"""Keeps the index equal to the records.

One function writes the index: `indexer.sync.sync_companies`. Nobody says "index" or "delete"; everybody says which
companies have changed, and that function reads what is true about them now.
"""
