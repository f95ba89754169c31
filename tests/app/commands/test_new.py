"""`torchloom new`: a network of the gallery becomes a file, and what is wrong is told."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from graph.fileio import load
from graph.gallery import entries
from graph.gallery.resnet import RESNET_18


def run(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, Any, str]:  # Any: JSON
    """The exit code, the JSON at the end of stdout, and stderr."""
    code = main(["new", *words, "--json"])
    out, err = capsys.readouterr()
    return code, json.loads(out.splitlines()[-1]), err


def test_a_network_is_written_as_a_drawing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.loom"
    code, answer, _ = run(capsys, "resnet-18", "--out", str(out))
    assert code == 0
    assert answer == {
        "out": str(out),
        "name": "resnet-18",
        "title": "ResNet-18",
        "blocks": 18,
        "parameters": 11_689_512,
    }
    assert load(out).document == RESNET_18.build()


def test_sizes_are_changed_one_by_one_on_top_of_the_small_ones(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.loom"
    words = ("--small", "--set", "width=2*8", "--set", "layers=1, 1")
    assert run(capsys, "resnet-18", "--out", str(out), *words)[0] == 0
    wanted = RESNET_18.build(data="digits", image_size=32, width=16, layers=(1, 1))
    assert load(out).document == wanted


def test_a_file_that_is_there_is_kept_unless_forced(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "mine.loom"
    out.write_text("mine")
    code, answer, _ = run(capsys, "lenet-5", "--out", str(out))
    assert code == 1
    assert "already there" in answer["error"]
    assert out.read_text() == "mine"
    assert run(capsys, "lenet-5", "--out", str(out), "--force")[0] == 0
    assert load(out).document.name == "LeNet-5"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["resnet-19"], "resnet-18"),
        (["resnet-18", "--set", "depth=3"], "no parameter called depth"),
        (["resnet-18", "--set", "width=0"], "Width must be at least 1"),
        (["resnet-18", "--set", "width=2*n"], "uses n"),
        (["resnet-18", "--set", "layers=1,2,3,4,5,6,7"], "1 to 6 numbers"),
        (["resnet-18", "--set", "layers=300,300"], "at most 300 blocks"),
        (["resnet-18", "--set", "data=clouds"], "one of image folder, digits"),
    ],
)
def test_what_cannot_be_drawn_is_told_and_leaves_no_file(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "net.loom"
    code, answer, _ = run(capsys, *words, "--out", str(out))
    assert code == 1
    assert told in answer["error"]
    assert not out.exists()


@pytest.mark.parametrize(
    "words",
    [[], ["resnet-18"], ["resnet-18", "--out", "a.png"], ["resnet-18", "--set", "width"]],
    ids=" ".join,
)
def test_wrong_usage_ends_with_2(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    code, answer, err = run(capsys, *words)
    assert code == 2
    assert list(answer) == ["error"]
    assert "usage: torchloom new" in err


def test_the_list_names_every_network_for_people_and_programs(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = [entry.name for entry in entries()]
    assert [told["name"] for told in run(capsys, "--list")[1]] == names
    assert main(["new", "--list"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines if line.startswith("  ")] == names
