"""What the pointer and the keys do to the drawing."""

from app.canvas.gestures.editor import Editor

__all__ = ["Editor"]
