"""Networks of the gallery beside references written by hand, in sizes whose steps are quick.

The references, and which weight of theirs is which of the drawing, are those that the tests
compare numbers with, but for two, of which `by_hand` says why.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import torch
from torch import Tensor, nn

from benchmarks import by_hand
from graph.gallery import find
from graph.model import Document
from tests.backends.pytorch import test_gallery_convolutional as images
from tests.graph.gallery import (
    test_adversarial_numbers,
    test_diffusion_numbers,
    test_evoformer_numbers,
    test_recurrent_numbers,
    test_sequence_numbers,
    test_simple_numbers,
)
from tests.graph.gallery.parity import Batch, Case, Rename
from tests.references.adversarial import (
    DeepDiscriminator,
    DeepGenerator,
    Duel,
    PlainDiscriminator,
    PlainGenerator,
)
from tests.references.autoencoders import Vae
from tests.references.convolutional import Alexnet, Lenet, Resnet, Vgg16
from tests.references.dense import Autoencoder, Mlp, Perceptron
from tests.references.joining import Densenet, Googlenet
from tests.references.language import Bert, Gpt
from tests.references.latent_diffusion import LatentDiffusion, Plane, Unet
from tests.references.reading import Elman, Reader
from tests.references.recurrent import BothWays, DeepSpeech2, Gru, Lstm, Seq2Seq
from tests.references.recurrent_cnn import RecurrentCnn
from tests.references.translation import Transformer
from tests.references.vision import RowClassifier

CLASSES = images.CLASSES
CASES: Mapping[str, Callable[[], Case]] = {
    **test_simple_numbers.CASES,
    **test_recurrent_numbers.CASES,
    **test_sequence_numbers.CASES,
}
BY_HAND = frozenset({"vit-b-16", "wavenet"})
SAME_AS = {"gpt-3": "gpt-2"}


@dataclass(frozen=True)
class Pair:
    """A drawing and its reference, both in the sizes that `values` names, and a batch for them."""

    document: Document
    reference: nn.Module
    rename: Rename
    batch: Batch
    loss: Callable[[nn.Module, Batch], Tensor]
    values: Mapping[str, object]


@dataclass(frozen=True)
class Size:
    """The values of an entry's form, the reference in that size, and how many rows a step takes."""

    values: Mapping[str, object]
    reference: Callable[[], nn.Module]
    rows: int
    shape: tuple[int, ...] = (3, 64, 64)


def _images(width: int, **values: object) -> dict[str, object]:
    return {"classes": CLASSES, "image_size": 64, "width": width, **values}


IMAGES: Mapping[str, Size] = {
    "lenet-5": Size({}, Lenet, 32, (1, 32, 32)),
    "alexnet": Size(
        _images(32, variant="2012", image_size=127),
        lambda: Alexnet((48, 128, 192, 192, 128), 2048, CLASSES), 4, (3, 127, 127),
    ),
    "googlenet": Size(_images(64), lambda: Googlenet(1, CLASSES, large=3), 4),
    "vgg-16": Size(_images(16), lambda: Vgg16(16, CLASSES), 4),
    "resnet-18": Size(_images(64), lambda: Resnet((2, 2, 2, 2), 64, CLASSES, False), 2),
    "resnet-50": Size(_images(32), lambda: Resnet((3, 4, 6, 3), 32, CLASSES, True), 2),
    "resnet-152": Size(_images(16), lambda: Resnet((3, 8, 36, 3), 16, CLASSES, True), 2),
    "densenet-121": Size(
        _images(32, growth=16), lambda: Densenet((6, 12, 24, 16), 16, 32, CLASSES), 2
    ),
    "densenet-201": Size(
        _images(32, growth=16), lambda: Densenet((6, 12, 48, 32), 16, 32, CLASSES), 2
    ),
}  # fmt: skip
_LANGUAGE = {"vocabulary": 1000, "context": 64, "features": 128, "heads": 4, "layers": 3}
SEQUENCES: Mapping[str, Size] = {
    "perceptron": Size({}, lambda: Perceptron(64, 10), 64),
    "mlp": Size({"features": 256, "layers": 3}, lambda: Mlp(64, 256, 3, 10), 64),
    "autoencoder": Size({}, lambda: Autoencoder(784, (1000, 500, 250), 30), 32),
    "vae": Size({"code": 4}, lambda: Vae(784, 500, 4), 64),
    "rnn": Size({}, lambda: Reader(Elman(8, 64), 64, 10), 32),
    "lstm": Size({}, lambda: Reader(Lstm(8, 64), 64, 10), 32),
    "gru": Size({}, lambda: Reader(Gru(8, 64), 64, 10), 32),
    "bidirectional": Size({"units": 64}, lambda: BothWays(8, 64, 10), 32),
    "recurrent-cnn": Size(
        {"data": "digits", "image_size": 16, "channels": 32, "steps": 3, "dropout": 0.0},
        lambda: RecurrentCnn(32, 3, 10), 8,
    ),
    "seq2seq": Size(
        {"source_words": 500, "target_words": 500, "dimension": 64, "units": 64, "layers": 1,
         "dropout": 0.0},
        lambda: Seq2Seq(500, 500, 64, 64), 16,
    ),
    "transformer": Size(
        {"vocabulary": 500, "features": 128, "heads": 4, "feed_forward": 512, "layers": 2,
         "context": 64, "dropout": 0.0},
        lambda: Transformer(500, 128, 4, 512, 2), 8,
    ),
    "transformer-encoder": Size({"dropout": 0.0}, lambda: RowClassifier(8, 64, 4, 128, 2, 10), 32),
    "bert-base": Size({**_LANGUAGE, "dropout": 0.0, "pretraining": True},
                      lambda: Bert(**_LANGUAGE), 4),
    "gpt-2": Size({**_LANGUAGE, "size": "own", "dropout": 0.0}, lambda: Gpt(**_LANGUAGE), 4),
    "gpt-3": Size({**_LANGUAGE, "size": "own", "dropout": 0.0}, lambda: Gpt(**_LANGUAGE), 4),
    "vit-b-16": Size(
        {"data": "digits", "image_size": 32, "patch": 4, "features": 128, "heads": 4, "layers": 3},
        lambda: by_hand.Vit(32, 4, 128, 4, 3, 10), 4,
    ),
    "deepspeech-2": Size({"data": "digits", "layers": 3, "units": 64},
                         lambda: DeepSpeech2(16, 64, 3, 11), 8),
    "wavenet": Size(
        {"window": 256, "levels": 64, "layers": 6, "stacks": 1, "channels": 32,
         "skip_channels": 64},
        lambda: by_hand.WaveNet(64, 4.0, 32, 64, 6), 4,
    ),
}  # fmt: skip


def _tokens(rows: int, length: int, below: int) -> Tensor:
    return torch.randint(0, below, (rows, length))


def _labelled(column: str, *shape: int) -> Callable[[int], Batch]:
    return lambda n: {column: torch.rand(n, *shape), "label": torch.randint(0, 10, (n,))}


def _sentences(n: int) -> Batch:
    names = ("words", "source", "written", "following")
    return {name: _tokens(n, 20, 500) for name in names}


def _bert(n: int) -> Batch:
    return {
        "tokens": _tokens(n, 64, 1000), "segments": _tokens(n, 64, 2),
        "hidden_words": _tokens(n, 64, 1000), "is_next": _tokens(n, 1, 2)[:, 0],
    }  # fmt: skip


def _text(n: int) -> Batch:
    return {"tokens": _tokens(n, 64, 1000), "following": _tokens(n, 64, 1000)}


# Where the batch of the tests is of another size.
BATCHES: Mapping[str, Callable[[int], Batch]] = {
    "autoencoder": lambda n: {"image": torch.rand(n, 784)},
    "vae": lambda n: {"image": torch.rand(n, 784)},
    "recurrent-cnn": _labelled("image", 1, 16, 16),
    "seq2seq": _sentences,
    "transformer": _sentences,
    "bert-base": _bert,
    "gpt-2": _text,
    "gpt-3": _text,
    "vit-b-16": _labelled("image", 1, 32, 32),
    "wavenet": lambda n: {"wave": torch.randn(n, 256, 1)},
}


def _points() -> Pair:
    values = {"steps": 200, "units": 128, "blocks": 4}
    reference = Plane(128, 4, 200)
    return Pair(
        find("diffusion").build(**values), reference, test_diffusion_numbers.renaming(reference),
        {"points": torch.randn(128, 2)}, lambda model, batch: model(batch["points"])[-1], values,
    )  # fmt: skip


def _codes() -> Pair:
    values: dict[str, object] = {
        "size": "16", "encoder": (16, 32), "levels": (32, 64), "blocks": 1, "heads": 4,
        "groups": 4, "context": 32, "steps": 200,
    }  # fmt: skip
    unet = Unet(4, (32, 64), 1, 4, 4, 32)
    reference = LatentDiffusion((16, 32), 4, 4, unet, 32, 200, 1e-4)
    return Pair(
        find("latent-diffusion").build(**values),
        reference,
        test_diffusion_numbers.renaming(reference),
        {"image": torch.rand(16, 1, 16, 16), "y": torch.randint(0, 10, (16,))},
        lambda model, batch: model(batch["image"], batch["y"])[-1],
        values,
    )


def _hidden_pixels() -> Pair:
    document, reference = test_evoformer_numbers.hidden_pixels(blocks=2)
    return Pair(
        document, reference, test_evoformer_numbers.rename_all, {"rows": torch.rand(16, 8, 8)},
        lambda model, batch: model(batch["rows"]), {"data": "digits", "blocks": 2},
    )  # fmt: skip


def _duel(name: str, reference: Duel, real: Tensor, latent: int, **values: object) -> Pair:
    """Both sides at once: the sum of their losses, as it is worked out before each turn."""
    case = test_adversarial_numbers.CASES[name]()

    def loss(model: nn.Module, batch: Batch) -> Tensor:
        _, losses = model(case.to_real(batch[case.column]), torch.randn(len(real), latent))
        return torch.stack(list(losses.values())).sum()

    document = find(name).build(latent=latent, **values)
    return Pair(document, reference, case.rename, {case.column: real}, loss, values)


def _gan() -> Pair:
    wide = (128, 128)
    reference = Duel(PlainGenerator(8, wide, 2), PlainDiscriminator(2, wide))
    return _duel("gan", reference, torch.randn(256, 2), 8, hidden=wide)


def _dcgan() -> Pair:
    reference = Duel(DeepGenerator(16, 8, 16), DeepDiscriminator(8, 16))
    images_of = torch.rand(16, 1, 16, 16)
    return _duel("dcgan", reference, images_of, 16, data="digits", image_size=16, width=8)


OTHERS: Mapping[str, Callable[[], Pair]] = {
    "gan": _gan,
    "dcgan": _dcgan,
    "diffusion": _points,
    "latent-diffusion": _codes,
    "evoformer": _hidden_pixels,
}


def pair_of(name: str) -> Pair | None:
    """An entry and its reference; None where nobody has written one."""
    torch.manual_seed(0)
    if name in IMAGES:
        return _of_images(name, IMAGES[name])
    if name in SEQUENCES:
        return _of_sequences(name, SEQUENCES[name])
    if name in OTHERS:
        return OTHERS[name]()
    return None


def _of_images(name: str, size: Size) -> Pair:
    case = images.Case(name, size.values, size.reference, size.shape)
    reference = size.reference()
    return Pair(
        find(name).build(**size.values),
        reference,
        images.renaming_for(reference),
        images.batch_of(case, size.rows),
        lambda model, batch: images.total_loss(model(batch["image"]), batch["label"]),
        size.values,
    )


def _of_sequences(name: str, size: Size) -> Pair:
    case = CASES[SAME_AS.get(name, name)]()
    case = replace(case, batch=BATCHES.get(name, case.batch))
    return Pair(
        find(name).build(**size.values),
        size.reference(),
        by_hand.rename if name in BY_HAND else case.rename,
        case.batch(size.rows),
        case.loss,
        size.values,
    )
