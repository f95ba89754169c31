"""Searches for good values in the window: what is chosen, the trials, and how they compare."""
