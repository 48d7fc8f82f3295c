"""The place inflation; each file is one tab."""
