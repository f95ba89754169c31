"""Compares drawn networks with references written by hand, their weights copied over by node."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from backends.pytorch.compile import Objective, build, to_node_keys
from backends.pytorch.paths import Paths
from backends.pytorch.source import print_source
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, NodeId

Tensors = Mapping[str, Tensor]
Batch = dict[str, Tensor]
Rename = Callable[[Tensors], dict[str, Tensor]]


@dataclass(frozen=True)
class Drawn:
    """A drawing as a live model; tensors are known by block, such as `logits.dense.weight`.

    What is in definitions has the names of the blocks around it: `layers[0]_norm1.norm.weight`.
    """

    model: nn.Module
    objective: Objective | None
    document: Document
    paths: Paths

    def weights(self) -> dict[str, Tensor]:
        return self._by_block(self.model.state_dict())

    def gradients(self) -> dict[str, Tensor]:
        found = {}
        for name, weight in self.model.named_parameters():
            assert weight.grad is not None, f"no gradient reaches {name}"
            found[name] = weight.grad
        return self._by_block(found)

    def _by_block(self, tensors: Tensors) -> dict[str, Tensor]:
        names = {
            id: node.name for graph in self.document.graphs() for id, node in graph.nodes.items()
        }
        found = {}
        for key, value in to_node_keys(tensors, self.paths).items():
            path, _, rest = key.partition(".")
            parts = [(part.partition("[")[0], part) for part in path.split("/")]
            blocks = "_".join(  # a block that is wrapped to be repeated has an id of its own
                part.replace(id, names[NodeId(id)], 1) for id, part in parts if id in names
            )
            found[f"{blocks}.{rest}"] = value
        return found


def drawn(document: Document, seed: int = 0) -> Drawn:
    """The model of a drawing, its weights drawn from the seed and then stirred a little.

    Zeros and ones at the start, as of biases and norms, would hide that they are mixed up.
    """
    source = print_source(lower(document, infer(document)))
    built = build(source.model, source.objective, seed)
    with torch.no_grad():
        for weight in built.model.parameters():
            weight += 0.05 * torch.randn_like(weight)
    return Drawn(built.model, built.objective, document, source.paths)


def copy_weights(own: Drawn, reference: nn.Module, rename: Rename) -> None:
    """Fills the reference with the drawing's weights; all of both must take part."""
    weights = rename(own.weights())
    assert sum(w.numel() for w in weights.values()) == sum(
        w.numel() for w in own.model.state_dict().values()
    )
    wanted = reference.state_dict()
    assert weights.keys() == wanted.keys()
    reference.load_state_dict(
        {name: value.reshape(wanted[name].shape) for name, value in weights.items()}
    )


def assert_equal_gradients(own: Drawn, reference: nn.Module, rename: Rename) -> None:
    """Every weight is pulled the same way."""
    renamed = rename(own.gradients())
    for name, weight in reference.named_parameters():
        assert weight.grad is not None
        own_grad = renamed[name].reshape(weight.shape)
        torch.testing.assert_close(own_grad, weight.grad, rtol=1e-3, atol=2e-5, msg=name)


@dataclass(frozen=True)
class Case:
    """A drawing and its reference.

    Attributes:
        batch: rows of all columns, for so many samples.
        inputs: the columns that the model reads.
        answer: what the reference gives in evaluation for what the drawing gives first.
        loss: the reference's loss.
    """

    document: Document
    reference: nn.Module
    rename: Rename
    batch: Callable[[int], Batch]
    inputs: tuple[str, ...]
    answer: Callable[[nn.Module, Batch], Tensor]
    loss: Callable[[nn.Module, Batch], Tensor]


SEED = 7


def assert_equal_answers(case: Case, n: int) -> None:
    """In evaluation both answer the same; sums in another order differ by a few roundings."""
    own = drawn(case.document)
    copy_weights(own, case.reference, case.rename)
    batch = case.batch(n)
    own.model.eval()
    with torch.no_grad():
        answer = own.model(*(batch[name] for name in case.inputs))
        first = answer[0] if isinstance(answer, tuple) else answer
        expected = case.answer(case.reference.eval(), batch)
    torch.testing.assert_close(first, expected, rtol=1e-4, atol=2e-5)


def assert_equal_training(case: Case, n: int) -> None:
    """While training both have the same loss, and the same gradient for every weight."""
    own = drawn(case.document)
    copy_weights(own, case.reference, case.rename)
    batch = case.batch(n)
    assert own.objective is not None
    torch.manual_seed(SEED)
    loss, _ = own.objective(own.model.train(), batch)
    expected = case.loss(case.reference.train(), batch)
    torch.testing.assert_close(loss, expected, rtol=1e-5, atol=1e-5)
    loss.backward()
    expected.backward()
    assert_equal_gradients(own, case.reference, case.rename)


def renaming(rules: Mapping[str, str]) -> Rename:
    """A renaming by patterns of whole names; in the new name `{n}` is the number found, less 1.

    What is repeated counts from 1 for that: `layers[0]_norm1` is `layer1_norm1`.

    What torch keeps in one tensor for query, key and value becomes three.
    """

    def rename(tensors: Tensors) -> dict[str, Tensor]:
        found: dict[str, Tensor] = {}
        for old, value in tensors.items():
            new = _renamed(old, rules)
            head, _, tail = new.rpartition(".")
            if tail in ("in_proj_weight", "in_proj_bias"):
                for part, share in zip(("query", "key", "value"), value.chunk(3), strict=True):
                    found[f"{head}.{part}.{tail.removeprefix('in_proj_')}"] = share
            else:
                found[new.replace("out_proj", "out")] = value
        return found

    return rename


def _renamed(name: str, rules: Mapping[str, str]) -> str:
    name = re.sub(r"s?\[(\d+)\]", lambda row: str(int(row[1]) + 1), name)
    for pattern, text in rules.items():
        match = re.fullmatch(pattern, name)
        if match:
            groups = {key: value for key, value in match.groupdict().items() if key != "n"}
            number = match.groupdict().get("n")
            return text.format(n=int(number) - 1 if number else "", **groups)
    raise AssertionError(f"no rule says what {name} is in the reference")
