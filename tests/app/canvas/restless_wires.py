"""What a restless hand does to wires: leads them through points, and draws many at once."""

import numpy as np
from PySide6.QtCore import Qt

from app.canvas import legs, points
from tests.app.canvas.hand import ALT, CTRL, SHIFT

ARROWS = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Left, Qt.Key.Key_Right)


class WireActs:
    """Acts of a restless hand, which has the rest of it."""

    def act_lead_a_wire(self):
        """Takes a wire through a new point, or a point of one elsewhere."""
        mirror, rng = self.canvas.mirror, self.random
        if not mirror.edges:
            return
        if len(mirror.points.at) and rng.random() < 0.6:
            at = self.hand.view(*mirror.points.at[rng.randrange(len(mirror.points.at))])
            self.hand.drag(at, self.somewhere(), self.held())
        else:
            row = np.array([rng.randrange(len(mirror.edges))])
            at = self.hand.view(*legs.middles(mirror, row)[0])
            self.hand.drag(at, self.somewhere(), ALT)

    def act_draw_many_wires(self):
        """Drags all wires of a port, or those of all selected blocks, to somewhere."""
        mirror, rng = self.canvas.mirror, self.random
        self.choose_some()
        rows = [row for row in range(len(mirror.ids)) if mirror.layouts[row].spots]
        if rows:
            row = rng.choice(rows)
            spot = rng.choice(mirror.layouts[row].spots)
            at = self.hand.view(*(mirror.rect[row, :2] + (spot.x, spot.y)))
            self.hand.drag(at, self.somewhere(), rng.choice((SHIFT, CTRL, ALT)))

    def act_wire_points_by_key(self):
        self.choose_some()
        for _ in range(self.random.randrange(1, 4)):
            self.random.choice((
                points.add_to_wires, points.next_wire, points.next_point,
                points.remove_from_wires,
            ))(self.canvas)  # fmt: skip
            if self.random.random() < 0.5:
                self.hand.key(self.random.choice(ARROWS))
