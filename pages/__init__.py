"""The pages beside the overview; each file is one page."""
