"""The place reliability; each file is one tab."""
