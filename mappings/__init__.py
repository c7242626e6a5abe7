"""What an engineer tunes, as data: folding rules, word lists, index settings, weights.

The Python here is thin on purpose. It loads the data, holds the one folding function that both index time and query
time use, and names the whole by a fingerprint, so that an index built with other data is recognised as such.
"""
