"""The loop by itself: schedules, stopping, clipping, means, and what it keeps."""

import copy
import math
import weakref

import numpy as np
import pytest
import torch
from torch import nn

from backends.pytorch.loop import Diverged, Progress, Run, evaluate, fit
from backends.pytorch.place import CannotTrain, pick_device, place_model
from backends.pytorch.recipe import Recipe
from backends.pytorch.rows import cut, shuffled, split_rows

CPU = torch.device("cpu")


class Quiet(Progress):
    """Remembers losses; stops before the step of that number."""

    def __init__(self, stop_after=math.inf):
        self.losses = []
        self.last = None
        self.stop_after = stop_after

    def goes_on(self):
        return len(self.losses) < self.stop_after

    def stepped(self, step, losses):
        assert self.last is None or step == self.last + 1
        self.last = step
        self.losses.append(losses[0])

    def epoch_ended(self, epoch, run):
        pass

    def ended(self, run):
        self.state = copy.deepcopy(run.state_dict())


def line(rows=64, seed=0):
    """A noisy line to learn: columns x and y."""
    generator = np.random.default_rng(seed)
    x = generator.standard_normal((rows, 3)).astype(np.float32)
    y = x @ np.array([[1.0], [-2.0], [0.5]], np.float32) + 0.1
    return {"x": x, "y": y.astype(np.float32)}


def squared(model, batch):
    error = model(batch["x"]) - batch["y"]
    return error.square().mean(), {"far": error.abs().mean()}


def model(seed=0):
    torch.manual_seed(seed)
    return nn.Sequential(nn.Linear(3, 8), nn.Dropout(0.2), nn.Tanh(), nn.Linear(8, 1))


def recipe(**values):
    values = {"epochs": 4, "batch_size": 16, "threads": 1, "learning_rate": 0.05} | values
    return Recipe(**values)


def test_a_model_without_weights_is_refused():
    with pytest.raises(CannotTrain, match="no weights"):
        fit(nn.Tanh(), squared, line(), recipe(), Quiet())


def test_the_loss_falls_and_the_same_seed_gives_the_same_losses():
    runs = [Quiet(), Quiet(), Quiet()]
    for progress, seed in zip(runs, (0, 0, 1), strict=True):
        fit(model(), squared, line(), recipe(epochs=20, seed=seed), progress)
    first, again, other = (progress.losses for progress in runs)
    assert first == again
    assert first != other
    assert np.mean(first[-8:]) < 0.5 * np.mean(first[:4])


def test_a_run_goes_on_bit_for_bit_after_any_step():
    whole = Quiet()
    result = fit(model(), squared, line(), recipe(), whole)
    for stop in (1, 4, 5, 10):
        first, second = Quiet(stop), Quiet()
        stopped = fit(model(), squared, line(), recipe(), first)
        assert stopped.step == stop
        resumed = fit(model(1), squared, line(), recipe(), second, first.state)
        assert first.losses + second.losses == whole.losses
        assert [e.validation for e in resumed.history] == [e.validation for e in result.history]
        assert [e.train for e in resumed.history] == [e.train for e in result.history]


def test_validation_draws_no_random_numbers_from_the_training():
    with_rows, without = Quiet(), Quiet()
    columns = line(40)
    fit(model(), squared, columns, recipe(validation_fraction=0.2), with_rows)
    rows, _ = split_rows(40, 0.2, 0)
    kept = {name: column[rows.numpy()] for name, column in columns.items()}
    fit(model(), squared, kept, recipe(validation_fraction=0.0), without)
    assert with_rows.losses == without.losses


def test_means_are_over_rows_whatever_the_batches():
    columns, trained = line(50), model().eval()
    found = evaluate(trained, squared, columns, recipe(batch_size=16), Quiet())
    whole, metrics = squared(trained, {n: torch.from_numpy(c) for n, c in columns.items()})
    assert found == pytest.approx({"loss": whole.item(), "far": metrics["far"].item()}, rel=1e-5)


def test_bytes_become_numbers_up_to_one_and_images_lie_as_wished():
    seen = {}

    def look(model, batch):
        seen.update(batch)
        return model(batch["x"]).mean(), {}

    columns = {"x": np.full((4, 3, 5, 5), 255, np.uint8)}
    conv = nn.Conv2d(3, 2, 3)
    evaluate(conv, look, columns, recipe(), Quiet())
    assert seen["x"].dtype == torch.float32
    assert seen["x"].unique().tolist() == [1.0]
    assert seen["x"].is_contiguous(memory_format=torch.channels_last)
    assert conv.weight.is_contiguous(memory_format=torch.channels_last)
    evaluate(conv, look, columns, recipe(memory_format="contiguous"), Quiet())
    assert seen["x"].is_contiguous()


def test_images_and_volumes_in_one_model_train():
    mixed = nn.Sequential(
        nn.Conv2d(1, 2, 3), nn.Unflatten(1, (1, 2)), nn.Conv3d(1, 1, (2, 3, 3)), nn.Flatten(),
        nn.Linear(16, 1),
    )  # fmt: skip
    columns = {"x": np.ones((8, 1, 8, 8), np.float32), "y": np.ones((8, 1), np.float32)}
    result = fit(mixed, squared, columns, recipe(epochs=1, batch_size=4), Quiet())
    assert result.place.images is torch.channels_last


def test_channels_last_is_plain_to_see_with_a_single_channel():
    conv = nn.Conv2d(1, 32, 3)
    place_model(conv, "cpu", 1, "auto", 64)
    assert conv.weight.stride() == (9, 1, 3, 1)


def test_columns_too_large_for_the_device_stream_with_the_same_losses(monkeypatch):
    resident, streamed = Quiet(), Quiet()
    fit(model(), squared, line(), recipe(), resident)
    monkeypatch.setattr("backends.pytorch.rows.RESIDENT_BYTES", 0)
    fit(model(), squared, line(), recipe(), streamed)
    assert streamed.losses == resident.losses


def test_an_early_stop_waits_for_the_patience():
    given = recipe(epochs=50, early_stopping=True, patience=3, min_delta=1e9)
    result = fit(model(), squared, line(), given, Quiet())
    # the first epoch is always an improvement, three more are not
    assert len(result.history) == 4
    assert fit(
        model(), squared, line(), recipe(epochs=5, early_stopping=True), Quiet()
    ).history[-1].epoch == 5  # fmt: skip


def test_the_best_weights_are_kept_or_the_last():
    given = recipe(epochs=12, learning_rate=0.4, optimizer="sgd")
    best = fit(model(), squared, line(), given, Quiet())
    losses = [epoch.loss for epoch in best.history]
    assert best.best.epoch == 1 + losses.index(min(losses)) != len(losses)
    rows = split_rows(64, 0.1, 0)[1].numpy()
    validation = {name: column[rows] for name, column in line().items()}
    kept = evaluate(best.model, squared, validation, given, Quiet())
    assert kept["loss"] == min(losses)
    last = fit(model(), squared, line(), recipe(**vars(given) | {"keep": "last"}), Quiet())
    assert evaluate(last.model, squared, validation, given, Quiet())["loss"] == losses[-1]


def test_gradients_are_clipped_to_the_norm():
    columns = {name: column * 1000 for name, column in line(32).items()}
    given = recipe(
        optimizer="sgd", momentum=0.0, learning_rate=1.0, clip_norm=0.5, batch_size=32,
        validation_fraction=0.0, epochs=1,
    )  # fmt: skip
    trained = nn.Linear(3, 1)
    before = [weight.detach().clone() for weight in trained.parameters()]
    fit(trained, squared, columns, given, Quiet())
    moved = [(w - b).flatten() for w, b in zip(trained.parameters(), before, strict=True)]
    assert torch.cat(moved).norm().item() == pytest.approx(0.5, rel=1e-3)


def test_a_loss_that_is_no_number_ends_the_run_at_its_step():
    columns = line(40)
    columns["x"][:] = 1e30
    with pytest.raises(Diverged, match=r"The loss became (inf|nan) at step 1 in epoch 1") as caught:
        fit(nn.Linear(3, 1), squared, columns, recipe(), Quiet())
    assert (caught.value.step, caught.value.epoch) == (1, 1)


def test_a_validation_loss_that_is_no_number_ends_the_run():
    def broken(model, batch):
        loss, metrics = squared(model, batch)
        return (loss if model.training else loss * math.inf), metrics

    with pytest.raises(Diverged, match="validation loss became inf at step 4 in epoch 1"):
        fit(model(), broken, line(), recipe(), Quiet())


@pytest.mark.parametrize(
    ("columns", "text"),
    [
        ({"x": np.zeros((0, 3), np.float32)}, "no rows"),
        ({"x": np.zeros((2, 3), np.float32), "y": np.zeros((3, 1))}, "“x” has 2, “y” has 3"),
    ],
)
def test_columns_that_do_not_fit_are_refused(columns, text):
    with pytest.raises(CannotTrain, match=text):
        fit(model(), squared, columns, recipe(), Quiet())


def test_one_row_is_enough_without_validation():
    result = fit(model(), squared, line(1), recipe(epochs=1), Quiet())
    assert result.step == 1
    assert result.history[0].validation == {}


def test_a_missing_device_is_refused():
    if torch.cuda.is_available():
        pytest.skip("this computer has a GPU")
    with pytest.raises(CannotTrain, match="no device “cuda”"):
        pick_device("cuda")
    assert pick_device("auto").type in ("cpu", "mps")


def test_batches_cover_all_rows_once_and_leave_no_single_row():
    assert cut(10, 4) == [(0, 4), (4, 8), (8, 10)]
    assert cut(9, 4) == [(0, 4), (4, 9)]
    assert cut(3, 1) == [(0, 1), (1, 2), (2, 3)]
    assert cut(1, 4) == [(0, 1)]
    rows = torch.arange(5, 15)
    first, second = shuffled(rows, 0, 0), shuffled(rows, 0, 1)
    assert sorted(first.tolist()) == rows.tolist() == sorted(second.tolist())
    assert first.tolist() != second.tolist()


def test_a_run_can_be_stored_and_loaded_with_plain_values(tmp_path):
    result = fit(model(), squared, line(), recipe(), Quiet())
    torch.save(result.state_dict(), tmp_path / "run.pt")
    state = torch.load(tmp_path / "run.pt", weights_only=True)
    place = place_model(model(), "cpu", 1, "auto", 16)
    again = Run(model(1), recipe(), place, cut(58, 16))
    again.load_state_dict(state)
    assert again.history == result.history
    assert again.best == result.best
    for name, weight in result.best_weights.items():
        assert torch.equal(again.best_weights[name], weight)


def test_what_a_metric_was_made_of_is_let_go_before_the_backward_pass():
    alive = []

    def watched(model, batch):
        loss, metrics = squared(model, batch)
        metric = weakref.ref(metrics["far"])
        if loss.requires_grad:  # it does not while validating
            loss.register_hook(lambda gradient: alive.append(metric() is not None))
        return loss, metrics

    fit(model(), watched, line(), recipe(epochs=1), Quiet())
    assert alive and not any(alive)
