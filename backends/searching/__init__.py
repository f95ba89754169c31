"""Searches for good values: Optuna chooses, and each choice is a run like any other."""
