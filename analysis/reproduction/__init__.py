"""The printed tables of a study against the same figures recomputed from its ratings."""
