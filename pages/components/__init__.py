"""Furniture that every page uses."""
