"""Which replies experts are to rate: drawn by a judge's ratings, and laid out on sheets to be filled in."""
