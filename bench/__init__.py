"""Benchmarks: each prints a table and writes JSON to bench/results. Speed is a ratio in one run, machines being noisy."""
