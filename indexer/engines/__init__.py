"""The search engines. They all pass the same suite, tests/contract, and differ in nothing that the rules could see."""
