"""Ratings from other hosts, fetched in the background."""
