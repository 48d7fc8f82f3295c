"""The place methods; each file is one tab."""
