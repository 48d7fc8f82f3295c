"""The layout of the released workbooks: one cell of JSON for each reply."""
