"""A file with Python code from a stranger: no command runs it before a person has agreed."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph.fileio import save
from tests.custom import GATE, iris_with, strangers
from tests.journeys.bad import ask

__all__ = ["strangers"]

# Places of a class that are run at different times: when it is defined, made, called or dropped.
MARKED = '''\
class Marked(nn.Module):
    """Leaves a mark wherever it is run."""

    mark = open({path!r}, "a").write("defined ")

    def __init__(self, features: int = 16) -> None:
        super().__init__()
        open({path!r}, "a").write("made ")

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        open({path!r}, "a").write("called ")
        return x

    def __del__(self) -> None:
        open({path!r}, "a").write("dropped ")
'''


@pytest.fixture
def stranger(tmp_path: Path) -> Path:
    """A drawing whose code leaves a mark beside it when it runs."""
    save(iris_with(MARKED.format(path=str(tmp_path / "mark"))), tmp_path / "stranger.loom")
    return tmp_path / "stranger.loom"


@pytest.mark.parametrize(
    "words",
    [
        ("check",), ("stats",), ("train", "--runs", "runs"), ("export", "--out", "code"),
        ("render", "--out", "picture.png"), ("eval", "--run", "."),
        ("sample", "--run", ".", "--out", "new.npy"), ("write", "--run", "."),
    ],
    ids=lambda words: words[0],
)  # fmt: skip
def test_no_command_runs_code_that_is_not_trusted(
    words: tuple[str, ...], stranger: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(stranger.parent)
    answer = ask(words[0], stranger, *words[1:])
    assert "Python code that is not trusted: Marked" in answer.told
    assert "--trust" in answer.told
    if words[0] not in ("stats", "render"):
        assert answer.code == 1
        assert "Python code that you have not trusted yet" in str(answer.json)
    assert not (stranger.parent / "mark").exists()


def test_with_trust_the_command_line_trains(tmp_path: Path, home: Path) -> None:
    file = tmp_path / "gated.loom"
    save(iris_with(GATE, epochs=2), file)
    answer = ask("train", file, "--trust", "--runs", tmp_path / "runs")
    assert answer.code == 0
    assert answer.json["epochs"] == 2
    assert not (home / "trusted.json").exists(), "that was for this time"


@pytest.mark.parametrize("words", [("sample", "--out", "new.npy"), ("write",)], ids=lambda w: w[0])
def test_with_trust_a_command_gets_past_the_code(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save(iris_with(GATE), tmp_path / "gated.loom")
    answer = ask(words[0], "gated.loom", "--trust", "--run", ".", *words[1:])
    assert answer.code == 1, "it is no model that makes up data"
    assert "not trusted" not in answer.told


def test_the_mark_would_have_been_seen(stranger: Path) -> None:
    assert ask("check", stranger, "--trust").code == 0
    marks = (stranger.parent / "mark").read_text().split()
    assert {"defined", "made", "called"} <= set(marks)
