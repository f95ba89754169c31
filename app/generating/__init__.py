"""What a trained drawing makes by itself: images and other data out of noise, or text."""
