"""A reader's own study and own judges: tables with one rating a row, or one reply a row."""
