"""What a Ramp gives while training and afterwards, and a loss that it weighs."""

import pytest

from backends.pytorch.trial import Trial, model_of, run, source_of
from graph.blocks.ramps import Ramp
from graph.gallery.draw import Drawing
from tests.backends.pytorch.running import epochs, train


def test_it_goes_from_start_to_end_while_training_and_stays():
    model = model_of(source_of(Trial(Ramp(start=1.0, end=0.2, steps=4), {}))).train()
    values = [run(model, [])[0].item() for _ in range(6)]
    assert values == pytest.approx([1.0, 0.8, 0.6, 0.4, 0.2, 0.2])
    stopped = model_of(source_of(Trial(Ramp(steps=4), {}))).train()
    run(stopped, [])
    stopped.eval()
    assert [run(stopped, [])[0].item() for _ in range(3)] == [0.25] * 3


def test_a_loss_that_is_multiplied_by_it_counts_more_and_more(tmp_path):
    d = Drawing()
    x = d.add("input", shape="4")
    mean, spread = d.add("dense", x, features=2), d.add("dense", x, features=2)
    loss = d.add("gaussian_kl", mean, spread)
    d.add("multiply", loss, d.add("ramp", steps=4), name="weighed")
    d.data("iris")
    d.recipe(epochs=4, batch_size=64, threads=1, learning_rate=1e-9, validation_fraction=0.0)
    ended = [epoch.train["loss"] for epoch in epochs(train(d.document, tmp_path))]
    first, second, third, fourth = (loss / ended[-1] for loss in ended)
    assert first < 0.2 < second < third == pytest.approx(fourth)
