"""What stands behind figures: single conversations, replies, and errors in the data."""
