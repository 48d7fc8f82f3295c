"""The place overview; each file is one tab."""
