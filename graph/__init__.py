"""The drawing as a value, and all that can be known of it without running it."""
