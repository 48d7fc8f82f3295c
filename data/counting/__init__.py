"""Counts of ratings by any engine: tables too large to hold, added up where they lie.

One expression in narwhals counts a lazy table of ratings on DuckDB, Polars, PySpark, or whatever else narwhals knows.
The counts are those that :func:`data.counts.count_pairs` gives for the same ratings.
"""
