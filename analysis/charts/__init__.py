"""Charts: a tidy frame in, an ``alt.Chart`` out; numbers are made elsewhere."""
