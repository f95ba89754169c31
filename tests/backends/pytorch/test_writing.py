"""Trained models write: answers to the rows of the test, and the rest of a text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from backends.protocol import Finished
from backends.pytorch.writing import text_of_tokens, tokens_of, write_run
from graph import edits
from graph.data import DataSpec
from graph.gallery import find
from graph.model import Document
from graph.problems import UserError
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import train

Trained = tuple[Document, Path]


def trained(name: str, data: DataSpec, runs: Path, values: dict[str, object], **recipe) -> Trained:
    document = find(name).build(**{**find(name).small, **values})
    document = with_recipe(edits.set_data(document, data), threads=1, device="cpu", **recipe)
    last = train(document, runs)[-1]
    assert isinstance(last, Finished), last
    return document, last.run


@pytest.fixture(scope="module")
def copier(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    data = DataSpec("sequences", {"task": "copy", "length": 2, "rows": 1500})
    sizes = {"dimension": 16, "units": 32}
    return trained("seq2seq", data, tmp_path_factory.mktemp("runs"), sizes, learning_rate=0.02)


@pytest.fixture(scope="module")
def speller(tmp_path_factory: pytest.TempPathFactory) -> Trained:
    folder = tmp_path_factory.mktemp("runs")
    (folder / "abc.txt").write_text("abcdefgh" * 500, "utf-8")
    data = DataSpec("text", {"path": str(folder / "abc.txt"), "window": 15})
    sizes = {"layers": 1, "features": 16, "heads": 2, "vocabulary": 12, "context": 15}
    return trained("gpt-2", data, folder, sizes, epochs=12, learning_rate=0.01, warmup_steps=5)


def test_answers_to_the_test_are_written_and_compared(copier):
    found = write_run(*copier)
    assert found.rows == len(found.answers) == 150
    assert found.exact == np.mean([answer.written == answer.right for answer in found.answers])
    assert found.exact > 0.9
    assert found.answers[0].right == f"{found.answers[0].read} end"


def test_a_prompt_is_answered(copier):
    for prompt in ("4 2", "42"):
        (answer,) = write_run(*copier, prompt=prompt).answers
        assert answer.written == "4 2 end"
        assert answer.right == ""


def test_a_text_is_continued_beyond_what_the_model_sees_at_once(speller):
    found = write_run(*speller, prompt="fgha", length=40)
    assert found.continues
    assert found.answers[0].written == "bcdefgha" * 5


def test_without_a_prompt_a_text_of_the_test_goes_on(speller):
    (answer,) = write_run(*speller).answers
    assert answer.read + answer.written in "abcdefgh" * 10


def test_the_same_seed_draws_the_same_text(speller):
    drawn = [
        write_run(*speller, prompt="a", temperature=9.0, seed=seed).answers[0].written
        for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_unknown_words_are_refused_and_unknown_characters_stand_for_others(copier, speller):
    with pytest.raises(UserError, match="“x” is no token of the data; there are begin, end, 0"):
        write_run(*copier, prompt="4 x")
    assert write_run(*speller, prompt="aÄb", length=3).answers[0].read == "aÄb"


def test_a_model_of_something_else_does_not_write(tmp_path):
    document = find("mlp").build(**find("mlp").small)
    with pytest.raises(UserError, match="does not write: it needs data with a sequence"):
        write_run(document, tmp_path)


def test_tokens_become_text_and_text_tokens():
    assert tokens_of("2 10 begin", ("begin", "2", "10")).tolist() == [1, 2, 0]
    assert text_of_tokens(np.array([1, 2, 9]), ("begin", "2", "10")) == "2 10 ?"
    assert text_of_tokens(tokens_of("abä", "?ab"), "?ab") == "ab?"


def test_each_token_is_told_as_it_is_written(copier, speller):
    for trained_run, prompt in ((copier, "42"), (speller, "fgha")):
        heard: list[tuple[float, str]] = []
        found = write_run(
            *trained_run, prompt=prompt, watch=lambda *told, to=heard: to.append(told)
        )
        assert "".join(piece for _, piece in heard) == found.answers[0].written
        assert heard[-1][0] == 1
