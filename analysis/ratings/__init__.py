"""Pairs of ratings under the choices of an analysis: what every statistic starts from."""
