"""Agreement between experts and LLM judges: the statistics and their charts, without any user interface."""
