"""A reader's own study and own judges: tables with one rating a row, or one reply a row."""

# What tells of a folder that its tables are a study, and what they are.
FILE = "study.toml"
