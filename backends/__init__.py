"""What runs a drawing: PyTorch, data, runs, export. Nothing here imports Qt or the window."""
