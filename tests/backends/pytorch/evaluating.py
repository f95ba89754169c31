"""What a drawing means, worked out block by block: what generated code is held against.

It shares no code with what prints and compares classes. A weight is found by its path, so that
weights which are mixed up, or shared where they should not be, give other numbers.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping

import torch
from torch import Tensor
from torch.nn import functional

from backends.pytorch.compile import build, to_node_keys
from backends.pytorch.source import print_source
from graph.cost import costs
from graph.expressions import calculate
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.lower import lower
from graph.model import Document, Graph, Node, NodeId
from graph.params import Expr

WIDE = 6
Weights = Mapping[str, Tensor]
Values = Mapping[str, object]


class Evaluator:
    """Evaluates drawings of definitions, dense layers and a few blocks without weights."""

    def __init__(self, document: Document, weights: Weights) -> None:
        self.definitions = document.definitions
        self.document = document
        self.weights = weights
        self.read: set[str] = set()

    def answer(self, given: Mapping[str, Tensor]) -> list[Tensor]:
        """What arrives at the Outputs of the drawing."""
        return list(self._graph(self.document.graph, given, "", {}).values())

    def _graph(
        self, graph: Graph, given: Mapping[str, Tensor], path: str, values: Values
    ) -> dict[str, Tensor]:
        known: dict[tuple[NodeId, str], Tensor] = {}

        def made(id: NodeId, out: str) -> Tensor:
            if (id, out) not in known:
                node = graph.nodes[id]
                if node.kind == "input":
                    return given[node.name]
                arriving = {}
                for edge in graph.inputs_of(id):
                    arriving.setdefault(edge.into, []).append(made(edge.source, edge.out))
                for port, value in self._node(node, arriving, path, values).items():
                    known[(id, port)] = value
            return known[(id, out)]

        ends = [node for node in graph.nodes.values() if node.kind == "output"]
        into = {end.name: graph.inputs_of(end.id)[0] for end in ends}
        return {name: made(edge.source, edge.out) for name, edge in into.items()}

    def _node(
        self, node: Node, arriving: Mapping[str, list[Tensor]], path: str, values: Values
    ) -> dict[str, Tensor]:
        at = f"{path}{node.shares or node.id}"
        if node.repeat is None:
            return self._once(node, arriving, at, values)
        mode, outs = node.repeat.mode, {}
        state = dict(arriving)
        if mode == "scan":
            return self._scanned(node, state, at, values)
        places = self._places(node, state)
        count = _number(node.repeat.count, values)
        totals: dict[str, Tensor] = {}
        start = {port: ends[0].shape for port, ends in state.items()}
        carried: dict[str, str] | None = None
        assert isinstance(count, (int, float))
        for number in range(int(count)):
            where = at if mode == "shared" else f"{at}[{number}]"
            outs = self._once(node, state, where, {**values, "i": number})
            names = list(outs)
            if carried is None:
                several = mode in ("chain", "shared") and node.definition
                carried = {
                    into: out
                    for place, (into, out) in enumerate(zip(places, names, strict=False))
                    if not place or (several and start[into] == outs[out].shape)
                }
            for into, out in carried.items():
                new = outs[out]
                state[into] = [torch.cat([state[into][0], new], 1) if mode == "concat" else new]
            if mode == "sum":
                for out in names[1:]:
                    totals[out] = totals[out] + outs[out] if out in totals else outs[out]
        if mode == "concat":
            return {next(iter(outs)): state[places[0]][0]}
        return {**outs, **totals}

    def _scanned(
        self, node: Node, state: dict[str, list[Tensor]], at: str, values: Values
    ) -> dict[str, Tensor]:
        places = self._places(node, state)
        steps, found = state[places[0]][0].unbind(1), []
        outs: dict[str, Tensor] = {}
        for step in steps:
            outs = self._once(node, {**state, places[0]: [step]}, at, values)
            names = list(outs)
            found.append(outs[names[0]])
            for into, out in zip(places[1:], names[1:], strict=False):
                state[into] = [outs[out]]
        return {**outs, next(iter(outs)): torch.stack(found, 1)}

    def _places(self, node: Node, arriving: Mapping[str, list[Tensor]]) -> list[str]:
        """The ports in their order."""
        if not node.definition:
            return list(arriving)
        inner = self.definitions[node.definition].graph.nodes.values()
        return [each.name for each in inner if each.kind == "input"]

    def _once(
        self, node: Node, arriving: Mapping[str, list[Tensor]], at: str, values: Values
    ) -> dict[str, Tensor]:
        params = {
            key: _number(value, values) if isinstance(value, Expr) else value
            for key, value in node.params.items()
        }
        if node.definition:
            definition = self.definitions[node.definition]
            defaults = {key: param.default for key, param in definition.parameters.items()}
            given = {port: ends[0] for port, ends in arriving.items()}
            return self._graph(definition.graph, given, f"{at}/", {**defaults, **params})
        ends = [end for several in arriving.values() for end in several]
        if node.kind == "dense":
            return {"y": ends[0] @ self._weight(f"{at}.dense.weight").T + self._bias(at, params)}
        if node.kind == "leaky_relu":
            slope = params.get("negative_slope", 0.01)
            assert isinstance(slope, (int, float))
            return {"y": functional.leaky_relu(ends[0], slope)}
        if node.kind == "tanh":
            return {"y": ends[0].tanh()}
        if node.kind == "add":
            return {"y": torch.stack(ends).sum(0)}
        if node.kind == "stack":
            return {"y": torch.stack(ends, 1)}
        if node.kind == "mean":
            return {"y": ends[0].mean(1)}
        assert node.kind == "concat", node.kind
        return {"y": torch.cat(ends, 1)}

    def _bias(self, at: str, params: Mapping[str, object]) -> Tensor | float:
        return self._weight(f"{at}.dense.bias") if params.get("bias", True) else 0.0

    def _weight(self, key: str) -> Tensor:
        self.read.add(key)
        return self.weights[key]


def _number(value: object, values: Values) -> object:
    if not isinstance(value, Expr):
        return value
    name = value.text.strip()
    return values[name] if name in values else calculate(value, values)


def check_drawing(document: Document) -> None:
    """The code gives what the drawing means, has each weight once, lints and is formatted."""
    check_lints(check_numbers(document))


def check_numbers(document: Document) -> str:
    """The code, which gives what the drawing means, and has each weight once."""
    assert loads(dumps(document)).document == document
    typing = infer(document)
    assert not typing.problems, [problem.text for problem in typing.problems.values()]
    source = print_source(lower(document, typing))
    assert not source.gaps, source.gaps
    model = build(source.model, source.objective, 0).model.double()
    blocks = costs(document, typing).blocks
    counted = sum(blocks[id].parameters for id in typing.used)
    assert counted == sum(weight.numel() for weight in model.parameters())
    state = to_node_keys(model.state_dict(), source.paths)
    assert len(state) == len(model.state_dict())
    random = torch.Generator().manual_seed(0)
    names = [node.name for node in document.graph.nodes.values() if node.kind == "input"]
    given = {name: torch.randn(3, WIDE, generator=random, dtype=torch.float64) for name in names}
    evaluator = Evaluator(document, state)
    wanted = evaluator.answer(given)
    assert evaluator.read == state.keys()
    nodes = document.graph.nodes
    taken = [nodes[id].name for id in nodes if nodes[id].name in given and id in typing.used]
    answers = model(*(given[name] for name in taken))
    answers = [answers] if isinstance(answers, torch.Tensor) else list(answers)
    for answer, one in zip(answers, wanted, strict=True):
        torch.testing.assert_close(answer, one)
    return source.text


def check_lints(text: str) -> None:
    for command in (["check", "-"], ["format", "--diff", "-"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache"],
            input=text, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, f"{done.stdout[:3000]}{done.stderr}\n{text}"
