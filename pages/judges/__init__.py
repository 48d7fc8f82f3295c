"""The place judges; each file is one tab."""
