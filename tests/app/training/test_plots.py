"""Plots of a run, fed with the events of one."""

import math

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.theme import DARK, LIGHT
from app.training.controls import PlotControls, weight_of
from app.training.plots import Plots, columns_for
from app.training.record import LOSS, RunRecord
from backends.protocol import Turned
from tests.app.training.events import ended, falling, job, rivals, started, stepped


@pytest.fixture
def plots(qtbot):
    controls = PlotControls()
    qtbot.addWidget(controls)
    made = Plots(controls)
    qtbot.addWidget(made)
    made.set_theme(DARK)
    made.resize(900, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


def curve(plots, name, part):
    return getattr(plots.plots[name].drawing, part).getData()


def test_a_hint_stands_where_nothing_was_trained(plots):
    assert plots.currentIndex() == 0
    plots.show_run(falling(), None)
    assert plots.currentIndex() == 1


def test_loss_and_each_metric_get_a_plot(plots):
    plots.show_run(falling(), None)
    assert list(plots.plots) == [LOSS, "accuracy"]
    _, raw = curve(plots, LOSS, "raw")
    assert len(raw) == 20
    assert raw[-1] < raw[0]
    x, y = curve(plots, "accuracy", "validation")
    assert x.tolist() == [1, 2]
    assert y.tolist() == pytest.approx([0.6, 0.8])


def test_the_losses_of_optimizers_are_drawn_step_by_step(plots):
    record = RunRecord(job(rivals()), "x")
    record.take(started())
    record.take(stepped(1, [3.0] * 10, one=[1.0] * 10, two=[2.0] * 10))
    plots.show_run(record, None)
    assert list(plots.plots) == [LOSS, "one", "two", "accuracy"]
    assert curve(plots, "two", "raw")[1].tolist() == [2.0] * 10
    plots.controls.smoothing.setValue(plots.controls.smoothing.maximum())
    assert curve(plots, "one", "smooth")[1][-1] == pytest.approx(1.0)


def test_new_events_are_drawn_with_the_next_tick(plots):
    record = falling(2)
    plots.show_run(record, None)
    record.take(stepped(21, [0.3] * 10))
    record.take(ended(3, 0.3))
    plots.refresh()
    assert len(curve(plots, LOSS, "raw")[1]) == 30
    assert len(curve(plots, "accuracy", "train")[1]) == 3


def test_nothing_is_drawn_while_nobody_looks(plots):
    record = falling(2)
    plots.show_run(record, None)
    plots.hide()
    record.take(stepped(21, [0.3] * 10))
    plots.refresh()
    assert len(curve(plots, LOSS, "raw")[1]) == 20
    plots.show()
    assert len(curve(plots, LOSS, "raw")[1]) == 30


def test_x_counts_epochs_or_steps(plots):
    plots.show_run(falling(2), None)
    assert curve(plots, LOSS, "raw")[0][-1] == pytest.approx(2.0)
    plots.controls.by_step.click()
    assert curve(plots, LOSS, "raw")[0][-1] == pytest.approx(20.0)


def test_the_log_axis_is_for_losses_only(plots):
    plots.show_run(falling(2), None)
    linear = curve(plots, LOSS, "raw")[1][0]
    plots.controls.log.click()
    assert curve(plots, LOSS, "raw")[1][0] == pytest.approx(math.log10(linear))
    assert curve(plots, "accuracy", "train")[1][-1] == pytest.approx(0.9)


def test_the_slider_smooths(plots):
    record = falling(1)
    record.take(stepped(11, [1.0, 0.0] * 20))
    plots.show_run(record, None)
    plots.controls.smoothing.setValue(80)
    smooth = curve(plots, LOSS, "smooth")[1]
    assert abs(smooth[-1] - smooth[-2]) < 0.1
    plots.controls.smoothing.setValue(0)
    x, _ = curve(plots, LOSS, "smooth")
    assert x is None or not len(x)
    assert weight_of(0) == 0 and weight_of(100) == pytest.approx(0.99)


def test_the_cross_hair_reads_the_values_of_a_step_in_every_plot(plots, qtbot):
    plots.controls.smoothing.setValue(0)
    record = falling(2)
    plots.show_run(record, None)
    plot = plots.plots[LOSS]

    def reads_step_5():
        at = plot.area.mapFromScene(plot.area.view.mapViewToScene(QPointF(0.5, 1.0)))
        QTest.mouseMove(plot.area.viewport(), at)
        assert plot.legend.where.startswith("step 5, epoch 0.5")

    qtbot.waitUntil(reads_step_5)
    assert plot.legend.texts[0] == f"train {record.steps.y[4]:.4g}"
    assert plots.plots["accuracy"].legend.where == plot.legend.where
    assert plots.plots["accuracy"].area.cross.isVisible()


def test_panning_stops_following_and_a_button_returns(plots, qtbot):
    record = falling(2)
    plots.show_run(record, None)
    area = plots.plots[LOSS].area
    middle = area.viewport().rect().center()
    start = area.view.viewRange()
    QTest.mousePress(area.viewport(), Qt.MouseButton.LeftButton, pos=middle)
    for step in range(1, 12):
        QTest.mouseMove(area.viewport(), middle + QPoint(8 * step, 0))
    QTest.mouseRelease(area.viewport(), Qt.MouseButton.LeftButton, pos=middle + QPoint(88, 0))
    qtbot.waitUntil(lambda: not plots.plots[LOSS].is_following)
    assert area.view.viewRange()[0] != start[0]
    assert not plots.controls.follow.isChecked()
    plots.controls.follow.click()
    assert plots.plots[LOSS].is_following
    assert area.view.viewRange()[0] == start[0]


def test_the_run_before_is_shown_if_that_is_wanted(plots):
    plots.show_run(falling(2), None)
    assert not plots.controls.compare.isEnabled()
    plots.show_run(falling(2), falling(3))
    plots.controls.compare.click()
    assert len(curve(plots, "accuracy", "old_validation")[0]) == 3
    assert plots.plots["accuracy"].area.view.viewRange()[0][1] >= 3
    plots.controls.compare.click()
    x, _ = curve(plots, "accuracy", "old_validation")
    assert x is None or not len(x)


def test_a_plot_is_saved_as_png_and_copied_as_csv(plots, tmp_path):
    plots.show_run(falling(2), None)
    plot = plots.plots[LOSS]
    told = []
    plots.told.connect(told.append)
    plot.save_png(str(tmp_path / "loss.png"))
    plot.save_png(str(tmp_path / "nowhere" / "loss.png"))
    assert [message.kind for message in told] == ["info", "error"]
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    plot.copy_csv()
    assert QGuiApplication.clipboard().text().startswith("epoch,step,train,validation\n1,10,")
    QGuiApplication.clipboard().clear()


def test_a_million_steps_are_drawn_as_a_few_points(plots):
    record = falling(1)
    record.take(stepped(11, [float(n % 7) for n in range(1_000_000)]))
    plots.show_run(record, None)
    assert len(curve(plots, LOSS, "raw")[0]) < 1000


def test_plots_follow_the_theme(plots):
    plots.show_run(falling(2), None)
    plots.set_theme(LIGHT)
    assert plots.plots[LOSS].area.backgroundBrush().color().name() == LIGHT.field.lower()


def test_plots_stand_side_by_side_or_below_each_other(plots, qtbot):
    plots.show_run(falling(2), None)
    loss, accuracy = plots.plots.values()
    qtbot.waitUntil(lambda: accuracy.x() > loss.x())
    plots.resize(280, 700)
    qtbot.waitUntil(lambda: accuracy.y() > loss.y())


@pytest.mark.parametrize(
    ("count", "width", "height", "columns"),
    [(0, 480, 205, 1), (1, 480, 205, 1), (2, 900, 260, 2), (3, 900, 260, 3), (4, 480, 205, 2),
     (4, 480, 900, 1), (10, 480, 205, 2), (2, 200, 100, 1), (6, 1500, 400, 3)],
)  # fmt: skip
def test_plots_stand_in_as_many_columns_as_read_best(count, width, height, columns):
    assert columns_for(count, width, height) == columns


def test_more_plots_than_have_room_are_scrolled_to(plots, qtbot):
    plots.resize(480, 205)
    record = falling(2)
    record.names = [LOSS, *(f"metric {place}" for place in range(9))]
    plots.show_run(record, None)
    bar = plots.scroller.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    assert min(plot.height() for plot in plots.plots.values()) >= 84


def test_words_about_a_change_stand_where_they_are_not_cut(plots, qtbot):
    record = falling(4)
    record.turned.append(Turned(4, "learning_rate", 0.01, 0.001))
    plots.show_run(record, None)
    (mark,) = plots.plots[LOSS].drawing.marks
    plots.resize(480, 120)
    qtbot.waitUntil(lambda: mark.label.rotateAxis is None)
    plots.resize(480, 900)
    qtbot.waitUntil(lambda: mark.label.rotateAxis is not None)


def test_a_legend_that_loses_its_names_leaves_the_room_to_the_title(plots, qtbot):
    plots.resize(480, 470)
    record = falling(2)
    plots.show_run(record, None)
    legend = plots.plots[LOSS].legend
    wide = legend.sizeHint().width()
    qtbot.waitUntil(lambda: legend.width() == wide)
    record.names = [*record.names, "mse", "cross_entropy"]
    record.version += 1
    plots.refresh()
    qtbot.waitUntil(lambda: legend.width() == legend.sizeHint().width() < wide)


def test_a_metric_without_values_yet_says_when_they_come(plots):
    record = RunRecord(job(), "x")
    record.take(started())
    record.take(stepped(1, [3.0] * 10))
    plots.show_run(record, None)
    assert plots.plots["accuracy"].legend.where == "after the first epoch"
    assert plots.plots[LOSS].legend.where == ""
    record.take(ended(1, 0.5))
    plots.refresh()
    assert plots.plots["accuracy"].legend.where == ""
