"""Recurrent networks of the gallery, and the Transformer that translates, against references."""

from __future__ import annotations

import re

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from graph.gallery import find
from tests.graph.gallery.parity import (
    Batch,
    Case,
    assert_equal_answers,
    assert_equal_training,
    renaming,
)
from tests.references.recurrent import BothWays, DeepSpeech2, Seq2Seq
from tests.references.recurrent_cnn import RecurrentCnn
from tests.references.translation import Transformer


def _cells(pattern: str, name: str) -> dict[str, str]:
    """How the weights of a layer of torch are called in a reference that goes forwards."""
    return {
        rf"{pattern}\.cells\.(?P<kind>\w+)_ih_l0": f"{name}.seen.{{kind}}",
        rf"{pattern}\.cells\.(?P<kind>\w+)_hh_l0": f"{name}.known.{{kind}}",
    }


def _both(pattern: str, forwards: str, backwards: str) -> dict[str, str]:
    from_end = {f"{old}_reverse": new for old, new in _cells(pattern, backwards).items()}
    return {**_cells(pattern, forwards), **from_end}


def _bidirectional() -> Case:
    return Case(
        find("bidirectional").build(units=6),
        BothWays(8, 6, 10),
        renaming({**_both("lstm", "down", "up"), r"logits\.\w+\.(?P<rest>.*)": "logits.{rest}"}),
        lambda n: {"rows": torch.rand(n, 8, 8), "label": torch.randint(0, 10, (n,))},
        ("rows",),
        lambda model, batch: model(batch["rows"]),
        lambda model, batch: F.cross_entropy(model(batch["rows"]), batch["label"]),
    )


def _sentences(n: int) -> Batch:
    lengths = {"words": 5, "source": 5, "written": 7, "following": 7}
    return {name: torch.randint(0, 9, (n, length)) for name, length in lengths.items()}


def _surprise(model: nn.Module, batch: Batch, first: str, smoothing: float = 0.0) -> Tensor:
    logits = model(batch[first], batch["written"]).transpose(1, 2)
    return F.cross_entropy(logits, batch["following"], label_smoothing=smoothing)


def _seq2seq() -> Case:
    document = find("seq2seq").build(
        source_words=11, target_words=9, dimension=5, units=6, layers=1, dropout=0.0
    )
    rest = r"(?P<part>embed_source|embed_target|score|attend|logits)\.\w+\.(?P<rest>.*)"
    return Case(
        document,
        Seq2Seq(11, 9, 5, 6),
        renaming(
            {**_cells("encoder", "encoder"), **_cells("decoder", "decoder"), rest: "{part}.{rest}"}
        ),
        _sentences,
        ("words", "written"),
        lambda model, batch: model(batch["words"], batch["written"]),
        lambda model, batch: _surprise(model, batch, "words"),
    )


def _transformer() -> Case:
    half = r"(?P<half>encoder|decoder)(?P<n>\d+)\.\w+\."
    rules = {
        r"token_table\.weight": "tokens.weight",
        rf"{half}self_attn\.(?P<rest>.*)": "{half}.{n}.own.{rest}",
        rf"{half}multihead_attn\.(?P<rest>.*)": "{half}.{n}.other.{rest}",
        rf"{half}linear1\.(?P<rest>.*)": "{half}.{n}.wide.{rest}",
        rf"{half}linear2\.(?P<rest>.*)": "{half}.{n}.narrow.{rest}",
        r"encoder(?P<n>\d+)\.\w+\.norm2\.(?P<rest>.*)": "encoder.{n}.norm3.{rest}",
        rf"{half}(?P<norm>norm.)\.(?P<rest>.*)": "{half}.{n}.{norm}.{rest}",
    }
    document = find("transformer").build(
        vocabulary=9, features=12, heads=3, feed_forward=20, layers=2, context=8, dropout=0.0
    )
    return Case(
        document,
        Transformer(9, 12, 3, 20, 2),
        renaming(rules),
        _sentences,
        ("source", "written"),
        lambda model, batch: model(batch["source"], batch["written"]),
        lambda model, batch: _surprise(model, batch, "source", 0.1),
    )


def _layer(found: re.Match[str]) -> str:
    """The first layer is drawn before those that are repeated."""
    number = re.search(r"\d", found[0])
    return f"layer{int(number[0]) + 2 if number else 1}_"


def _deep_speech_2() -> Case:
    rules = {
        r"conv(?P<n>\d)_conv\.\w+\.(?P<rest>.*)": "convolutions.{n}.{rest}",
        r"conv(?P<n>\d)_norm\.\w+\.(?P<rest>.*)": "norms.{n}.{rest}",
        **_both(r"layer(?P<n>\d+)_gru", "layers.{n}.forwards", "layers.{n}.backwards"),
        r"layer(?P<n>\d+)_norm\.\w+\.(?P<rest>.*)": "layers.{n}.norm.{rest}",
        r"(?P<part>norm|logits)\.\w+\.(?P<rest>.*)": "{part}.{rest}",
    }

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        scores = model(batch["rows"]).transpose(0, 1)
        n = len(batch["label"])
        places = torch.full((n,), 8)
        one = torch.ones(n, dtype=torch.int64)
        return F.ctc_loss(scores, batch["label"][:, None], places, one, blank=10)

    return Case(
        find("deepspeech-2").build(data="digits", layers=3, units=4),
        DeepSpeech2(16, 4, 3, 11),
        lambda tensors: renaming(rules)(
            {re.sub(r"^first_|^layers\[\d\]_", _layer, name): w for name, w in tensors.items()}
        ),
        lambda n: {"rows": torch.rand(n, 16, 16), "label": torch.randint(0, 10, (n,))},
        ("rows",),
        lambda model, batch: model(batch["rows"]),
        loss,
    )


def _recurrent_cnn() -> Case:
    rules = {
        r"layer(?P<n>\d)_steps_known\.\w+\.weight": "layers.{n}.known.weight",
        r"layer(?P<n>\d)_seen\.\w+\.(?P<rest>.*)": "layers.{n}.seen.{rest}",
        r"(?P<part>conv1|logits)\.\w+\.(?P<rest>.*)": "{part}.{rest}",
    }
    document = find("recurrent-cnn").build(
        data="digits", image_size=8, channels=8, steps=3, dropout=0.0
    )
    return Case(
        document,
        RecurrentCnn(8, 3, 10),
        renaming(rules),
        lambda n: {"image": torch.rand(n, 1, 8, 8), "label": torch.randint(0, 10, (n,))},
        ("image",),
        lambda model, batch: model(batch["image"]),
        lambda model, batch: F.cross_entropy(model(batch["image"]), batch["label"]),
    )


CASES = {
    "bidirectional": _bidirectional, "seq2seq": _seq2seq, "transformer": _transformer,
    "deepspeech-2": _deep_speech_2, "recurrent-cnn": _recurrent_cnn,
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    torch.manual_seed(0)
    return CASES[request.param]()


@pytest.mark.parametrize("n", [2, 5])
def test_its_answers_are_those_of_the_reference(case: Case, n: int):
    assert_equal_answers(case, n)


@pytest.mark.parametrize("n", [2, 5])
def test_its_losses_and_gradients_are_those_of_the_reference(case: Case, n: int):
    assert_equal_training(case, n)
