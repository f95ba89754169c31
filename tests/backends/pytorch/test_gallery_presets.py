"""The small sizes of networks for sequences learn what they are for, by their own recipes.

Bounds are in the units of the field: bits a character, shares of sequences and of tokens. What
each run came to is printed (`pytest -rP`).
"""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import torch

from backends.data.source import source_of
from backends.protocol import Finished
from backends.pytorch.evaluation import take_weights
from backends.pytorch.prepare import build_model, load_columns, prepare
from backends.pytorch.writing import write_run
from graph import edits
from graph.check import check
from graph.data import DataSpec
from graph.gallery import find
from graph.infer import infer
from graph.model import Document
from graph.problems import Severity
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import losses, train

LEAST_EXACT = 0.99
MOST_BITS = 2.5
MOST_SECONDS = 300
MOST_LETTERS_WRONG = 0.02


def small(name: str, **values: object) -> Document:
    return find(name).build(**{**find(name).small, **values})


def trained(name: str, runs: Path, **values: object) -> tuple[Document, Finished]:
    """The drawing of a small preset and how its run ended; prints both."""
    document = with_recipe(small(name, **values), threads=1, device="cpu")
    started = time.process_time()
    last = train(document, runs)[-1]
    assert isinstance(last, Finished), last
    found = {key: round(value, 4) for key, value in last.test.items()}
    print(f"{name}: {found} after {time.process_time() - started:.0f} s of one core")
    return document, last


TINY: Mapping[str, tuple[dict[str, object], DataSpec]] = {
    "gpt-2": (
        {"layers": 1, "features": 32, "context": 32},
        DataSpec("stdlib", {"characters": 20_000, "window": 32}),
    ),
    "lstm": (
        {"data": "text", "units": 32},
        DataSpec("stdlib", {"characters": 40_000, "window": 32}),
    ),
    "seq2seq": ({"units": 32, "dimension": 16}, DataSpec("sequences", {"rows": 1500})),
    "transformer": (
        {"features": 32, "feed_forward": 32, "layers": 1},
        DataSpec("sequences", {"rows": 1500, "length": 4}),
    ),
    "bert-base": (
        {"layers": 1, "features": 32, "context": 32},
        DataSpec("masked_text", {"characters": 30_000, "piece": 14}),
    ),
    "deepspeech-2": (
        {"units": 16, "letters": 4},
        DataSpec("speech", {"letters": 3, "rows": 400, "longest": 3}),
    ),
    "wavenet": ({"layers": 3, "channels": 8}, DataSpec("sines", {"window": 64, "length": 2000})),
    "vae": ({"hidden": 32}, DataSpec("digits", {"layout": "flat"})),
}


@pytest.mark.parametrize("name", TINY)
def test_an_epoch_of_a_tiny_one_lowers_the_loss(name: str, tmp_path: Path) -> None:
    values, data = TINY[name]
    document = edits.set_data(small(name, **values), data)
    document = with_recipe(
        document, epochs=1, batch_size=16, threads=1, device="cpu", warmup_steps=0
    )
    steps = losses(train(document, tmp_path))
    few = max(2, len(steps) // 5)
    assert np.mean(steps[-few:]) < 0.95 * np.mean(steps[:few])


@pytest.mark.parametrize(
    "name", ["gpt-2", "gpt-3", "bert-base", "seq2seq", "transformer", "deepspeech-2", "wavenet"]
)
def test_the_data_fits_as_published_and_small(name: str) -> None:
    for values in ({}, find(name).small):
        document = find(name).build(**values)
        found = check(document, infer(document), data=source_of(document.data).describe())
        assert [problem.text for problem in found if problem.severity is Severity.ERROR] == []


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("gpt-2", {}),
        ("rnn", {"data": "text", "units": 128}),
        ("lstm", {"data": "text", "units": 128}),
        ("gru", {"data": "text", "units": 128}),
    ],
)
def test_characters_cost_less_than_two_and_a_half_bits(
    name: str, values: dict[str, object], tmp_path: Path
) -> None:
    started = time.process_time()
    _, last = trained(name, tmp_path, **values)
    seconds = time.process_time() - started
    bits = last.test["loss"] / math.log(2)
    print(f"{name}: {bits:.3f} bits a character")
    assert bits < MOST_BITS
    assert seconds < MOST_SECONDS  # of one core


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("name", ["seq2seq", "transformer"])
def test_sequences_are_written_backwards_without_a_fault(name: str, tmp_path: Path) -> None:
    document, last = trained(name, tmp_path)
    found = write_run(document, last.run)
    print(f"{name}: {found.exact:.1%} of {found.rows} sequences are right as a whole")
    assert found.exact is not None and found.exact >= LEAST_EXACT
    assert found.rows == 1000


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_speech_is_written_down_with_few_faults(tmp_path: Path) -> None:
    _, last = trained("deepspeech-2", tmp_path)
    assert last.test["ctc_error_rate"] < MOST_LETTERS_WRONG


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_hidden_characters_are_found_far_more_often_than_by_guessing(tmp_path: Path) -> None:
    document, last = trained("bert-base", tmp_path)
    prepared = prepare(document)
    built = build_model(prepared)
    take_weights(built, prepared, last.run)
    test = {name: torch.from_numpy(column) for name, column in load_columns(prepared).test.items()}
    hidden = test["hidden_words"]
    program = prepared.program
    (loss,) = [step for step in program.objective if step.name == "word_loss"]
    place = [result.endpoint for result in program.returns].index(loss.inputs["prediction"][0])
    with torch.no_grad():
        words = built.model.eval()(test["tokens"], test["segments"])[place]
    counts = hidden != -100
    right = (words.argmax(-1) == hidden)[counts].float().mean().item()
    guessed = Counter(hidden[counts].tolist()).most_common(1)[0][1] / int(counts.sum())
    print(f"bert-base: {right:.1%} of the hidden characters, {guessed:.1%} by guessing")
    assert right > guessed + 0.2


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_next_sample_of_a_wave_is_less_surprising_than_any(tmp_path: Path) -> None:
    document, last = trained("wavenet", tmp_path)
    waves = load_columns(prepare(document)).test["x"][..., 0]
    levels = 64
    companded = np.sign(waves / 4) * np.log1p((levels - 1) * np.abs(waves / 4).clip(0, 1))
    codes = ((companded / np.log(levels) + 1) / 2 * (levels - 1) + 0.5).astype(int)
    shares = np.bincount(codes.ravel(), minlength=levels) / codes.size
    unigram = -(shares[shares > 0] * np.log(shares[shares > 0])).sum()
    print(f"wavenet: {last.test['loss']:.2f} nats a sample, {unigram:.2f} without what came before")
    assert last.test["loss"] < 0.6 * unigram


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_bound_of_a_vae_rises_above_that_of_one_code_for_all(tmp_path: Path) -> None:
    _, last = trained("vae", tmp_path)
    pixels = source_of(DataSpec("digits", {"layout": "flat"})).load()
    mean = pixels.train["x"].mean(axis=0).clip(1e-4, 1 - 1e-4)
    x = pixels.test["x"]
    same = -(x * np.log(mean) + (1 - x) * np.log(1 - mean)).sum(axis=1).mean()
    print(f"vae: a bound of {-last.test['loss']:.2f} nats an image, {-same:.2f} for the mean image")
    assert last.test["loss"] < same
