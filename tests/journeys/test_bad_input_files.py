"""Files that are no drawings: every command says what is wrong, and leaves nothing behind."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.test_imports import ROOT
from tests.journeys.bad import EXAMPLES, FULL, ask, ask_all, ask_apart, example, written

WHOLE = (EXAMPLES / "moons-mlp.loom").read_text("utf-8")
BAD: dict[str, tuple[object, str]] = {
    "empty": ("", "is empty"),
    "blank": (" \n", "is empty"),
    "cut off": (WHOLE[: len(WHOLE) // 2], "damaged or cut off"),
    "a picture": (b"\x89PNG\r\n\x1a\n\x00\xff", "is not text"),
    "a list": ([1, 2], "is JSON but no drawing"),
    "other JSON": ({"nodes": []}, "is JSON but no drawing"),
    "nodes of text": (example("moons-mlp", nodes=["conv"]), "block 1 should be an object"),
    "two of one id": (example("moons-mlp", nodes=[{"id": "a", "kind": "relu"}] * 2), "two blocks"),
    "wires of numbers": (example("moons-mlp", edges=[[1, 2]]), "wire 1 should be two ends"),
    "half a character": ('{"torchloom": 1, "name": "\\ud83d"}', "half a character"),
    "nested": ("[" * 50_000, "nested too deeply"),
    "newer and odd": (example("moons-mlp", torchloom=9, edges=[{}]), "a newer Torchloom"),
}


@pytest.mark.parametrize("what", BAD)
def test_every_command_says_what_is_wrong_with_the_file(what: str, tmp_path: Path) -> None:
    content, words = BAD[what]
    file = written(tmp_path / "bad.loom", content)
    before = file.read_bytes()
    for command, answer in ask_all(file, tmp_path / "out").items():
        assert answer.code == 1, command
        assert words in answer.error
        assert "bad.loom" in answer.error
    assert file.read_bytes() == before
    assert [path.name for path in tmp_path.iterdir()] == ["bad.loom"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "huge.loom"
    with file.open("wb") as opened:
        opened.truncate(1 << 40)
    assert "MB; a drawing has" in ask("check", file).error


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.loom")
    for name, words in [("none.loom", "no file"), ("", "is a folder"), ("pipe.loom", "a pipe")]:
        answer = ask("check", tmp_path / name)
        assert answer.code == 1
        assert words in answer.error


def test_a_newer_file_is_read_but_told(tmp_path: Path) -> None:
    file = written(tmp_path / "new.loom", example("moons-mlp", torchloom=9, galaxies=[1]))
    answers = ask_all(file, tmp_path / "out")
    assert {name for name, answer in answers.items() if answer.code} == {"eval"}
    assert all("a newer Torchloom (format 9" in answer.told for answer in answers.values())


WRONG_WORDS = [
    (["check"], "required: FILE"),
    (["frobnicate"], "neither a command"),
    (["check", "a.loom", "b.loom"], "unrecognized"),
    (["train", "x.loom", "--epochs", "many"], "--epochs"),
    (["train", "x.loom", "--device", "abacus"], "--device"),
    (["eval", "x.loom"], "--run"),
    (["export", "x.loom"], "--out"),
    (["render", "x.loom", "--out", "x.jpg"], ".png"),
    (["render", "x.loom", "--out", "x.png", "--size", "9x9"], "from 16"),
    (["demo"], "--out"),
    (["demo", "--out", "x", "--scale", "-1"], "0.5 to 4"),
]


@pytest.mark.parametrize(("words", "told"), WRONG_WORDS)
def test_wrong_usage_is_exit_code_2(words: list[str], told: str) -> None:
    answer = ask(*words)
    assert answer.code == 2
    assert told in answer.error


def test_epochs_out_of_bounds_are_wrong_usage(tmp_path: Path) -> None:
    answer = ask("train", EXAMPLES / "moons-mlp.loom", "--epochs", 0, "--runs", tmp_path)
    assert answer.code == 2
    assert "Epochs must be at least 1" in answer.error


def test_the_program_itself_answers_so(tmp_path: Path) -> None:
    answer = ask_apart("train", written(tmp_path / "bad.loom", WHOLE[:300]))
    assert answer.code == 1
    assert "damaged or cut off" in answer.error


def test_a_terminal_that_knows_ascii_only_is_answered(tmp_path: Path) -> None:
    data = example("moons-mlp")
    data["nodes"][1]["kind"] = "quantum_gate"
    file = written(tmp_path / "odd.loom", data)
    answer = ask_apart("check", file, PYTHONIOENCODING="ascii")
    assert answer.code == 1
    assert "quantum_gate “hidden1”" in answer.json["problems"][0]["text"]
    assert (
        "quantum_gate \\u201chidden1"
        in ask_apart("export", file, "--out", tmp_path / "code", PYTHONIOENCODING="ascii").told
    )


@pytest.mark.parametrize("words", [["check"], ["check", "--json"], ["stats"]])
def test_an_answer_that_cannot_be_written_is_told(words: list[str]) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("there is no device that is full")
    command = [sys.executable, "-m", "app", *words, str(EXAMPLES / "moons-mlp.loom")]
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert done.stderr == f"torchloom: the answer cannot be written: {FULL}.\n"


def test_a_reader_that_goes_away_is_no_failure() -> None:
    program = f"{sys.executable} -m app stats {EXAMPLES / 'moons-mlp.loom'}"
    done = subprocess.run(
        ["bash", "-c", f"{program} | true; exit ${{PIPESTATUS[0]}}"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
