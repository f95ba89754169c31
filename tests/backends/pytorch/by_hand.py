"""Computes drawings of rows of numbers block by block, with weights found by their paths."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from graph.expressions import calculate
from graph.model import Document, Edge, Graph, Node, NodeId
from graph.params import Expr, Plain, Value

Values = Mapping[str, list[Tensor]]


class ByHand:
    """The meaning of a drawing of dense, tanh, add, concat, stack, mean and definitions of them."""

    def __init__(self, document: Document, state: Mapping[str, Tensor]) -> None:
        self.document, self.state = document, state
        self.read: set[str] = set()

    def answers(self, given: Mapping[NodeId, Tensor], ends: list[Edge]) -> list[Tensor]:
        """What flows along these wires of the drawing."""
        return _Drawing(self, self.document.graph, given, "", {}).values(ends)


class _Drawing:
    """One graph at work: the drawing, or an instance of a definition under a path."""

    def __init__(
        self,
        whole: ByHand,
        graph: Graph,
        given: Mapping[NodeId, Tensor],
        prefix: str,
        sizes: Mapping[str, Plain],
    ) -> None:
        self.whole, self.graph, self.prefix, self.sizes = whole, graph, prefix, sizes
        self.known: dict[NodeId, dict[str, Tensor]] = {id: {"y": x} for id, x in given.items()}

    def values(self, edges: list[Edge]) -> list[Tensor]:
        return [self.outputs(edge.source)[edge.out] for edge in edges]

    def outputs(self, id: NodeId) -> dict[str, Tensor]:
        if id not in self.known:
            self.known[id] = self._node(self.graph.nodes[id])
        return self.known[id]

    def _node(self, node: Node) -> dict[str, Tensor]:
        given: dict[str, list[Tensor]] = {}
        for edge in self.graph.inputs_of(node.id):
            given.setdefault(edge.into, []).extend(self.values([edge]))
        base = f"{self.prefix}{node.shares or node.id}"
        if node.repeat is None:
            return self._once(node, given, base, self.sizes)
        if node.repeat.mode == "scan":
            return self._along(node, given, base)
        return self._again(node, given, base, int(_number(node.repeat.count, self.sizes)))

    def _ports(self, node: Node) -> tuple[list[str], list[str]]:
        if not node.definition:
            return ["x"], ["y"]
        inner = self.whole.document.definitions[node.definition].graph.nodes.values()
        return ([n.name for n in inner if n.kind == "input"],
                [n.name for n in inner if n.kind == "output"])  # fmt: skip

    def _along(self, node: Node, given: Values, base: str) -> dict[str, Tensor]:
        ins, outs = self._ports(node)
        state, answers, made = dict(given), [], dict[str, Tensor]()
        for step in given[ins[0]][0].unbind(1):
            made = self._once(node, {**state, ins[0]: [step]}, base, self.sizes)
            answers.append(made[outs[0]])
            state |= {into: [made[out]] for into, out in zip(ins[1:], outs[1:], strict=False)}
        return {**made, outs[0]: torch.stack(answers, 1)}

    def _again(self, node: Node, given: Values, base: str, count: int) -> dict[str, Tensor]:
        assert node.repeat is not None
        ins, outs = self._ports(node)
        mode, state = node.repeat.mode, dict(given)
        made: dict[str, Tensor] = {}
        totals: dict[str, Tensor] = {}
        for number in range(count):
            path = base if mode == "shared" else f"{base}[{number}]"
            made = self._once(node, state, path, {**self.sizes, "i": number})
            if mode == "concat":
                state[ins[0]] = [torch.cat([state[ins[0]][0], made[outs[0]]], 1)]
                made = {**made, outs[0]: state[ins[0]][0]}
                continue
            pairs = zip(ins[:1] if mode == "sum" else ins, outs, strict=False)
            for into, out in pairs:
                if into == ins[0] or made[out].shape == given[into][0].shape:
                    state[into] = [made[out]]
            for out in outs[1:] if mode == "sum" else ():
                totals[out] = totals[out] + made[out] if out in totals else made[out]
        return {**made, **totals}

    def _once(
        self, node: Node, given: Values, path: str, sizes: Mapping[str, Plain]
    ) -> dict[str, Tensor]:
        if node.definition:
            return self._inside(node, given, path, sizes)
        xs = [x for found in given.values() for x in found]
        if node.kind == "dense":
            keys = [key for key in self.whole.state if key.startswith(f"{path}.")]
            self.whole.read |= set(keys)
            weight, bias = sorted((self.whole.state[key] for key in keys), key=lambda w: -w.dim())
            return {"y": xs[0] @ weight.T + bias}
        if node.kind == "tanh":
            return {"y": xs[0].tanh()}
        if node.kind == "add":
            return {"y": torch.stack(xs).sum(0)}
        if node.kind == "concat":
            return {"y": torch.cat(xs, 1)}
        return {"y": torch.stack(xs, 1) if node.kind == "stack" else xs[0].mean(1)}

    def _inside(
        self, node: Node, given: Values, path: str, sizes: Mapping[str, Plain]
    ) -> dict[str, Tensor]:
        definition = self.whole.document.definitions[node.definition]
        inner = {name: declared.default for name, declared in definition.parameters.items()}
        inner |= {name: _number(value, sizes) for name, value in node.params.items()}
        nodes = definition.graph.nodes
        arriving = {id: given[n.name][0] for id, n in nodes.items() if n.kind == "input"}
        ends = {n.name: definition.graph.inputs_of(id)[0]
                for id, n in nodes.items() if n.kind == "output"}  # fmt: skip
        work = _Drawing(self.whole, definition.graph, arriving, f"{path}/", inner)
        return dict(zip(ends, work.values(list(ends.values())), strict=True))


def _number(value: Value, sizes: Mapping[str, Plain]) -> float:
    number = calculate(value, sizes) if isinstance(value, Expr) else value
    assert isinstance(number, (int, float))
    return int(number) if number == int(number) else number
