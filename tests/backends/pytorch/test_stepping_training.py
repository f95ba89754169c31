"""Runs with steps between data and model: repeatable, resumable, and exported as they are."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from backends.protocol import Control, Failed, Finished, Job, Stepped, Stopped
from backends.pytorch.evaluation import evaluate_run
from backends.pytorch.export import export
from backends.pytorch.prepare import prepare
from backends.pytorch.range_test import range_test
from graph import edits
from graph.data import DataSpec, StepSpec
from graph.model import Document
from graph.problems import UserError
from tests.backends.pytorch.drawings import classifier, iris_mlp, with_recipe
from tests.backends.pytorch.running import epochs, follow, losses, train
from tests.drawing import set_params

NORMALISE = StepSpec("normalise")
PICTURES = (
    StepSpec("colour_jitter"),
    NORMALISE,
    StepSpec("resize", {"size": (10, 10)}),
    StepSpec("crop", {"size": (8, 8), "padding": 1}),
    StepSpec("flip", {"vertical": 0.3}),
    StepSpec("rotate", {"shift": 0.1, "zoom": 0.1}),
    StepSpec("cut_out", {"size": 3}),
    StepSpec("masks", {"along_last": 2, "along_other": 2}),
    StepSpec("noise", {"deviation": 0.1}),
)


def with_steps(document: Document, *steps: StepSpec) -> Document:
    return edits.set_data(document, replace(document.data, steps=steps))


def digits(*steps: StepSpec, **recipe: object) -> Document:
    document = classifier("flatten dense", "1, 8, 8", DataSpec("digits"))
    document = set_params(document, "n3", features=10)
    document = with_recipe(document, **{"epochs": 2, "threads": 1, "device": "cpu", **recipe})
    return with_steps(document, *steps)


def mixed_digits(*steps: StepSpec) -> Document:
    """With targets that are probabilities, and classes again for the accuracy."""
    document = digits(*steps)
    target = next(n for n in document.graph.nodes.values() if n.kind == "target").id
    document = set_params(document, target, shape="10", dtype="float32")
    metric = next(n for n in document.graph.nodes.values() if n.kind == "accuracy").id
    known = set(document.graph.nodes)
    document = edits.add(document, "argmax", (0, 0))
    [best] = set(document.graph.nodes) - known
    document = edits.connect(document, target, "y", best, "x")
    return edits.connect(document, best, "y", metric, "target")


def test_every_epoch_sees_other_pictures_and_a_run_repeats(tmp_path: Path) -> None:
    document = digits(*PICTURES)
    first = train(document, tmp_path / "1")
    assert isinstance(first[-1], Finished), first[-1]
    assert losses(train(document, tmp_path / "2")) == losses(first)
    assert losses(train(with_recipe(document, seed=1), tmp_path / "3")) != losses(first)
    plain = losses(train(digits(NORMALISE), tmp_path / "4"))
    assert plain != losses(first)


def test_steps_that_are_off_leave_a_run_as_it_was(tmp_path: Path) -> None:
    off = [replace(step, on=False) for step in PICTURES]
    assert losses(train(digits(*off), tmp_path / "1")) == losses(train(digits(), tmp_path / "2"))


def test_a_stopped_run_goes_on_with_the_same_losses(tmp_path: Path) -> None:
    document = digits(*PICTURES)
    whole = train(document, tmp_path / "whole")
    control, seen = Control(), []

    def stop_early(event: object) -> None:
        if isinstance(event, Stepped):
            seen.extend(event.steps)
            if seen[-1] >= 10:
                control.stop()

    part = follow(Job(document, tmp_path / "runs"), control, stop_early)
    assert isinstance(part[-1], Stopped)
    rest = train(document, tmp_path / "runs", resume=part[-1].run)
    assert [*losses(part), *losses(rest)] == losses(whole)
    assert epochs(rest)[-1].validation == epochs(whole)[-1].validation
    changed = with_steps(document, *PICTURES[1:])
    refused = train(changed, tmp_path / "runs", resume=part[-1].run)[-1]
    assert isinstance(refused, Failed) and "data" in refused.text


def test_an_exported_script_gives_the_losses_of_the_window(tmp_path: Path) -> None:
    mixing = (StepSpec("mixup", {"alpha": 1.0}), StepSpec("cutmix", {"chance": 0.5}))
    document = mixed_digits(*PICTURES, *mixing)
    events = train(document, tmp_path / "runs")
    last = events[-1]
    assert isinstance(last, Finished), last
    folder = tmp_path / "exported"
    export(document, folder)
    done = _script(folder, "--json")
    assert done["epochs"] == [
        {"epoch": e.epoch, "train": dict(e.train), "validation": dict(e.validation)}
        for e in epochs(events)
    ]
    assert done["test"] == dict(last.test)
    again = _script(folder, "--evaluate", "trained.safetensors", "--json")
    assert again["test"] == done["test"]
    assert dict(evaluate_run(document, last.run).means) == dict(last.test)


def test_a_model_learns_from_mixed_rows(tmp_path: Path) -> None:
    document = mixed_digits(NORMALISE, StepSpec("mixup"), StepSpec("cutmix", {"chance": 0.5}))
    last = train(with_recipe(document, epochs=4, learning_rate=0.01), tmp_path)[-1]
    assert isinstance(last, Finished), last
    assert last.test["accuracy"] > 0.9


def _script(folder: Path, *arguments: str) -> dict:
    done = subprocess.run(
        [sys.executable, "-E", "-s", "train.py", *arguments],
        cwd=folder, env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])


def test_an_exported_script_lists_the_steps_and_only_what_they_need(tmp_path: Path) -> None:
    export(digits(StepSpec("flip")), tmp_path / "one")
    export(digits(), tmp_path / "none")
    one, none = ((tmp_path / name / "train.py").read_text("utf-8") for name in ("one", "none"))
    assert 'Flip(columns=("x",)),' in one
    assert "class Flip" in one and "class Normalise" not in one
    assert "make_steps" not in none and "class Flip" not in none


def test_tables_train_on_normalised_numbers_whose_means_leave_out_the_validation() -> None:
    from backends.pytorch.prepare import load_columns
    from backends.pytorch.stepping import learned_from

    prepared = prepare(with_steps(iris_mlp(), NORMALISE))
    columns = load_columns(prepared).train
    recipe = learned_from(prepared.recipe, columns)
    mean, deviation = recipe.steps[0].found["x"]
    from backends.pytorch.rows import split_rows

    rows, _ = split_rows(len(columns["x"]), prepared.recipe.validation_fraction, 0)
    trained = columns["x"][rows.numpy()].astype("float64")
    assert mean[0].tolist() == pytest.approx(trained.mean(0), rel=1e-6)
    assert deviation[0].tolist() == pytest.approx(trained.std(0), rel=1e-6)


def test_the_range_test_goes_through_the_steps() -> None:
    found = range_test(digits(*PICTURES), lambda _share: None, lambda: False)
    plain = range_test(digits(), lambda _share: None, lambda: False)
    assert found.losses != plain.losses


def test_a_constant_feature_is_named(tmp_path: Path) -> None:
    document = digits(StepSpec("normalise", {"per": "each number"}))
    last = train(document, tmp_path)[-1]
    assert isinstance(last, Failed)
    assert "never vary" in last.text and "“x”" in last.text and last.details == ""
    centred = {"per": "each number", "constant": "centre"}
    last = train(digits(StepSpec("normalise", centred)), tmp_path)[-1]
    assert isinstance(last, Finished)


def test_mixing_wants_targets_and_metrics_that_take_probabilities(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="“digit”.*float32|expects"):
        prepare(digits(StepSpec("mixup")))
    document = digits(StepSpec("mixup"))
    target = next(n for n in document.graph.nodes.values() if n.kind == "target").id
    document = set_params(document, target, shape="10", dtype="float32")
    with pytest.raises(UserError, match="wants classes, but a step of the data turns"):
        prepare(document)


def test_a_crop_that_is_too_large_is_named() -> None:
    with pytest.raises(UserError, match="Step 1 of the data, Random crop: the crop of 9×9"):
        prepare(digits(StepSpec("crop", {"size": (9, 9)})))


def test_the_drawing_must_expect_the_new_size() -> None:
    with pytest.raises(UserError, match="expects 1×8×8 a row, but “x” of .* holds 1×6×6"):
        prepare(digits(StepSpec("resize", {"size": (6, 6)})))
