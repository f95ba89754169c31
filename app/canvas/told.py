"""What is done to what is selected, as undo and menus tell it."""

from __future__ import annotations

from app.i18n import tr, tr_count
from graph.model import Document, NodeId
from graph.remarks import Frame, RemarkId

Blocks = frozenset[NodeId]
Chosen = frozenset[RemarkId]


def told_move(document: Document, blocks: Blocks, remarks: Chosen) -> str:
    """That these blocks, frames and notes are moved."""
    count = len(blocks) + len(remarks)
    match _what(document, blocks, remarks):
        case "block":
            return tr_count(count, "Move block", "Move {n} blocks")
        case "frame":
            return tr_count(count, "Move frame", "Move {n} frames")
        case "note":
            return tr_count(count, "Move note", "Move {n} notes")
    return tr("Move selection")


def told_points(count: int) -> str:
    """That so many points of wires are moved."""
    return tr_count(count, "Move point", "Move {n} points")


def told_cut(document: Document, blocks: Blocks, remarks: Chosen) -> str:
    """That these blocks, frames and notes are cut."""
    count = len(blocks) + len(remarks)
    match _what(document, blocks, remarks):
        case "block":
            return tr_count(count, "Cut block", "Cut {n} blocks")
        case "frame":
            return tr_count(count, "Cut frame", "Cut {n} frames")
        case "note":
            return tr_count(count, "Cut note", "Cut {n} notes")
    return tr("Cut selection")


def told_delete(document: Document, blocks: Blocks, remarks: Chosen) -> str:
    """That these blocks, frames and notes are deleted."""
    count = len(blocks) + len(remarks)
    match _what(document, blocks, remarks):
        case "block":
            return tr_count(count, "Delete block", "Delete {n} blocks")
        case "frame":
            return tr_count(count, "Delete frame", "Delete {n} frames")
        case "note":
            return tr_count(count, "Delete note", "Delete {n} notes")
    return tr("Delete selection")


def _what(document: Document, blocks: Blocks, remarks: Chosen) -> str:
    """What all of these are; empty where they differ."""
    kinds = {type(document.graph.remarks[id]) for id in remarks}
    if len(kinds) + bool(blocks) > 1:
        return ""
    return "frame" if Frame in kinds else "note" if kinds else "block"
