"""Drawings with a learned Parameter and with random blocks train, are kept and go on."""

import torch

from backends.protocol import Finished
from backends.pytorch.checkpoint import load_weights
from graph import edits
from graph.data import DataSpec
from graph.model import Document, NodeId
from tests.backends.pytorch.drawings import with_recipe
from tests.backends.pytorch.running import epochs, losses, train
from tests.drawing import set_params


def drawn(*kinds: str) -> tuple[Document, dict[str, NodeId]]:
    """A drawing of these blocks on the digits, and their ids by `kind`, `kind2` and so on."""
    document = edits.set_data(Document(), DataSpec("digits", {"layout": "flat"}))
    ids: dict[str, NodeId] = {}
    for kind in kinds:
        document = edits.add(document, kind, (0, 0))
        count = sum(name.rstrip("0123456789") == kind for name in ids)
        ids[kind if not count else f"{kind}{count + 1}"] = list(document.graph.nodes)[-1]
    return set_params(document, ids["input"], shape="64"), ids


def wired(document: Document, ids: dict[str, NodeId], text: str) -> Document:
    """The same with wires such as `input>dense.x`."""
    for wire in text.split():
        source, target = wire.split(">")
        into, port = target.split(".")
        document = edits.connect(document, ids[source], "y", ids[into], port)
    return document


def test_a_learned_query_trains_and_is_kept(tmp_path):
    document, ids = drawn("input", "parameter", "concat", "dense", "target", "cross_entropy")
    document = set_params(document, ids["parameter"], shape=(3,), start="value", value=1.0)
    document = set_params(document, ids["dense"], features=10)
    document = wired(
        document,
        ids,
        "input>parameter.batch input>concat.xs parameter>concat.xs concat>dense.x "
        "dense>cross_entropy.prediction target>cross_entropy.target",
    )
    events = train(with_recipe(document, epochs=2, threads=1), tmp_path)
    assert isinstance(events[-1], Finished)
    (run,) = tmp_path.iterdir()
    learned = load_weights(run)[f"{ids['parameter']}.weight"]
    assert learned.shape == (3,)
    assert not torch.equal(learned, torch.ones(3))


def test_a_variational_autoencoder_trains_the_same_by_the_same_seed(tmp_path):
    document, ids = drawn("input", "dense", "dense", "reparameterize", "dense", "mse")
    for name, width in (("dense", 8), ("dense2", 8), ("dense3", 64)):
        document = set_params(document, ids[name], features=width)
    document = wired(
        document,
        ids,
        "input>dense.x input>dense2.x dense>reparameterize.mean "
        "dense2>reparameterize.log_variance reparameterize>dense3.x dense3>mse.prediction "
        "input>mse.target",
    )
    document = with_recipe(document, epochs=2, threads=1, seed=3)
    one, other = train(document, tmp_path / "one"), train(document, tmp_path / "other")
    assert isinstance(one[-1], Finished)
    assert losses(one) == losses(other)
    first, last = epochs(one)
    assert last.train["loss"] < first.train["loss"]
