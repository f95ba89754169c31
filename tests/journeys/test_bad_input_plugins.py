"""Plug-ins that fail: a line among the problems, and the program works without them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.journeys.bad import EXAMPLES, Answer, ask_apart, drawing, written

FAILING = {
    "import nothing_of_that_name": "No module named 'nothing_of_that_name'",
    "raise RuntimeError('out of order')": "RuntimeError: out of order",
    "import sys; sys.exit(3)": "SystemExit: 3",
    "def broken(:": "SyntaxError",
}
MOONS = EXAMPLES / "moons-mlp.loom"


def asked(tmp_path: Path, group: str, source: str, value: str, *words: object) -> Answer:
    """The answer of a program that finds a plug-in of that text, installed by its metadata."""
    (tmp_path / "afar.py").write_text(source, "utf-8")
    metadata = tmp_path / "afar-1.0.dist-info"
    metadata.mkdir()
    (metadata / "METADATA").write_text("Metadata-Version: 2.1\nName: afar\nVersion: 1.0\n")
    (metadata / "entry_points.txt").write_text(f"[{group}]\nfrom-afar = {value}\n")
    paths = [str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])]
    return ask_apart(*words, PYTHONPATH=os.pathsep.join(paths))


@pytest.mark.parametrize("group", ["torchloom.blocks", "torchloom.data"])
@pytest.mark.parametrize("source", FAILING)
def test_a_plugin_that_fails_is_a_line(group: str, source: str, tmp_path: Path) -> None:
    answer = asked(tmp_path, group, source, "afar", "check", MOONS)
    assert answer.code == 0
    (problem,) = answer.json["problems"]
    assert (problem["code"], problem["severity"]) == ("plugin-failed", "warning")
    assert "“from-afar” (afar) could not be loaded" in problem["text"]
    assert FAILING[source] in problem["text"]


@pytest.mark.parametrize("group", ["torchloom.blocks", "torchloom.data"])
def test_a_plugin_that_names_nothing_of_use_is_a_line(group: str, tmp_path: Path) -> None:
    answer = asked(tmp_path, group, "answer = 42", "afar:answer", "check", MOONS)
    assert answer.code == 0
    assert [problem["code"] for problem in answer.json["problems"]] == ["plugin-failed"]


def test_a_drawing_trains_beside_a_broken_plugin(tmp_path: Path) -> None:
    answer = asked(
        tmp_path, "torchloom.blocks", "1 / 0", "afar",
        "train", MOONS, "--epochs", 1, "--runs", tmp_path / "runs",
    )  # fmt: skip
    assert answer.code == 0
    assert answer.json["epochs"] == 1


def test_blocks_of_a_broken_plugin_are_kept(tmp_path: Path) -> None:
    data = drawing("a:input", "b:warp", "c:output", wires="a.y>b.x b.y>c.x")
    file = written(tmp_path / "warped.loom", data)
    answer = asked(tmp_path, "torchloom.blocks", "1 / 0", "afar", "check", file)
    assert answer.code == 1
    codes = [problem["code"] for problem in answer.json["problems"]]
    assert codes[0] == "unknown-block"
    assert "plugin-failed" in codes
