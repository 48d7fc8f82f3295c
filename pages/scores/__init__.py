"""The place scores; each file is one tab."""
