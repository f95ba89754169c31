"""Drawings that cannot run: each command says why, by the title of the block."""

from __future__ import annotations

import json
import re
import sys
import time
from pathlib import Path

import pytest

from backends.runs.checkpoints import checkpoints_of
from tests.journeys.bad import Answer, ask, block, drawing, example, written


def refused(data: object, tmp_path: Path) -> dict[str, Answer]:
    """The answers of the commands that need a drawing without errors; nothing is left of them."""
    file = written(tmp_path / "bad.loom", data)
    answers = {
        "train": ask("train", file, "--runs", tmp_path / "runs"),
        "export": ask("export", file, "--out", tmp_path / "code"),
        "eval": ask("eval", file, "--run", tmp_path),
    }
    assert all(answer.code == 1 for answer in answers.values())
    assert not (tmp_path / "code").exists()
    assert not list((tmp_path / "runs").glob("*"))
    return answers


def problems(data: object, tmp_path: Path) -> list[tuple[str, str, str]]:
    """Code, block and text of each error that `check` tells."""
    answer = ask("check", written(tmp_path / "bad.loom", data))
    rows = [row for row in answer.json["problems"] if row["severity"] == "error"]
    assert answer.code == (1 if rows else 0)
    return [(row["code"], row["block"], row["text"]) for row in rows]


def test_an_unknown_block_is_kept_and_named(tmp_path: Path) -> None:
    data = example("moons-mlp")
    block(data, "tanh2")["kind"] = "quantum_gate"
    ((code, name, text),) = problems(data, tmp_path)
    assert (code, name) == ("unknown-block", "tanh2")
    assert "quantum_gate “tanh2” is of a kind that is not installed here" in text
    for answer in refused(data, tmp_path).values():
        assert text in answer.error
    picture = tmp_path / "picture.png"
    assert ask("render", tmp_path / "bad.loom", "--out", picture).code == 0
    assert picture.stat().st_size > 1000


def test_an_unknown_parameter_is_a_warning_and_the_drawing_trains(tmp_path: Path) -> None:
    data = example("moons-mlp")
    block(data, "hidden1")["params"]["sparkle"] = 3
    file = written(tmp_path / "odd.loom", data)
    answer = ask("check", file)
    assert answer.code == 0
    assert [row["code"] for row in answer.json["problems"]] == ["unknown-parameter"]
    assert "Dense “hidden1”" in answer.json["problems"][0]["text"]
    assert ask("train", file, "--runs", tmp_path / "runs").code == 0


PARAMETERS = [
    ("features", -1, "Features must be at least 1, but is -1"),
    ("features", "many", "Features must be a whole number, but is 'many'"),
    ("features", {"expr": "2 * width"}, "uses width, which is no variable"),
    ("features", {"expr": "1 / 0"}, "divides by zero"),
    ("features", {"expr": "__import__('os')"}, "is not arithmetic"),
    ("bias", 1, "Bias must be on or off"),
]


@pytest.mark.parametrize(("name", "value", "words"), PARAMETERS)
def test_a_wrong_parameter_names_block_value_and_bounds(
    name: str, value: object, words: str, tmp_path: Path
) -> None:
    data = example("moons-mlp")
    block(data, "hidden1")["params"][name] = value
    ((code, at, text),) = problems(data, tmp_path)
    assert (code, at) == ("parameter", "hidden1")
    assert text.startswith("Dense “hidden1” cannot be built: ")
    assert words in text
    assert all(words in answer.error for answer in refused(data, tmp_path).values())


def test_a_circle_is_one_problem_that_hides_no_block(tmp_path: Path) -> None:
    data = example("moons-mlp")
    data["edges"][0] = ["n5.y", "n2.x"]
    found = ask("check", written(tmp_path / "bad.loom", data)).json["problems"]
    assert [row["code"] for row in found if row["severity"] == "error"] == ["cycle"]
    assert "Dense “hidden1” stands in a circle of wires" in found[0]["text"]
    assert not {"no-loss", "no-output"} & {row["code"] for row in found}
    refused(data, tmp_path)


def test_wires_to_what_is_not_there_are_told(tmp_path: Path) -> None:
    data = example("moons-mlp")
    data["edges"][1] = ["n99.y", "n3.x"]
    ((_, name, text),) = problems(data, tmp_path)
    assert name == "tanh1"
    assert "is wired to a block that is not there" in text
    refused(data, tmp_path)


def test_too_few_logits_for_the_classes_are_told_with_both_numbers(tmp_path: Path) -> None:
    data = example("digits-cnn")
    last = next(node for node in data["nodes"] if node.get("params", {}).get("features") == 10)
    last["params"]["features"] = 7
    found = {code: text for code, _, text in problems(data, tmp_path)}
    assert "receives 7 logits, but “y” has 10 classes" in found["class-count"]
    assert found["class-count"].startswith("Cross-entropy “")
    refused(data, tmp_path)


def test_nothing_of_an_image_is_left_behind_a_large_kernel(tmp_path: Path) -> None:
    data = drawing(
        "image:input", "conv:conv2d", "answer:output", wires="image.y>conv.x conv.y>answer.x"
    )
    data["nodes"][0]["params"] = {"shape": "1, 8, 8"}
    data["nodes"][1]["params"] = {"kernel_size": [9, 9]}
    ((code, name, text),) = problems(data, tmp_path)
    assert (code, name) == ("refused", "conv")
    assert "Conv 2D “conv” has a kernel of 9×9, which does not fit 8×8" in text
    refused(data, tmp_path)


def test_a_drawing_without_blocks_has_no_problems_and_does_not_run(tmp_path: Path) -> None:
    data = drawing()
    assert problems(data, tmp_path) == []
    assert "The drawing is empty" in refused(data, tmp_path)["train"].error


def test_weights_that_no_memory_holds_are_refused_in_a_moment(tmp_path: Path) -> None:
    data = example("moons-mlp")
    for name in ("hidden1", "hidden2"):
        block(data, name)["params"]["features"] = 10**9
    file = written(tmp_path / "large.loom", data)
    assert ask("stats", file).json["parameters"] > 10**18
    started = time.process_time()
    for answer in (
        ask("train", file, "--runs", tmp_path / "runs"),
        ask("export", file, "--out", tmp_path / "code"),
    ):
        assert answer.code == 1
        assert "memory is not enough" in answer.error
        assert "Dense “hidden2” has 1,000,000,001,000,000,000 of them" in answer.error
    assert time.process_time() - started < 10
    assert not (tmp_path / "code").exists()


RECIPES = [
    ({"learning_rate": 1e30}, "Learning rate must be at most 100"),
    ({"learning_rate": 0}, "Learning rate must be more than 0"),
    ({"epochs": "ten"}, "Epochs must be a whole number, but is 'ten'"),
    ({"optimizer": "magic"}, "Optimizer must be one of sgd, adam, adamw"),
    ({"batch_size": {"expr": "width"}}, "uses width, which is no variable"),
]


@pytest.mark.parametrize(("recipe", "words"), RECIPES)
def test_a_wrong_recipe_is_told(recipe: dict[str, object], words: str, tmp_path: Path) -> None:
    data = example("moons-mlp", recipe=recipe)
    ((code, _, text),) = problems(data, tmp_path)
    assert code == "recipe"
    assert words in text
    refused(data, tmp_path)


def regression(recipe: dict[str, object]) -> dict[str, object]:
    """A drawing that foretells a series, with three layers in a row."""
    data = drawing(
        "series:input", "flat:flatten", "a:dense", "b:dense", "c:dense", "goal:target", "mse:mse",
        wires="series.y>flat.x flat.y>a.x a.y>b.x b.y>c.x c.y>mse.prediction goal.y>mse.target",
        data={"source": "sines", "params": {}}, recipe={"epochs": 60, "threads": 1, **recipe},
    )  # fmt: skip
    block(data, "series")["params"] = {"shape": "24, 1"}
    block(data, "c")["params"] = {"features": 1}
    block(data, "goal")["params"] = {"shape": "1", "dtype": "float32"}
    return data


def test_a_loss_that_is_no_number_ends_the_run_at_its_step(tmp_path: Path) -> None:
    data = regression({"optimizer": "sgd", "learning_rate": 100.0, "momentum": 0.99})
    answer = ask("train", written(tmp_path / "wild.loom", data), "--runs", tmp_path / "runs")
    assert answer.code == 1
    assert re.search(r"loss became (nan|inf) at step \d+ in epoch \d+", answer.error)
    assert "Lower the learning rate" in answer.error
    (run,) = (tmp_path / "runs").iterdir()
    assert str(run) in answer.error
    assert json.loads((run / "run.json").read_text("utf-8"))["status"] == "failed"


def test_a_device_that_is_not_there_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "fine.loom", regression({"device": "mps"}))
    if sys.platform == "darwin":
        pytest.skip("there may be such a device")
    answer = ask("train", file, "--runs", tmp_path / "runs")
    assert answer.code == 1
    assert "mps" in answer.error.lower()
    assert not (tmp_path / "runs").exists()


def test_a_run_that_is_none_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "fine.loom", example("moons-mlp"))
    for words in (
        ("eval", file, "--run", tmp_path),
        ("export", file, "--out", tmp_path / "code", "--run", tmp_path),
        ("train", file, "--runs", tmp_path / "runs", "--resume", tmp_path),
    ):
        answer = ask(*words)
        assert answer.code == 1
        assert tmp_path.name in answer.error
    assert [path.name for path in tmp_path.iterdir()] == ["fine.loom"]


def test_weights_of_another_drawing_or_damaged_ones_are_told(tmp_path: Path) -> None:
    file = written(tmp_path / "moons.loom", example("moons-mlp"))
    run = Path(ask("train", file, "--runs", tmp_path / "runs").json["run"])
    other = written(tmp_path / "iris.loom", example("iris-mlp"))
    assert "moons" in (wrong := ask("eval", other, "--run", run)).error.lower()
    assert wrong.code == 1
    for path in run.glob("*.safetensors"):
        path.write_bytes(path.read_bytes()[:100])
    answer = ask("eval", file, "--run", run)
    assert answer.code == 1
    assert "cannot be read" in answer.error
    for path in checkpoints_of(run):
        path.write_bytes(b"PK")
    answer = ask("train", file, "--runs", tmp_path / "runs", "--resume", run)
    assert answer.code == 1
    assert "damaged" in answer.error
