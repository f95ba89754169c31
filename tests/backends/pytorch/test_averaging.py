"""Means of weights are those of torch, are what is measured and kept, and survive a stop."""

import pytest
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, update_bn

from backends.pytorch.loop import evaluate, fit
from backends.pytorch.rows import cut, shuffled, split_rows
from tests.backends.pytorch.test_loop import Quiet, line, recipe, squared


def normed(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.BatchNorm1d(8), nn.Tanh(), nn.Linear(8, 1))


class Average(Quiet):
    """Keeps torch's own average of a run, which takes no steps of its own."""

    def started(self, run):
        self.run, self.done = run, 0
        self.wanted = AveragedModel(run.model, avg_fn=ramp, use_buffers=True)

    def goes_on(self):
        if self.run.step > self.done:
            self.done = self.run.step
            self.wanted.update_parameters(self.run.model)
        return super().goes_on()


def ramp(mean, new, count):
    decay = min(0.9, (1 + int(count)) / (10 + int(count)))
    return decay * mean + (1 - decay) * new


def test_ema_is_that_of_torch():
    given = recipe(averaging="ema", ema_decay=0.9, validation_fraction=0.0, epochs=6, keep="last")
    progress = Average()
    trained = normed()
    fit(trained, squared, line(), given, progress)
    progress.wanted.update_parameters(wearing(progress.state["model"]))  # of the last step
    for name, mean in progress.wanted.module.state_dict().items():
        if mean.is_floating_point():
            torch.testing.assert_close(trained.state_dict()[name], mean)
    assert not torch.equal(trained[0].weight, progress.state["model"]["0.weight"])


def wearing(state):
    made = normed()
    made.load_state_dict(state)
    return made


def test_swa_is_that_of_torch_with_its_norms_counted_anew():
    given = recipe(averaging="swa", swa_start=3, epochs=6, validation_fraction=0.25, keep="last")
    ends = []

    class Ends(Quiet):
        def started(self, run):
            self.run = run

        def epoch_ended(self, epoch, run):
            ends.append({name: w.clone() for name, w in run.model.state_dict().items()})

    trained, columns = normed(), line()
    run = fit(trained, squared, columns, given, Ends())
    wanted = AveragedModel(normed())
    for state in ends[2:]:
        wanted.update_parameters(wearing(state))
    rows, apart = split_rows(64, 0.25, 0)
    order = shuffled(rows, 0, 5)
    x = torch.from_numpy(columns["x"])
    update_bn([x[order[start:stop]] for start, stop in cut(len(rows), 16)], wanted)
    for name, mean in wanted.module.state_dict().items():
        if mean.is_floating_point():
            torch.testing.assert_close(trained.state_dict()[name], mean)
    kept = {name: column[apart.numpy()] for name, column in columns.items()}
    measured = evaluate(trained, squared, kept, given, Quiet())
    assert measured == pytest.approx(run.history[-1].validation, rel=1e-5)


@pytest.mark.parametrize("values", [{"averaging": "ema"}, {"averaging": "swa", "swa_start": 2}])
@pytest.mark.parametrize("keep", ["best", "last"])
def test_a_run_that_averages_goes_on_bit_for_bit(values, keep):
    given = recipe(**values, keep=keep, validation_fraction=0.25)
    whole = Quiet()
    result = fit(normed(), squared, line(), given, whole)
    for stop in (2, 6, 7):
        first, second = Quiet(stop), Quiet()
        fit(normed(), squared, line(), given, first)
        resumed = fit(normed(1), squared, line(), given, second, first.state)
        assert first.losses + second.losses == whole.losses
        assert [e.validation for e in resumed.history] == [e.validation for e in result.history]
        for name, weight in result.model.state_dict().items():
            assert torch.equal(resumed.model.state_dict()[name], weight), name


@pytest.mark.parametrize("values", [{"averaging": "ema"}, {"averaging": "swa", "swa_start": 2}])
def test_averaging_changes_nothing_of_the_training(values):
    plain, averaged = Quiet(), Quiet()
    fit(normed(), squared, line(), recipe(validation_fraction=0.25), plain)
    fit(normed(), squared, line(), recipe(validation_fraction=0.25, **values), averaged)
    assert plain.losses == averaged.losses


def test_a_run_stopped_while_it_validates_counts_an_epoch_once():
    given = recipe(averaging="swa", swa_start=1, epochs=2, batch_size=48, validation_fraction=0.25)

    class Stops(Quiet):
        times = 0

        def goes_on(self):
            self.times += 1
            return self.times < 3  # a step, counting norms, then the validation

    whole, first, second = Quiet(), Stops(), Quiet()
    result = fit(normed(), squared, line(), given, whole)
    stopped = fit(normed(), squared, line(), given, first)
    assert stopped.history == []
    assert first.state["average"]["count"] == 1
    resumed = fit(normed(1), squared, line(), given, second, first.state)
    assert resumed.history[-1].validation == result.history[-1].validation
