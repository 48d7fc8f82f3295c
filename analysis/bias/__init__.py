"""How far a judge scores from the experts, in what, and what of it could be taken off."""
