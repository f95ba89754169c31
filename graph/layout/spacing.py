"""How far apart things stand on the canvas, in px."""

from __future__ import annotations

GRID_PX = 24
COLUMN_PX = 240
ROW_PX = 100
LANE_PX = 48
"""Between two long edges that pass side by side."""
CLEAR_PX = 144
"""From the middle of a block to a long edge that passes it."""
PART_GAP_PX = 48
"""Between parts of a drawing that no wire joins, beside the usual gap."""
