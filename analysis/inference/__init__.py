"""Intervals by resampling, and for ratings that come in clusters."""
