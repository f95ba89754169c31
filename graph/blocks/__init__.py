"""The built-in blocks, one family a file; modules whose names start with _ hold no blocks."""
