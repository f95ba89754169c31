"""The learning rate is shown before the run as the loop then has it."""

import pytest
from PySide6.QtCore import QPointF

from app.training.rates import rates_of, steps_in_epoch
from app.training.small_plot import SmallPlot
from backends.pytorch import recipe as engine
from backends.pytorch.loop import fit
from backends.pytorch.rows import cut, split_rows
from graph import edits
from tests.backends.pytorch.test_loop import Quiet, line, model, squared


@pytest.mark.parametrize("rows", [1, 2, 9, 64, 65, 150, 1000])
@pytest.mark.parametrize("share", [0.0, 0.1, 0.9])
def test_steps_of_an_epoch_are_counted_as_the_loop_cuts_them(rows, share):
    recipe = engine.Recipe(validation_fraction=share, batch_size=16)
    kept, _ = split_rows(rows, share, 0)
    assert abs(steps_in_epoch(recipe, rows) - len(cut(len(kept), 16))) <= (len(kept) % 16 == 1)


def test_the_line_is_what_the_loop_takes():
    values = {"schedule": "cosine", "warmup_steps": 3, "epochs": 4, "batch_size": 16,
              "learning_rate": 0.05, "validation_fraction": 0.0}  # fmt: skip
    rates = rates_of(values, {}, 64)
    taken = []

    class Watch(Quiet):
        def stepped(self, step, losses):
            super().stepped(step, losses)
            taken.append(self.run.learners[0].rate)

        def started(self, run):
            self.run = run

    fit(model(), squared, line(), engine.Recipe(**values, threads=1), Watch())
    assert list(rates.values) == taken
    assert rates.steps_per_epoch == 4


def test_long_runs_are_shown_by_few_points_and_unknown_data_at_all():
    rates = rates_of({"epochs": 1_000_000, "schedule": "one-cycle"}, {}, None)
    assert len(rates.values) < 300
    assert rates.steps_per_epoch is None
    assert rates_of({"learning_rate": -1.0}, {}, 100) is None


def test_the_page_shows_the_rate_of_the_recipe(panel, open_example):
    session = open_example("iris-mlp", schedule="linear", learning_rate=0.02)
    panel.set_session(session)
    panel.parts.settings.setCurrentIndex(1)
    page = panel.parts.recipe_page
    assert page.rates.isVisible()
    assert max(page.rates.ys) == 0.02
    assert page.form.headings["schedule"].isVisible()
    session.apply("Set", lambda d: edits.set_recipe(d, "learning_rate", 0.5))
    assert max(page.rates.ys) == 0.5
    assert "0.5" in page.rates.told()


def test_a_plot_tells_the_value_under_the_mouse(qtbot):
    plot = SmallPlot()
    qtbot.addWidget(plot)
    plot.resize(200, 100)
    plot.show_line([1e-4, 1e-3, 1e-2, 1e-1], [4.0, 3.0, float("nan"), 9.0], "loss", is_log=True)
    plot.show()
    assert plot.told() == "loss"
    qtbot.mouseMove(plot, QPointF(190, 50).toPoint())
    qtbot.waitUntil(lambda: plot.told() == "0.1: 9")
    assert list(plot.ys) == [4.0, 3.0, 9.0]
    plot.show_line([], [], "nothing")
    assert not plot.grab().isNull()
