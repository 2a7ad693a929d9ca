"""Text to meaning: from the YAML of a crisis file to a checked, frozen Case."""
