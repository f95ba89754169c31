"""PyTorch: from printed source to trained, exported models."""
