"""The place conversations; each file is one tab."""
