"""Rules that end a run before its epochs are over."""

import math

import pytest

from backends.protocol import Finished
from backends.pytorch.loop import fit
from backends.pytorch.schedule import learning_rate_at
from graph.check import check
from graph.infer import infer
from tests.backends.pytorch.drawings import iris_mlp
from tests.backends.pytorch.running import losses, train
from tests.backends.pytorch.test_loop import Quiet, line, model, recipe, squared


def test_a_run_of_some_steps_ends_within_an_epoch_which_is_validated():
    progress = Quiet()
    given = recipe(max_steps=6, validation_fraction=0.25, schedule="linear")
    run = fit(model(), squared, line(), given, progress)
    assert run.step == len(progress.losses) == 6
    assert run.why_over() == "steps"
    assert [epoch.step for epoch in run.history] == [3, 6]
    assert run.history[-1].validation
    assert run.learners[0].rate == learning_rate_at(given, 0.05, 5, 3) == pytest.approx(0.05 / 6)
    assert learning_rate_at(given, 0.05, 6, 3) == 0.0


def test_the_last_epoch_may_have_been_cut_short():
    run = fit(model(), squared, line(), recipe(max_steps=5, validation_fraction=0.0), Quiet())
    assert [epoch.step for epoch in run.history] == [4, 5]
    assert math.isfinite(run.history[-1].train["loss"])


@pytest.mark.parametrize(
    ("values", "is_reached"),
    [
        ({"stop_metric": "far", "stop_when": "at most", "stop_value": 1.0}, lambda far: far <= 1),
        (
            {"stop_metric": "loss", "stop_when": "at most", "stop_value": 1.0},
            lambda loss: loss <= 1,
        ),
        ({"stop_metric": "far", "stop_when": "at least", "stop_value": 0.1}, lambda far: far > 0.1),
    ],
)
def test_a_metric_that_is_good_enough_ends_the_run(values, is_reached):
    given = recipe(epochs=60, validation_fraction=0.25, **values)
    run = fit(model(), squared, line(), given, Quiet())
    found = [is_reached(epoch.validation[values["stop_metric"]]) for epoch in run.history]
    assert run.why_over() == "metric"
    assert len(run.history) < 60
    assert found == [False] * (len(found) - 1) + [True]


def test_a_run_whose_time_is_up_ends_after_its_step_and_goes_on_with_more():
    progress = Quiet()
    given = recipe(epochs=50, max_minutes=1e-9)
    run = fit(model(), squared, line(), given, progress)
    assert run.why_over() == "time"
    assert run.step == 1
    assert len(run.history) == 1
    more = fit(model(), squared, line(), recipe(epochs=2), Quiet(), progress.state)
    assert more.seconds > run.seconds
    assert more.why_over() == "epochs"


@pytest.mark.parametrize("stop", [2, 5, 6])
def test_a_run_of_some_steps_goes_on_bit_for_bit(stop):
    given = recipe(max_steps=7, validation_fraction=0.25, schedule="cosine")
    whole, first, second = Quiet(), Quiet(stop), Quiet()
    result = fit(model(), squared, line(), given, whole)
    fit(model(), squared, line(), given, first)
    resumed = fit(model(1), squared, line(), given, second, first.state)
    assert first.losses + second.losses == whole.losses
    assert [e.validation for e in resumed.history] == [e.validation for e in result.history]


def test_a_run_tells_which_rule_ended_it(tmp_path):
    events = train(iris_mlp(max_steps=2, epochs=9), tmp_path)
    assert len(losses(events)) == 2
    assert isinstance(events[-1], Finished)
    assert events[-1].stopped_early
    assert events[-1].ended_by == "steps"
    assert not train(iris_mlp(epochs=1), tmp_path)[-1].stopped_early


def test_a_metric_that_nothing_measures_is_told():
    def codes(name):
        document = iris_mlp(stop_metric=name)
        return [problem.code for problem in check(document, infer(document))]

    assert "stop-metric" in codes("acuracy")
    assert "stop-metric" not in codes("accuracy") + codes("loss") + codes("")
