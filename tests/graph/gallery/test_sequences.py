"""The sequence networks of the gallery: types, published counts, speed, and short training."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

from backends.protocol import Finished
from backends.pytorch.prepare import prepare
from graph.check import check
from graph.cost import costs
from graph.gallery import find
from graph.infer import infer
from graph.problems import Severity
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import train

NAMES = (
    "rnn", "lstm", "gru", "bidirectional", "seq2seq", "recurrent-cnn", "transformer-encoder",
    "transformer", "vit-b-16", "bert-base", "gpt-2", "gpt-3", "autoencoder", "vae",
    "deepspeech-2", "wavenet",
)  # fmt: skip


def parameters(name: str, **values: object) -> int:
    document = find(name).build(**values)
    return costs(document, infer(document)).total.parameters


@pytest.mark.parametrize("name", NAMES)
def test_it_is_typed_without_problems(name: str):
    entry = find(name)
    for values in ({}, entry.small):
        document = entry.build(**values)
        typing = infer(document)
        found = [problem for problem in check(document, typing) if problem.code != "no-loss"]
        assert [problem.text for problem in found] == []
        assert typing.types.keys() == document.graph.nodes.keys()


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [
        ("bert-base", {}, 109_482_240),
        ("bert-base", {"pretraining": True}, 110_106_428),
        ("bert-base", {"layers": 24, "features": 1024, "heads": 16}, 335_141_888),
        ("gpt-2", {}, 124_439_808),
        ("gpt-2", {"size": "355M"}, 354_823_168),
        ("gpt-2", {"size": "774M"}, 774_030_080),
        ("gpt-2", {"size": "1558M"}, 1_557_611_200),
        ("gpt-3", {}, 174_604_259_328),
        ("vit-b-16", {}, 86_567_656),
        ("vit-b-16", {"features": 1024, "heads": 16, "layers": 24}, 304_326_632),
    ],
)
def test_it_has_as_many_parameters_as_published(name: str, values: dict[str, object], count: int):
    assert parameters(name, **values) == count


def test_seq2seq_without_attention_has_the_384_million_of_its_paper():
    sizes = {"attention": False, "source_words": 160_000, "target_words": 80_000}
    assert round(parameters("seq2seq", **sizes), -6) == 384_000_000


def test_recurrent_cnn_has_the_670_thousand_of_its_paper():
    assert parameters("recurrent-cnn") == 672_202
    assert round(parameters("recurrent-cnn", channels=128), -4) == 1_190_000
    assert round(parameters("recurrent-cnn", channels=160), -4) == 1_860_000


def test_gpt3_is_drawn_and_typed_within_a_second():
    find("gpt-2").build(size="own", layers=1)  # the blocks are loaded
    started = time.perf_counter()
    document = find("gpt-3").build()
    typing = infer(document)
    total = costs(document, typing).total
    assert time.perf_counter() - started < 1.0
    assert total.parameters > 174.6e9


def test_gpt3_is_drawn_and_typed_without_torch():
    text = (
        "import sys\n"
        "from graph.gallery import find\n"
        "from graph.infer import infer\n"
        "document = find('gpt-3').build()\n"
        "assert infer(document).types.keys() == document.graph.nodes.keys()\n"
        "assert not {'torch', 'numpy', 'PySide6'} & sys.modules.keys()\n"
    )
    subprocess.run([sys.executable, "-c", text], check=True, timeout=60)


def test_digits_decide_how_long_the_rows_are():
    for name in ("rnn", "transformer-encoder"):
        document = find(name).build(size="16")
        assert document.data.params["size"] == "16"
        assert infer(document).problems == {}


def test_every_problem_of_a_size_that_cannot_be_is_told():
    document = find("gpt-2").build(size="own", layers=1, features=100, heads=3)
    (problem,) = (p for p in check(document, infer(document)) if p.severity is Severity.ERROR)
    assert "equal shares" in problem.text


@pytest.mark.parametrize(
    "name",
    [
        "rnn", "lstm", "gru", "bidirectional", "transformer-encoder", "vit-b-16", "autoencoder",
        "vae", "deepspeech-2", "wavenet", "recurrent-cnn", "seq2seq", "transformer", "bert-base",
        "gpt-2", "gpt-3",
    ],
)  # fmt: skip
def test_its_small_preset_fits_its_data_and_is_ready_to_train(name: str):
    entry = find(name)
    prepared = prepare(entry.build(**entry.small))
    assert prepared.program.is_trainable
    assert check(prepared.document, prepared.typing, data=prepared.data) == []


def trained(
    name: str, runs: Path, values: Mapping[str, object] = MappingProxyType({}), **recipe: object
) -> Finished:
    """How a run of the small preset ended, with a few values and some of its recipe changed."""
    entry = find(name)
    document = with_recipe(entry.build(**{**entry.small, **values}), threads=1, **recipe)
    last = train(document, runs)[-1]
    assert isinstance(last, Finished), last
    return last


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["rnn", "lstm", "gru", "bidirectional", "recurrent-cnn", "transformer-encoder", "vit-b-16"],
)
def test_its_small_preset_learns_the_digits(name: str, tmp_path: Path):
    assert trained(name, tmp_path, epochs=20).test["accuracy"] > 0.93


@pytest.mark.slow
def test_the_bound_of_the_vae_falls_and_its_codes_stay_informative(tmp_path: Path):
    before = trained("vae", tmp_path, epochs=1).test
    after = trained("vae", tmp_path).test
    assert after["loss"] < 0.85 * before["loss"]
    assert after["loss"] == pytest.approx(after["image_loss"] + after["code_loss"], rel=1e-5)
    assert after["code_loss"] > 1.0


@pytest.mark.slow
def test_the_autoencoder_rebuilds_better_than_the_mean_digit(tmp_path: Path):
    assert trained("autoencoder", tmp_path).test["loss"] < 21.0  # the mean has 27.1


@pytest.mark.slow
def test_wavenet_learns_what_follows_in_a_wave(tmp_path: Path):
    last = trained("wavenet", tmp_path, epochs=4).test
    assert last["loss"] < 2.5  # 4.16 is guessing among 64 levels


@pytest.mark.slow
def test_deep_speech_learns_which_letter_a_digit_is(tmp_path: Path):
    values = {"data": "digits", "convolutions": 2, "layers": 2, "units": 32}
    last = trained("deepspeech-2", tmp_path, values, epochs=6, learning_rate=0.002)
    assert last.test["loss"] < 0.6
    assert last.test["ctc_error_rate"] < 0.25
