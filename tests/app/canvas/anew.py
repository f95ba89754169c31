"""A canvas shows what its document holds, as if it had been built anew."""

import numpy as np

from app.canvas.mirror import Mirror


def courses(mirror):
    """The ends of every wire, and its lane where it leads up."""
    lanes = np.nan_to_num(mirror.lane, nan=-1e9).tolist()
    ends = mirror.line.tolist()
    return {edge: (end, lane) for edge, end, lane in zip(mirror.edges, ends, lanes, strict=True)}


def led(mirror):
    """The points of every wire that has some, as they are shown, and the boxes of all wires."""
    points = mirror.points
    return {
        edge: (points.at[points.first[row] : points.first[row + 1]].tolist(), box)
        for row, (edge, box) in enumerate(zip(mirror.edges, mirror.box.tolist(), strict=True))
    }


def check_points(mirror, fresh):
    """Wires are led where the document has their points, and only such points are marked."""
    assert led(mirror) == led(fresh)
    assert not len(mirror.points.moving())
    assert all(point.place < len(led(mirror)[point.edge][0]) for point in mirror.points.chosen)


def check(canvas):
    """The canvas shows what the document holds, as if it had been built anew."""
    session, mirror = canvas.session, canvas.mirror
    assert canvas.gesture is None
    fresh = Mirror(session.registry)
    fresh.options = canvas.options
    fresh.rebuild(session.document, session.typing, session.problems)
    fresh.select(session.selection)
    assert mirror.ids == fresh.ids
    assert np.array_equal(mirror.rect, fresh.rect)
    assert mirror.layouts == fresh.layouts
    assert courses(mirror) == courses(fresh)
    for name in ("category", "traits", "state"):
        assert np.array_equal(getattr(mirror, name), getattr(fresh, name)), name
    marks = dict(zip(mirror.edges, mirror.edge_state.tolist(), strict=True))
    assert marks == dict(zip(fresh.edges, fresh.edge_state.tolist(), strict=True))
    assert mirror.badges == fresh.badges
    assert mirror.remarks.remarks == fresh.remarks.remarks
    assert np.array_equal(mirror.remarks.rect, fresh.remarks.rect)
    assert mirror.remarks.selection == session.chosen_remarks
    assert mirror.selection == session.selection
    assert mirror.chosen_edges <= set(mirror.edges)
    check_points(mirror, fresh)
    assert np.isfinite(mirror.rect).all()
    assert not canvas.highlights.hidden
    assert not canvas.highlights.refusing
