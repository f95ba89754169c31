"""Which wires are shown while something is selected, and which stand back."""

from __future__ import annotations

import numpy as np

from app.canvas.geometry import Bools, Ints
from app.canvas.mirror import Mirror
from app.canvas.options import Others
from app.canvas.traits import SELECTED


def of_selection(mirror: Mirror, rows: Ints) -> Bools:
    """Which of these edges are selected, or begin or end at a selected block."""
    ends = mirror.state[mirror.source[rows]] | mirror.state[mirror.target[rows]]
    found = (ends & SELECTED) != 0
    if mirror.chosen_edges:
        found |= np.array([mirror.edges[row] in mirror.chosen_edges for row in rows.tolist()], bool)
    return np.asarray(found, np.bool_)


def others_are(mirror: Mirror, others: Others) -> bool:
    """Whether something is selected, and this is what becomes of wires that are not of it."""
    is_focused = bool(mirror.selection or mirror.chosen_edges)
    return is_focused and mirror.options.others is others


def shown(mirror: Mirror, rows: Ints) -> Ints:
    """The edges that can be seen and taken: wires with a problem always can."""
    if not others_are(mirror, Others.HIDDEN):
        return rows
    kept: Ints = rows[of_selection(mirror, rows) | (mirror.edge_state[rows] != 0)]
    return kept


def look(mirror: Mirror) -> object:
    """Equal where the same wires are shown alike."""
    options = mirror.options
    if options.others is Others.SHOWN:
        return options.straight
    return (options.straight, options.others, mirror.selection, mirror.chosen_edges)
