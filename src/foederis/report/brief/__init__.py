"""The brief: one self-contained HTML file, from the bottom line to the file that it was worked out from."""
