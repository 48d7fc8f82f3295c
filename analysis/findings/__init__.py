"""Findings in words, composed from the figures on screen and from nothing else."""
