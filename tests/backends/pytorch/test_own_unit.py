"""What a model makes of normalised data comes in their unit: samples, answers, scripts."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from backends.data.source import source_of
from backends.pytorch.export import export
from backends.pytorch.recipe import Recipe
from backends.pytorch.sample import Asked, sample_run
from backends.pytorch.stepping import in_own_unit, learned_from
from backends.pytorch.steps.numbers import Noise, Normalise
from backends.pytorch.trying import answer_all
from graph.data import StepSpec
from graph.gallery.draw import Drawing
from tests.backends.pytorch.test_export import check_lints
from tests.backends.pytorch.test_export_sample import SMALL_PLANE, sampled
from tests.backends.pytorch.test_sample import drawing, finished


def with_steps(document, *steps, **params):
    data = replace(document.data, steps=steps)
    return replace(document, data=replace(data, params={**data.params, **params}))


def test_normalising_is_undone_through_all_steps():
    rows = torch.randn(64, 3) * torch.tensor([1.0, 5.0, 100.0]) + 7
    steps = (Normalise(columns=("x",), per="each number"), Noise(columns=("x",), deviation=0.1))
    columns = {"x": rows.numpy()}
    recipe = learned_from(Recipe(steps=steps, device="cpu", validation_fraction=0.0), columns)
    scaled = recipe.steps[0].apply({"x": rows}, None)["x"]
    assert torch.allclose(scaled.mean(0), torch.zeros(3), atol=1e-5)
    assert torch.allclose(in_own_unit(recipe, "x", scaled), rows, rtol=1e-5, atol=1e-4)
    assert torch.equal(in_own_unit(recipe, "y", scaled), scaled)


def regression(folder):
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(200, 3))
    y = 200 + 40 * rows[:, 0] - 20 * rows[:, 1] + rng.normal(size=200)
    lines = [",".join(f"{n:.4f}" for n in (*row, n)) for row, n in zip(rows, y, strict=True)]
    (folder / "prices.csv").write_text("\n".join(["a,b,c,price", *lines]), "utf-8")
    d = Drawing()
    x = d.add("dense", d.add("input", shape="3"), name="first", features=16)
    y = d.add("dense", d.add("relu", x), name="last", features=1)
    target = d.add("target", shape="1", dtype="float32")
    d.add("mse", y, target, name="loss")
    d.add("output", y)
    d.data("csv", path=str(folder / "prices.csv"), target="price")
    d.recipe(epochs=30, threads=1, device="cpu", learning_rate=0.01)
    return with_steps(d.document, StepSpec("normalise", {"column": "y"}))


def test_answers_of_a_regression_are_in_the_unit_of_the_target(tmp_path):
    document = regression(tmp_path)
    truth = source_of(document.data).load().train["y"]
    run = finished(document, tmp_path / "runs")
    found = answer_all(document, run, lambda share: None, lambda: False)
    made = found.scores[: len(truth)]
    assert truth.mean() > 100
    assert abs(made.mean() - truth.mean()) < 5
    assert np.corrcoef(made[:, 0], truth[:, 0])[0, 1] > 0.95


@pytest.mark.slow
def test_samples_and_their_exported_script_are_in_the_unit_of_the_data(tmp_path):
    plain = drawing(8, **SMALL_PLANE)
    document = with_steps(plain, StepSpec("normalise"))
    run = finished(document, tmp_path / "runs")
    asked = Asked(count=5, steps=6, seed=4)
    made = sample_run(document, run, asked)
    scaled = sample_run(plain, run, asked)
    train = source_of(document.data).load().train["x"]
    prepared = learned_from(
        Recipe(steps=(Normalise(columns=("x",)),), device="cpu"), {"x": train}
    ).steps[0]
    mean, deviation = (each.numpy() for each in prepared.found["x"])
    assert np.allclose(made, scaled * deviation + mean, atol=1e-5)
    folder = tmp_path / "exported"
    export(document, folder, run)
    check_lints(folder)
    found = sampled(folder / "sample.py", "--count", 5, "--steps", 6, "--seed", 4, cwd=tmp_path)
    assert np.allclose(found, made.reshape(5, -1), rtol=1e-3, atol=1e-4)
