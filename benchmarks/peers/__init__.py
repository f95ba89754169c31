"""Other node editors, each in a process of its own, with the drawing that the canvas opens."""
