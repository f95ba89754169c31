"""Mirrors and canvases of small drawings, for tests."""

from app.canvas.mirror import Mirror
from graph.check import check
from graph.infer import infer
from graph.model import Document


def mirror_of(document: Document) -> Mirror:
    """A mirror built from scratch, with every problem."""
    mirror = Mirror()
    typing = infer(document)
    mirror.rebuild(document, typing, check(document, typing))
    return mirror
