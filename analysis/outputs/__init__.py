"""Tables by name, and what they are shown, written, cited and verified as."""
