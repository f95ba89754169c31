"""What a drawing means, worked out block by block: what generated code is held against.

It shares no code with what prints and compares classes. A weight is found by its path, so that
weights which are mixed up, or shared where they should not be, give other numbers.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor, nn

from backends.pytorch.compile import build, to_node_keys
from backends.pytorch.source import print_source
from graph.cost import costs
from graph.expressions import calculate
from graph.fileio import dumps, loads
from graph.infer import infer
from graph.lower import Program, lower
from graph.model import Document, Endpoint, Graph, Node, NodeId
from graph.params import Expr
from tests.backends.pytorch.meanings import MEANINGS, PORTS

Values = Mapping[str, object]
Arriving = Mapping[str, list[Tensor]]


class Evaluator:
    """Evaluates drawings of definitions and of the blocks that `meanings` knows."""

    def __init__(
        self, document: Document, weights: Mapping[str, Tensor], training: bool = False
    ) -> None:
        self.definitions = document.definitions
        self.document = document
        self.weights = weights
        self.training = training
        self.read: set[str] = set()

    def values(self, ends: Iterable[Endpoint], given: Mapping[NodeId, Tensor]) -> list[Tensor]:
        """What comes out of these ports of the drawing."""
        return self._graph(self.document.graph, ends, given, "", {})

    def _graph(
        self,
        graph: Graph,
        ends: Iterable[Endpoint],
        given: Mapping[NodeId, Tensor],
        path: str,
        values: Values,
    ) -> list[Tensor]:
        known: dict[Endpoint, Tensor] = {(id, "y"): value for id, value in given.items()}

        def made(id: NodeId, out: str) -> Tensor:
            if (id, out) not in known:
                arriving: dict[str, list[Tensor]] = {}
                for edge in graph.inputs_of(id):
                    arriving.setdefault(edge.into, []).append(made(edge.source, edge.out))
                for port, value in self._node(graph.nodes[id], arriving, path, values).items():
                    known[(id, port)] = value
            return known[(id, out)]

        return [made(*end) for end in ends]

    def _node(self, node: Node, arriving: Arriving, path: str, values: Values) -> dict[str, Tensor]:
        at = f"{path}{node.shares or node.id}"
        if node.repeat is None:
            return self._once(node, arriving, at, values)
        if node.repeat.mode == "scan":
            return self._scanned(node, dict(arriving), at, values)
        return self._repeated(node, dict(arriving), at, values, node.repeat.mode)

    def _repeated(
        self, node: Node, state: dict[str, list[Tensor]], at: str, values: Values, mode: str
    ) -> dict[str, Tensor]:
        assert node.repeat is not None
        count = _number(node.repeat.count, values)
        assert isinstance(count, (int, float))
        places = self._places(node, state)
        several = mode in ("chain", "shared") and node.definition
        start = {port: (ends[0].shape, ends[0].dtype) for port, ends in state.items()}
        carried: dict[str, str] = {}
        totals: dict[str, Tensor] = {}
        outs: dict[str, Tensor] = {}
        for number in range(int(count)):
            where = at if mode == "shared" else f"{at}[{number}]"
            outs = self._once(node, state, where, {**values, "i": number})
            names = list(outs)
            carried = carried or {
                into: out
                for place, (into, out) in enumerate(zip(places, names, strict=False))
                if not place or (several and start[into] == (outs[out].shape, outs[out].dtype))
            }
            for into, out in carried.items():
                new = outs[out]
                state[into] = [torch.cat([state[into][0], new], 1) if mode == "concat" else new]
            for out in names[1:] if mode == "sum" else ():
                totals[out] = totals[out] + outs[out] if out in totals else outs[out]
        if mode == "concat":
            return {next(iter(outs)): state[places[0]][0]}
        return {**outs, **totals}

    def _scanned(
        self, node: Node, state: dict[str, list[Tensor]], at: str, values: Values
    ) -> dict[str, Tensor]:
        places = self._places(node, state)
        found = []
        outs: dict[str, Tensor] = {}
        for step in state[places[0]][0].unbind(1):
            outs = self._once(node, {**state, places[0]: [step]}, at, values)
            names = list(outs)
            found.append(outs[names[0]])
            for into, out in zip(places[1:], names[1:], strict=False):
                state[into] = [outs[out]]
        return {**outs, next(iter(outs)): torch.stack(found, 1)}

    def _places(self, node: Node, arriving: Arriving) -> list[str]:
        """The ports in their order."""
        if not node.definition:
            return sorted(arriving, key=PORTS.index)
        inner = self.definitions[node.definition].graph.nodes.values()
        return [each.name for each in inner if each.kind == "input"]

    def _once(self, node: Node, arriving: Arriving, at: str, values: Values) -> dict[str, Tensor]:
        params = {key: _number(value, values) for key, value in node.params.items()}
        if node.definition:
            return self._inside(node, arriving, at, params)
        ends = [end for port in sorted(arriving, key=PORTS.index) for end in arriving[port]]
        keys = [key for key in self.weights if key.startswith(f"{at}.")]
        self.read |= set(keys)
        weights = {key.rpartition(".")[2]: self.weights[key] for key in keys}
        return MEANINGS[node.kind](ends, params, weights, self.training)

    def _inside(self, node: Node, arriving: Arriving, at: str, params: Values) -> dict[str, Tensor]:
        definition = self.definitions[node.definition]
        graph = definition.graph
        defaults = {key: param.default for key, param in definition.parameters.items()}
        ins = {n.id: arriving[n.name][0] for n in graph.nodes.values() if n.kind == "input"}
        edges = {
            n.name: graph.inputs_of(n.id)[0] for n in graph.nodes.values() if n.kind == "output"
        }
        ends = [(edge.source, edge.out) for edge in edges.values()]
        made = self._graph(graph, ends, ins, f"{at}/", {**defaults, **params})
        return dict(zip(edges, made, strict=True))


def _number(value: object, values: Values) -> object:
    if not isinstance(value, Expr):
        return value
    name = value.text.strip()
    found = values[name] if name in values else calculate(value, values)
    is_whole = isinstance(found, float) and found.is_integer()
    return int(found) if is_whole else found  # type: ignore[call-overload]  # a float


def check_drawing(document: Document) -> None:
    """The code gives what the drawing means, has each weight once, lints and is formatted."""
    check_lints(check_numbers(document))


def check_numbers(document: Document, seed: int = 0) -> str:
    """The code, which gives what the drawing means, and has each weight once.

    That holds in evaluation and in training, of what the model returns, and of each loss.
    """
    assert loads(dumps(document)).document == document
    typing = infer(document)
    assert not typing.problems, [problem.text for problem in typing.problems.values()]
    program = lower(document, typing)
    source = print_source(program)
    assert not source.gaps, source.gaps
    built = build(source.model, source.objective, seed)
    model = built.model.double()
    blocks = costs(document, typing).blocks
    counted = sum(blocks[id].parameters for id in typing.used)
    assert counted == sum(weight.numel() for weight in model.parameters())
    _make_unlike(model, seed)
    state = to_node_keys(model.state_dict(), source.paths)
    assert len(state) == len(model.state_dict())
    _, outputs = _ends(document)
    returned = [result.endpoint for result in program.returns]
    assert returned[: len(outputs)] == outputs
    optimizers = [node for node in document.graph.nodes.values() if node.kind == "optimizer"]
    is_idle = len(program.trainers) < len(optimizers)  # its losses are left out
    random = torch.Generator().manual_seed(seed)
    given, batch = {}, {}
    for feed in (*program.inputs, *program.targets):
        shape = [3, *(int(str(size)) for size in feed.type.shape[1:])]
        given[feed.node] = torch.randn(shape, generator=random, dtype=torch.float64)
        batch[feed.column] = given[feed.node]
    for training in (False, True):
        model.train(training)
        evaluator = Evaluator(document, state, training)
        answers = model(*(given[feed.node] for feed in program.inputs))
        answers = [answers] if isinstance(answers, Tensor) else list(answers)
        for answer, one in zip(answers, evaluator.values(returned, given), strict=True):
            torch.testing.assert_close(answer, one)
        assert evaluator.read == state.keys() or is_idle
        if built.objective:
            _check_objective(program, built.objective(model, batch), evaluator, given)
    return source.text


def _make_unlike(model: nn.Module, seed: int) -> None:
    """No two weights are alike, of which norms start with ones and zeros."""
    random = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for key, weight in model.state_dict().items():
            if weight.dim() == 1 and weight.is_floating_point():
                drawn = torch.rand(weight.shape, generator=random, dtype=weight.dtype)
                weight.copy_(drawn + 0.5 if "var" in key else drawn - 0.3)


def _ends(document: Document) -> tuple[list[str], list[Endpoint]]:
    """The names of the Outputs and what arrives there, each value once."""
    graph = document.graph
    outputs = [node for node in graph.nodes.values() if node.kind == "output"]
    edges = [graph.inputs_of(node.id)[0] for node in outputs]
    return [n.name for n in outputs], list(dict.fromkeys((e.source, e.out) for e in edges))


def _check_objective(
    program: Program,
    answer: tuple[Tensor | Mapping[str, Tensor], Mapping[str, Tensor]],
    evaluator: Evaluator,
    given: Mapping[NodeId, Tensor],
) -> None:
    """The losses are what the drawing says, summed up for each Optimizer, and so are metrics."""
    losses, metrics = answer
    graph = evaluator.document.graph
    if isinstance(losses, Tensor):
        last = [result.endpoint for result in program.losses]
        after = {edge.target for id, _ in last for edge in graph.consumers_of(id)}
        assert {graph.nodes[id].kind for id in after} <= {"optimizer"}  # one that trains nothing
        torch.testing.assert_close(losses, sum(evaluator.values(last, given)))
    else:
        for found, trainer in zip(losses.values(), program.trainers, strict=True):
            ends = [(edge.source, edge.out) for edge in graph.inputs_of(trainer.node)]
            torch.testing.assert_close(found, sum(evaluator.values(ends, given)))
    for result in program.metrics:
        (wanted,) = evaluator.values([result.endpoint], given)
        torch.testing.assert_close(metrics[result.name], wanted)


def check_lints(text: str) -> None:
    """Ruff finds nothing in the text and would write it as it is."""
    for command in (["check", "-"], ["format", "--diff", "-"]):
        done = _ruff(command, text)
        assert done.returncode == 0, f"{done.stdout[:3000]}{done.stderr}\n{text}"


def check_folder_lints(folder: Path) -> None:
    """The same of all files in a folder, at once."""
    for command in (["check", str(folder)], ["format", "--diff", str(folder)]):
        done = _ruff(command, "")
        assert done.returncode == 0, done.stdout[:3000] + done.stderr


def _ruff(command: list[str], given: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ruff", *command, "--isolated", "--no-cache"],
        input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
