"""MentalBench-100k: the replies themselves, memory-mapped."""
