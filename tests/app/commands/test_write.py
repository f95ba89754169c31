"""`torchloom write` prints what a trained model writes, for people and for programs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from app.cli import main
from graph import edits
from graph.data import DataSpec
from graph.fileio import save
from graph.gallery import find
from tests.backends.pytorch.drawings import with_recipe

Trained = tuple[str, str]


def trained(name: str, data: DataSpec, folder: Path, **values: object) -> Trained:
    """The file of a drawing and the folder of its run."""
    document = edits.set_data(find(name).build(**{**find(name).small, **values}), data)
    file = folder / f"{name}.loom"
    save(with_recipe(document, epochs=1, threads=1, device="cpu"), file)
    assert main(["train", str(file), "--runs", str(folder / "runs"), "--json"]) == 0
    (run,) = (folder / "runs").iterdir()
    return str(file), str(run)


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    data = DataSpec("sequences", {"length": 3, "rows": 100})
    return trained("seq2seq", data, tmp_path_factory.mktemp("answers"), units=8, dimension=4)


@pytest.fixture(scope="module")
def continues(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    data = DataSpec("stdlib", {"characters": 3000, "window": 20})
    sizes = {"layers": 1, "features": 8, "heads": 2, "context": 20}
    return trained("gpt-2", data, tmp_path_factory.mktemp("continues"), **sizes)


def test_answers_stand_beside_the_right_ones(
    answers: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    file, run = answers
    assert main(["write", file, "--run", run]) == 0
    *rows, share = capsys.readouterr().out.splitlines()
    assert len(rows) == 5 and all("→" in row and "right:" in row for row in rows)
    assert share.endswith("of 10 test rows are written as they should be")
    assert main(["write", file, "--run", run, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 10 and 0 <= told["exact"] <= 1
    assert told["answers"][0]["right"].endswith(" end")


def test_a_prompt_gets_one_answer(answers: Trained, capsys: pytest.CaptureFixture[str]) -> None:
    file, run = answers
    assert main(["write", file, "--run", run, "--prompt", "1 2", "--length", "6"]) == 0
    read, written = capsys.readouterr().out.strip().split("  →  ")
    assert read == "1 2" and len(written.split()) == 6


def test_a_text_goes_on_where_the_prompt_ends(
    continues: Trained, capsys: pytest.CaptureFixture[str]
) -> None:
    file, run = continues
    words = ["--prompt", "import ", "--length", "50", "--temperature", "0.8", "--json"]
    assert main(["write", file, "--run", run, *words]) == 0
    (answer,) = json.loads(capsys.readouterr().out)["answers"]
    assert answer["read"] == "import " and len(answer["written"]) == 50
    assert main(["write", file, "--run", run, *words[:-1]]) == 0
    assert capsys.readouterr().out.startswith("import ")


@pytest.mark.parametrize(
    ("words", "code", "text"),
    [
        (["--prompt", "1 x"], 1, "“x” is no token of the data"),
        (["--temperature", "-1"], 2, "not between 0 and 100"),
        (["--temperature", "nan"], 2, "not between 0 and 100"),
        (["--length", "-3"], 2, "less than 0"),
    ],
)
def test_what_cannot_be_is_refused(
    answers: Trained, words: list[str], code: int, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    file, run = answers
    assert main(["write", file, "--run", run, *words]) == code
    assert text in capsys.readouterr().err
