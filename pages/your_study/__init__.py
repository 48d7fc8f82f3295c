"""The place your study; each file is one tab."""
