"""Cost heat maps: which blocks are warm, by how much, and what the legend says."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor

from app.canvas.camera import Camera
from app.canvas.heat import COLD, heat_rows, share_text
from app.canvas.options import Heat, Options
from app.canvas.ramp import LEVELS, tones
from app.theme import DARK, LIGHT
from graph import edits
from graph.composites.making import make
from graph.cost import costs
from graph.infer import infer
from graph.model import NodeId
from tests.drawing import chain, set_params

FIRST, SMALL, LARGE, LAST = (NodeId(f"n{number}") for number in (1, 2, 3, 4))


@pytest.fixture
def document():
    drawn = set_params(chain("input dense dense output"), "n1", shape="16")
    return set_params(set_params(drawn, "n2", features=8), "n3", features=4000)


def heated(document, heat=Heat.PARAMETERS):
    ids = list(document.graph.nodes)
    return ids, heat_rows(heat, costs(document, infer(document)), ids)


def test_blocks_that_cost_nothing_are_cold_and_the_most_is_the_warmest(document):
    ids, rows = heated(document)
    level = dict(zip(ids, rows.level.tolist(), strict=True))
    assert level == {FIRST: COLD, SMALL: 0, LARGE: LEVELS - 1, LAST: COLD}
    assert rows.amount.sum() == rows.total == 16 * 8 + 8 + 8 * 4000 + 4000
    assert [rows.text(row) for row in range(4)] == ["", "136  <1 %", "36.0 K  100 %", ""]


def test_memory_has_its_unit(document):
    ids, rows = heated(document, Heat.MEMORY)
    assert rows.text(ids.index(FIRST)) == "64 B  67 %"


def test_nothing_to_count_leaves_all_blocks_cold():
    _, rows = heated(chain("input relu output"))
    assert set(rows.level.tolist()) == {COLD}
    assert rows.high == 0


def test_blocks_of_equal_cost_are_equally_warm():
    drawn = set_params(
        set_params(chain("input dense dense output"), "n2", features=4), "n3", features=4
    )
    drawn = set_params(drawn, "n1", shape="4")
    _, rows = heated(drawn)
    assert rows.level.tolist() == [COLD, LEVELS - 1, LEVELS - 1, COLD]


def test_a_composite_has_the_heat_of_all_that_is_in_it(document):
    whole = costs(document, infer(document)).total
    made = make(document, [SMALL, LARGE], "Part")
    for heat, amount in (
        (Heat.PARAMETERS, whole.parameters), (Heat.MULTIPLY_ADDS, whole.multiply_adds),
    ):  # fmt: skip
        assert heated(made, heat)[1].amount.max() == amount


def test_memory_in_a_composite_is_the_composite_s():
    drawn = set_params(chain("input dense relu dense output"), "n2", features=32)
    made = make(drawn, [NodeId("n2"), NodeId("n3")], "Part")
    ids, rows = heated(made, Heat.MEMORY)
    part = next(row for row, id in enumerate(ids) if made.graph.nodes[id].definition)
    assert rows.amount[part] > 0
    assert rows.amount.sum() == rows.total


def test_a_share_is_never_rounded_to_nothing():
    assert share_text(0.001) == "<1 %"
    assert share_text(0.345) == "34 %"


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_tones_run_evenly_from_the_ground_to_what_stands_out(theme):
    luma = np.array([_luma(tone) for tone in tones(theme)])
    steps = np.diff(luma) if theme.is_dark else -np.diff(luma)
    assert len(luma) == LEVELS
    assert (steps > 0).all(), "also in shades of grey each level is another"
    ground = _luma(theme.canvas)
    assert abs(luma[-1] - ground) > abs(luma[0] - ground)


def _luma(tone):
    colour = QColor(tone)
    return 0.2126 * colour.redF() + 0.7152 * colour.greenF() + 0.0722 * colour.blueF()


@pytest.mark.parametrize("theme", [DARK, LIGHT])
def test_blocks_take_on_the_tone_from_near_and_from_afar(hand_on, document, theme):
    hand = hand_on(document)
    canvas = hand.canvas
    canvas.set_theme(theme)
    plain = bar_of(hand, LARGE)
    canvas.set_options(Options(heat=Heat.PARAMETERS))
    warmest = QColor(tones(theme)[-1])
    assert bar_of(hand, LARGE) == warmest != plain
    assert bar_of(hand, SMALL) == QColor(tones(theme)[0])
    assert bar_of(hand, FIRST) not in map(QColor, tones(theme))
    canvas.look(Camera(0.2, 300.0, 60.0))
    assert canvas.grab().toImage().pixelColor(hand.block(LARGE)) == warmest
    canvas.set_options(Options())
    assert canvas.grab().toImage().pixelColor(hand.block(LARGE)) != warmest


def bar_of(hand, id):
    at = hand.block(id, dx=-95 + 6.5)
    return hand.canvas.grab().toImage().pixelColor(QPoint(at))


def test_an_edit_changes_the_heat_at_once(hand_on, document):
    hand = hand_on(document)
    hand.canvas.set_options(Options(heat=Heat.PARAMETERS))
    assert bar_of(hand, SMALL) == QColor(tones(DARK)[0])
    hand.session.apply("Set", lambda d: edits.set_param(d, [LARGE], "features", 2))
    assert bar_of(hand, SMALL) == QColor(tones(DARK)[-1])
    assert hand.canvas.heat_legend.texts() == ("Parameters", "154 in all", "18", "136")
    hand.session.undo()
    assert bar_of(hand, SMALL) == QColor(tones(DARK)[0])


def test_costs_are_counted_only_while_they_are_shown(hand_on, document):
    hand = hand_on(document)
    asked = []
    counted = hand.canvas.mirror.heat.costs
    hand.canvas.mirror.heat.costs = lambda: asked.append(1) or counted()
    hand.canvas.grab()
    hand.click(hand.block(LARGE))
    assert not asked
    hand.canvas.set_options(Options(heat=Heat.MEMORY))
    hand.canvas.grab()
    assert asked


def test_the_legend_tells_the_measure_the_scale_and_the_sizes(hand_on, document):
    hand = hand_on(document)
    legend = hand.canvas.heat_legend
    assert not legend.isVisible()
    hand.canvas.set_options(Options(heat=Heat.MULTIPLY_ADDS))
    assert legend.isVisible()
    title, total, least, most = legend.texts()
    assert (title, least, most) == ("Multiply-adds", "≤ 320", "32.0 K")
    assert total == "32.1 K in all"
    assert "32.0 K" in legend.accessibleDescription()
    hand.canvas.set_options(Options())
    assert not legend.isVisible()


def test_the_legend_goes_where_it_hides_fewest_blocks_and_stays_while_it_hides_none(hand_on):
    hand = hand_on(chain("input dense output"))
    canvas, legend = hand.canvas, hand.canvas.heat_legend
    canvas.set_options(Options(heat=Heat.PARAMETERS))
    left, low = legend.x(), legend.y()
    assert left < canvas.width() / 2 and low > canvas.height() / 2
    canvas.look(Camera(1.0, left + 20.0, canvas.height() - 180.0))
    assert legend.x() > canvas.width() / 2, "blocks stand where it was"
    away = legend.x()
    canvas.look(Camera(1.0, 300.0, 60.0))
    assert legend.x() == away, "it does not jump back"
    for row in canvas.mirror.rect.tolist():
        x, y = canvas.camera.to_view(row[0], row[1])
        assert not legend.geometry().contains(QPoint(round(x), round(y)))


def test_the_legend_says_where_there_is_nothing_to_show(hand_on):
    hand = hand_on(chain("input relu output"))
    hand.canvas.set_options(Options(heat=Heat.PARAMETERS))
    assert hand.canvas.heat_legend.texts()[1] == "No block has any."
    hand.canvas.grab()


def test_the_heat_follows_into_a_composite(hand_on, document):
    hand = hand_on(make(document, [SMALL, LARGE], "Part"))
    hand.canvas.set_options(Options(heat=Heat.PARAMETERS))
    part = next(id for id, n in hand.session.document.graph.nodes.items() if n.definition)
    hand.session.enter(part)
    rows = hand.canvas.mirror.heat.rows(Heat.PARAMETERS, hand.canvas.mirror.ids)
    assert rows is not None
    assert sorted(rows.amount.tolist())[-2:] == [136.0, 36000.0]


def test_a_key_goes_from_one_heat_map_to_the_next(window):
    canvas = window.canvas
    action = window.menus.actions["next-heat"]
    seen = []
    for _ in Heat:
        action.trigger()
        seen.append(canvas.options.heat)
    assert seen == [Heat.PARAMETERS, Heat.MULTIPLY_ADDS, Heat.MEMORY, Heat.TIME, Heat.OFF]
    window.menus.actions["heat-memory"].trigger()
    assert window.menus.actions["heat-memory"].isChecked()
    window.files.new()
    assert window.canvas.options.heat is Heat.MEMORY, "a new document looks like the others"
    assert action.shortcut().matches(Qt.Key.Key_H)
