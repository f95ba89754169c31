"""Data sources: what a drawing can be trained on. Without torch and without a window."""
