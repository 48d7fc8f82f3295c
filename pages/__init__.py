"""What one reads: a folder for each place in the menu, a file for each of its tabs."""
