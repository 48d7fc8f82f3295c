"""Simulated ratings of known value, given to the product's own functions: what ``tests/bench/coverage.py`` counts."""
