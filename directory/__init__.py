"""The business rules and the records: who may see whom, and what is true about a company.

Knows no HTTP, no queue and no search engine. What it needs of them it states in `directory.ports`.
"""
