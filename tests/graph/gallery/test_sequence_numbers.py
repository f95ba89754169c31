"""Sequence networks of the gallery against references written by hand, with the same weights.

Compared are answers in evaluation, losses and gradients while training, at two batch sizes.
"""

from __future__ import annotations

import re

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from backends.pytorch.compile import execute
from backends.pytorch.source import print_source
from graph.gallery import find
from graph.infer import infer
from graph.lower import lower
from tests.graph.gallery.parity import (
    SEED,
    Batch,
    Case,
    Tensors,
    assert_equal_answers,
    assert_equal_training,
    copy_weights,
    drawn,
    renaming,
)
from tests.references.autoencoders import Vae
from tests.references.language import Bert, Gpt
from tests.references.vision import RowClassifier, Vit
from tests.references.wavenet import WaveNet

_LAYER = {
    r"layer(?P<n>\d+)_attention\.attention\.(?P<rest>.*)": "layers.{n}.attention.{rest}",
    r"layer(?P<n>\d+)_(?P<part>norm1|norm2|wide|narrow)\.\w+\.(?P<rest>.*)": (
        "layers.{n}.{part}.{rest}"
    ),
}
_ENDS = {r"(?P<part>embed|norm|logits)\.\w+\.(?P<rest>.*)": "{part}.{rest}"}
_ROWS = {
    r"layer(?P<n>\d+)\.\w+\.self_attn\.(?P<rest>.*)": "layers.{n}.attention.{rest}",
    r"layer(?P<n>\d+)\.\w+\.linear1\.(?P<rest>.*)": "layers.{n}.wide.{rest}",
    r"layer(?P<n>\d+)\.\w+\.linear2\.(?P<rest>.*)": "layers.{n}.narrow.{rest}",
    r"layer(?P<n>\d+)\.\w+\.(?P<norm>norm.)\.(?P<rest>.*)": "layers.{n}.{norm}.{rest}",
    **_ENDS,
}
_GPT = {
    r"token_table\.weight": "tokens.weight",
    r"positions\.\w+\.table": "places.weight",
    **_LAYER,
    **_ENDS,
}
_BERT = {
    r"segment_table\.weight": "segments.weight",
    r"pooler_dense\.\w+\.(?P<rest>.*)": "pool.{rest}",
    r"words_dense\.\w+\.(?P<rest>.*)": "transform.{rest}",
    r"words_layer_norm\.\w+\.(?P<rest>.*)": "transform_norm.{rest}",
    r"words_bias\.weight": "bias",
    r"follows\.\w+\.(?P<rest>.*)": "follows.{rest}",
    **_GPT,
}
_VIT = {
    r"patches\.\w+\.(?P<rest>.*)": "embed.{rest}",
    r"class_token\.\w+\.token": "first",
    r"positions\.\w+\.table": "places",
    **_LAYER,
    **_ENDS,
}
_VAE = {
    r"logits\.\w+\.(?P<rest>.*)": "pixels.{rest}",
    r"(?P<part>encode|mean|log_variance|decode)\.\w+\.(?P<rest>.*)": "{part}.{rest}",
}


def _wavenet_rename(tensors: Tensors) -> dict[str, Tensor]:
    """A filter of two places is a product with the place itself and one with an earlier one."""
    found: dict[str, Tensor] = {}
    repeated = len({name.partition("]")[0] for name in tensors if name.startswith("layers[")})
    for old, value in tensors.items():
        node, _, kind = old.split(".")
        node = re.sub(r"layers\[(\d+)\]", lambda row: f"layer{int(row[1]) + 1}", node)
        node = node.replace("last_", f"layer{repeated + 1}_").replace("to_skip", "skip")
        layer, _, part = node.rpartition("_")
        if not layer:
            head, value_of = node, {"": value}
        elif part == "conv":
            head = f"layers.{int(layer.removeprefix('layer')) - 1}"
            value_of = dict(zip((".filter", ".gate"), value.chunk(2), strict=True))
        else:
            head = f"layers.{int(layer.removeprefix('layer')) - 1}.{part}"
            value_of = {"": value}
        for end, share in value_of.items():
            if kind == "weight" and share.shape[2] == 2:
                found[f"{head}{end}.before.weight"] = share[:, :, 0]
                found[f"{head}{end}.now.weight"] = share[:, :, 1]
            elif node == "first" or end:
                found[f"{head}{end}.now.{kind}"] = share
            else:
                found[f"{head}{end}.{kind}"] = share
    return found


def _tokens(n: int, length: int, below: int) -> Tensor:
    return torch.randint(0, below, (n, length))


def _encoder() -> Case:
    document = find("transformer-encoder").build(layers=2, features=16, dropout=0.0)
    return Case(
        document,
        RowClassifier(8, 16, 4, 128, 2, 10),
        renaming(_ROWS),
        lambda n: {"rows": torch.rand(n, 8, 8), "label": torch.randint(0, 10, (n,))},
        ("rows",),
        lambda model, batch: model(batch["rows"]),
        lambda model, batch: F.cross_entropy(model(batch["rows"]), batch["label"]),
    )


def _gpt(name: str = "gpt-2") -> Case:
    sizes = {"vocabulary": 29, "context": 12, "features": 24, "heads": 3, "layers": 2}
    return Case(
        find(name).build(size="own", dropout=0.0, **sizes),
        Gpt(**sizes),
        renaming(_GPT),
        lambda n: {"tokens": _tokens(n, 9, 29), "following": _tokens(n, 9, 29)},
        ("tokens",),
        lambda model, batch: model(batch["tokens"]),
        lambda model, batch: F.cross_entropy(
            model(batch["tokens"]).transpose(1, 2), batch["following"]
        ),
    )


def _bert() -> Case:
    sizes = {"vocabulary": 29, "context": 12, "features": 24, "heads": 3, "layers": 2}

    def batch(n: int) -> Batch:
        hidden = _tokens(n, 9, 29)
        hidden[:, ::2] = -100
        return {
            "tokens": _tokens(n, 9, 29),
            "segments": _tokens(n, 9, 2),
            "hidden_words": hidden,
            "is_next": torch.randint(0, 2, (n,)),
        }

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        _, _, words, follows = model(batch["tokens"], batch["segments"])
        of_words = F.cross_entropy(words.transpose(1, 2), batch["hidden_words"])
        return of_words + F.cross_entropy(follows, batch["is_next"])

    return Case(
        find("bert-base").build(dropout=0.0, pretraining=True, **sizes),
        Bert(**sizes),
        renaming(_BERT),
        batch,
        ("tokens", "segments"),
        lambda model, batch: model(batch["tokens"], batch["segments"])[0],
        loss,
    )


def _vit() -> Case:
    document = find("vit-b-16").build(
        data="digits", image_size=8, patch=4, features=16, heads=2, layers=2
    )
    return Case(
        document,
        Vit(8, 4, 16, 2, 2, 10),
        renaming(_VIT),
        lambda n: {"image": torch.rand(n, 1, 8, 8), "label": torch.randint(0, 10, (n,))},
        ("image",),
        lambda model, batch: model(batch["image"]),
        lambda model, batch: F.cross_entropy(model(batch["image"]), batch["label"]),
    )


def _wavenet() -> Case:
    document = find("wavenet").build(
        window=20, levels=16, layers=3, stacks=2, channels=5, skip_channels=7
    )

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        wave = batch["wave"][:, :, 0]
        logits = model(wave)[:, :-1].transpose(1, 2)
        return F.cross_entropy(logits, model.quantise(wave)[:, 1:])

    return Case(
        document,
        WaveNet(16, 4.0, 5, 7, [1, 2, 4, 1, 2, 4]),
        _wavenet_rename,
        lambda n: {"wave": torch.randn(n, 20, 1)},
        ("wave",),
        lambda model, batch: model(batch["wave"][:, :, 0]).transpose(1, 2),
        loss,
    )


def _vae() -> Case:
    def loss(model: nn.Module, batch: Batch) -> Tensor:
        torch.manual_seed(SEED)
        return model(batch["image"], torch.randn(len(batch["image"]), 4))[1]

    return Case(
        find("vae").build(size="8", hidden=12, code=4),
        Vae(64, 12, 4),
        renaming(_VAE),
        lambda n: {"image": torch.rand(n, 64)},
        ("image",),
        lambda model, batch: model.mean(torch.tanh(model.encode(batch["image"]))),
        loss,
    )


CASES = {
    "transformer-encoder": _encoder, "gpt-2": _gpt, "gpt-3": lambda: _gpt("gpt-3"),
    "bert-base": _bert, "vit-b-16": _vit, "wavenet": _wavenet, "vae": _vae,
}  # fmt: skip


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    torch.manual_seed(0)
    made = CASES[request.param]()
    return made


@pytest.mark.parametrize("n", [2, 5])
def test_its_answers_are_those_of_the_reference(case: Case, n: int):
    assert_equal_answers(case, n)


@pytest.mark.parametrize("n", [2, 5])
def test_its_losses_and_gradients_are_those_of_the_reference(case: Case, n: int):
    assert_equal_training(case, n)


def test_a_vae_rebuilds_from_the_means_once_trained():
    case = _vae()
    own = drawn(case.document)
    copy_weights(own, case.reference, case.rename)
    image = torch.rand(3, 64)
    own.model.eval()
    with torch.no_grad():
        rebuilt = own.model(image)[1]
        expected = case.reference(image, torch.zeros(3, 4))[0]
    torch.testing.assert_close(rebuilt, expected, rtol=1e-4, atol=2e-5)


@pytest.mark.slow
def test_gpt3_has_the_weights_of_its_reference_on_the_meta_device() -> None:
    """In the published size; only the table of tokens is ever made, as torch draws it elsewhere."""
    document = find("gpt-3").build()
    source = print_source(lower(document, infer(document)))
    with torch.device("meta"):
        own = execute(source.model).names["Model"]()
        reference = Gpt(vocabulary=50_257, context=2048, features=12_288, heads=96, layers=96)
    assert sum(weight.numel() for weight in own.parameters()) == 174_604_259_328
    assert sum(weight.numel() for weight in reference.parameters()) == 174_604_259_328
