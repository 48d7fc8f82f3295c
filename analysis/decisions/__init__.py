"""What a judge may be used for, what it would choose, and how many ratings it takes to know."""
