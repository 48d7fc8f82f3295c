"""Tests of the product, and what they share."""
