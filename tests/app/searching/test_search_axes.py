"""Where values are on the axes of parallel coordinates."""

import pytest

from app.searching.axes import axes_of, shades
from backends.searching.trial import FAILED, FINISHED, Trial
from graph.searching import make_search
from tests.backends.pytorch.drawings import iris_mlp


def axes(*over, values=(), **options):
    search = make_search(iris_mlp(), over, **options)
    trials = [Trial(n, (), FINISHED, value) for n, value in enumerate(values, 1)]
    return axes_of(search, trials)


def test_choices_are_evenly_apart():
    axis, _ = axes("dense.features={8, 64, 32}")
    assert [axis.place(value) for value in (8, 64, 32)] == [0.0, 0.5, 1.0]
    assert axis.ticks == ((0.0, "8"), (0.5, "64"), (1.0, "32"))
    (alone, _) = axes("dense.features={8}")
    assert alone.place(8) == 0.5


def test_a_logarithmic_range_has_powers_of_ten():
    axis, _ = axes("learning_rate=1e-4..1e-1 log")
    assert axis.place(1e-4) == 0 and axis.place(1e-1) == 1
    assert axis.place(1e-2) == pytest.approx(2 / 3)
    assert [text for _, text in axis.ticks] == ["0.0001", "0.001", "0.01", "0.1"]


def test_few_whole_numbers_are_all_written():
    axis, _ = axes("dense.repeat=1..4")
    assert [text for _, text in axis.ticks] == ["1", "2", "3", "4"]


def test_the_objective_is_told_apart_by_factors_where_it_varies_much():
    *_, even = axes("epochs={1}", values=(1.0, 2.0, 3.0))
    *_, wide = axes("epochs={1}", values=(0.001, 0.01, 1.0))
    assert even.place(2.0) == 0.5
    assert wide.place(0.01) == pytest.approx(1 / 3)
    *_, none = axes("epochs={1}")
    assert none.ticks == ()
    *_, one = axes("epochs={1}", values=(2.0,))
    assert one.place(2.0) == 0.5 and len(one.ticks) == 1


def test_the_best_has_the_strongest_shade():
    trials = [Trial(1, (1,), FINISHED, 0.5), Trial(2, (2,), FAILED), Trial(3, (3,), FINISHED, 0.1)]
    search = make_search(iris_mlp(), ["epochs={1, 2, 3}"])
    assert shades(search, trials) == {1: 0.0, 3: 1.0}
    highest = make_search(iris_mlp(), ["epochs={1, 2, 3}"], goal="highest")
    assert shades(highest, trials) == {3: 0.0, 1: 1.0}
    assert shades(search, trials[:1]) == {1: 1.0}
