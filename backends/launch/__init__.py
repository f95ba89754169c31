"""Runs in other processes: on this computer, or on others."""
