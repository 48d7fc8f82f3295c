"""Agreement between experts and LLM judges: the statistics and their charts, without any user interface."""

VERSION = "0.1.0"
