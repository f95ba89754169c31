"""Types of every output, from scratch or after an edit, going on past what is wrong."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import replace

from graph.block import Block, Outputs
from graph.census import differing
from graph.composite import begin
from graph.effective import effective
from graph.fixes import fixes_of, parameter_problem, problem_at
from graph.kinds import kinds_of
from graph.model import DEFINED, Document, Edge, Graph, Node, NodeId
from graph.order import Order, reordered, topological
from graph.params import Expr
from graph.problems import Problem, Refusal, UserError
from graph.registry import Registry
from graph.repeat import Repeated
from graph.repeating import build_repeated
from graph.tensor import TensorType
from graph.twice import is_twice
from graph.typed import Arguments as Arguments
from graph.typed import InputTypes as InputTypes
from graph.typed import Typing as Typing
from graph.typed import arguments as arguments

_KEPT = ("by_kind", "by_role", "used", "unused")


def infer(
    document: Document, previous: Typing | None = None, registry: Registry | None = None
) -> Typing:
    """The types of a document's graph.

    Given the typing of an earlier document, only what an edit reaches is worked out again.
    """
    begin()
    known = kinds_of(document, registry)
    reduced = effective(document.graph, known, inside=document.scope is not None)
    document = replace(document, graph=reduced.graph)
    typing = _inferred(document, previous, known)
    if not reduced.passed and not reduced.waits:
        return typing
    whole = replace(typing, passed=reduced.passed, waits=reduced.waits)
    whole.__dict__.update({key: typing.__dict__[key] for key in _KEPT if key in typing.__dict__})
    return whole


def _inferred(document: Document, previous: Typing | None, known: Registry) -> Typing:
    graph = document.graph
    if previous is None:
        return _Inference(document, known, topological(graph), {}, {}, {}).run(set(graph.nodes))
    is_same = previous.graph.census is graph.census
    gone = set() if is_same else previous.graph.nodes.keys() - graph.nodes.keys()
    rewired = _rewired(previous.graph, graph)
    order = reordered(previous.order, previous.graph, graph, gone, rewired)
    dirty = _changed(previous.graph, graph) | rewired | (order.cyclic ^ previous.order.cyclic)
    if previous.variables != document.variables:
        dirty |= {id for id, node in graph.nodes.items() if _is_calculated(node)}
    dirty |= _differently_given(previous.given, _given(document))
    dirty |= _redefined(previous, graph, known)
    blocks, types = dict(previous.blocks), dict(previous.types)
    problems = dict(previous.problems)
    for id in gone:
        for table in (blocks, types, problems):
            table.pop(id, None)
    dirty &= graph.nodes.keys()
    typing = _Inference(document, known, order, blocks, types, problems).run(dirty)
    if not gone and all(_kind(previous, id) == _kind(typing, id) for id in dirty):
        _carry_over(previous, typing)
    return typing


def infer_inside(document: Document, kinds: Registry) -> Typing:
    """The types within a definition; `kinds` holds all that it may use."""
    return _Inference(document, kinds, topological(document.graph), {}, {}, {}).run(
        set(document.graph.nodes)
    )


def _given(document: Document) -> Mapping[NodeId, TensorType]:
    return document.scope.given if document.scope else {}


def _differently_given(
    old: Mapping[NodeId, TensorType], new: Mapping[NodeId, TensorType]
) -> set[NodeId]:
    """Inputs of a definition at which another type arrives than before."""
    return {id for id in old.keys() | new.keys() if old.get(id) != new.get(id)}


def _redefined(previous: Typing, graph: Graph, kinds: Registry) -> set[NodeId]:
    """Instances whose definition is another than before, or was not there."""
    found: set[NodeId] = set()
    if not any(kind.startswith(DEFINED) for kind in graph.census.kinds):
        return found
    for id, node in graph.nodes.items():
        if not node.definition:
            continue
        block = previous.blocks.get(id)
        known = type(block).of if isinstance(block, Repeated) else type(block)
        if known is not kinds.find(node.kind):
            found.add(id)
    return found


def _kind(typing: Typing, id: NodeId) -> str | None:
    block = typing.blocks.get(id)
    return block.kind.name if block else None


def _carry_over(old: Typing, new: Typing) -> None:
    """Hands on what was worked out of a drawing with the same kinds of blocks."""
    is_same = old.graph.wires is new.graph.wires
    is_known = is_same and all((id in old.types) == (id in new.types) for id in new.visited)
    names = _KEPT[: 4 if is_known else 3 if is_same else 2]
    new.__dict__.update((name, old.__dict__[name]) for name in names if name in old.__dict__)
    if is_same and not old.passed:
        seen = old.sees_image.items()
        new.__dict__["sees_image"] = {id: sees for id, sees in seen if id not in new.visited}


def _changed(old: Graph, new: Graph) -> set[NodeId]:
    """Nodes that are new, or whose kind, parameters or name differ."""
    ids = differing(old.nodes, new.nodes)
    pairs = ((id, old.nodes.get(id), new.nodes[id]) for id in ids)
    return {
        id
        for id, was, node in pairs
        if was is None
        or was.kind != node.kind
        or was.params != node.params
        or was.name != node.name
        or was.repeat != node.repeat
        or was.shares != node.shares
    } | _refrozen(old, new, ids)


def _refrozen(old: Graph, new: Graph, ids: Iterable[NodeId]) -> set[NodeId]:
    """Nodes whose weights learn where they did not, or that are computed twice, or no longer."""
    flipped = {
        id
        for id in ids
        if (was := old.nodes.get(id))
        and (was.frozen, is_twice(was)) != (new.nodes[id].frozen, is_twice(new.nodes[id]))
    }
    if not flipped:
        return flipped
    return flipped | {id for id, node in new.nodes.items() if node.shares in flipped}


def _rewired(old: Graph, new: Graph) -> set[NodeId]:
    """Nodes whose wires differ."""
    before, after = old.wires.into, new.wires.into
    if before is after:
        return set()
    return {
        id
        for id in before.keys() | after.keys()
        if before.get(id) is not after.get(id) and before.get(id) != after.get(id)
    }


def _is_calculated(node: Node) -> bool:
    if node.repeat and isinstance(node.repeat.count, Expr):
        return True
    return bool(node.params) and any(isinstance(value, Expr) for value in node.params.values())


class _Inference:
    """One run over the nodes that an edit reaches, in topological order."""

    def __init__(
        self,
        document: Document,
        registry: Registry,
        order: Order,
        blocks: dict[NodeId, Block],
        types: dict[NodeId, Outputs],
        problems: dict[NodeId, Problem],
    ) -> None:
        self.document = document
        self.graph = document.graph
        self.registry = registry
        self.order = order
        self.given = _given(document)
        self.blocks, self.types, self.problems = blocks, types, problems
        self.built: dict[tuple[str, str], Block] = {}
        self.judged: dict[tuple[int, ...], tuple[Block, Arguments, Outputs]] = {}
        self.same: dict[TensorType, TensorType] = {}

    def run(self, dirty: set[NodeId]) -> Typing:
        rank = self.order.rank
        for id in dirty:
            self.blocks.pop(id, None)
        for id in self.order.cyclic:
            self.types.pop(id, None)
            self.problems.pop(id, None)
            self._block_of(self.graph.nodes[id])
        queue = [rank[id] for id in dirty if id in rank]
        queued = set(queue)
        by_rank = self.order.nodes()
        heapq.heapify(queue)
        consumers = self.graph.wires.consumers
        if len(queue) == len(by_rank):  # each once, whatever comes of it
            for id in by_rank:
                self._visit(id)
            queue = []
        while queue:
            id = by_rank[heapq.heappop(queue)]
            differs = self._visit(id)
            for edge in consumers.get(id, ()):
                place = rank.get(edge.target)
                # the fixes of a problem may name what comes before
                is_reached = differs or edge.target in self.problems
                if is_reached and place is not None and place not in queued:
                    queued.add(place)
                    heapq.heappush(queue, place)
        if self.order.cyclic:
            first = next(id for id in self.graph.nodes if id in self.order.cyclic)
            text = "stands in a circle of wires; take one of them away"
            self.problems[first] = problem_at(self.document, first, "cycle", text)
        if self.problems:  # told in the same order, whatever was edited first
            problems = self.problems
            self.problems = {id: problems[id] for id in self.graph.nodes if id in problems}
        return Typing(
            self.graph, self.document.variables, _given(self.document), self.order,
            self.blocks, self.types, self.problems,
            frozenset(map(by_rank.__getitem__, queued)) | self.order.cyclic,
        )  # fmt: skip

    def _visit(self, id: NodeId) -> bool:
        """Types one node; answers whether what comes after it must be looked at again."""
        before = self.types.get(id)
        known_before = before is not None
        problem, outputs = self._judge(self.graph.nodes[id])
        if problem:
            self.problems[id] = problem
        else:
            self.problems.pop(id, None)
        if outputs is None:
            self.types.pop(id, None)
            return known_before
        self.types[id] = outputs
        return outputs != before

    def _judge(self, node: Node) -> tuple[Problem | None, Outputs | None]:
        block = self._block_of(node)
        return (block, None) if isinstance(block, Problem) else self._judge_inputs(node, block)

    def _block_of(self, node: Node) -> Block | Problem:
        """The block of a node, or why it has none."""
        block = self.blocks.get(node.id)
        if block is not None:
            return block
        found = self.registry.find(node.kind)
        if found is None:
            text = (
                "is an instance of a definition that this drawing does not have"
                if node.definition
                else "is of a kind that is not installed here; it is kept as it is"
            )
            return problem_at(self.document, node.id, "unknown-block", text)
        try:
            block = self.blocks[node.id] = self._build(node, found)
        except UserError as error:
            return parameter_problem(self.document, node, found, str(error))
        return block

    def _build(self, node: Node, found: type[Block]) -> Block:
        """The block of a node; nodes of equal kind and parameters share it."""
        try:
            key = (node.kind, repr((node.params, node.repeat)))
        except RecursionError:  # a file may nest lists a thousand deep; `build` refuses them
            key = (node.kind, node.id)
        block = self.built.get(key)
        if block is None:
            variables = self.document.variables
            found = found.shaped_by(node.params, variables)
            block = (
                build_repeated(node, node.repeat, found, variables)
                if node.repeat
                else found.build(node.params, variables)
            )
            self.built[key] = block
        return block

    def _judge_inputs(self, node: Node, block: Block) -> tuple[Problem | None, Outputs | None]:
        known = self.given.get(node.id) if self.given else None
        if known is not None:
            return None, {block.outputs[0]: known}
        try:
            edge = self._only_edge(node, block)
            if edge is not None:
                there = self.types.get(edge.source)
                return None, self._outputs(block, [there[edge.out]]) if there else None
            inputs = self._gather(node, block)
            if inputs is None:
                return None, None
            return None, self._outputs(block, arguments(type(block), inputs))
        except Refusal as refusal:
            fixes = fixes_of(self.document, node.id, refusal.hints, self.registry)
            problem = problem_at(
                self.document, node.id, refusal.code, refusal.text, severity=refusal.severity,
                port=refusal.port, short=refusal.short, fixes=fixes,
            )  # fmt: skip
            if refusal.at:
                problem = replace(problem, nodes=(*problem.nodes, *refusal.at))
            return problem, None

    def _outputs(self, block: Block, given: Arguments) -> Outputs:
        """What a block makes of its inputs; asked once where a drawing repeats itself.

        Values are looked up by their identity, which is faster than by what they hold: equal
        types are made the same, and all are kept with the answer, so that it stays theirs.
        """
        key = (id(block), *map(id, given))
        known = self.judged.get(key)
        if known is None:
            answer = block.output_types(*given).items()
            outputs = {port: self.same.setdefault(type_, type_) for port, type_ in answer}
            known = self.judged[key] = (block, given, outputs)
        return known[2]

    def _only_edge(self, node: Node, block: Block) -> Edge | None:
        """The wire of a block that has one input and one proper wire, as most have."""
        edges = self.graph.inputs_of(node.id)
        if len(edges) != 1 or len(block.inputs) != 1:
            return None
        edge = edges[0]
        if edge.slot or edge.into != block.inputs[0].name or edge.source not in self.graph.nodes:
            return None
        there = self.types.get(edge.source)
        return edge if there is None or edge.out in there else None

    def _gather(self, node: Node, block: Block) -> InputTypes | None:
        """The types that arrive at a node; None while one of them is not known.

        Raises:
            Refusal: a required input has no wire, or a wire leads to or from a missing port.
        """
        ports = {port.name: port for port in block.inputs}
        found: dict[str, TensorType | list[TensorType]] = {}
        waiting = False
        edges = self.graph.inputs_of(node.id)
        for edge in edges:
            port = ports.get(edge.into)
            if port is None or (edge.slot and not port.many):
                raise Refusal(f"has no input “{edge.into}” for one of its wires", port=edge.into)
            outputs = self.types.get(edge.source)
            if outputs is None:
                if edge.source not in self.graph.nodes:
                    raise Refusal("is wired to a block that is not there", port=edge.into)
                waiting = True
            elif edge.out not in outputs:
                raise Refusal(
                    f"is wired to an output “{edge.out}” that is not there", port=edge.into
                )
            elif port.many:
                there = found.setdefault(edge.into, [])
                assert isinstance(there, list)
                there.append(outputs[edge.out])
            else:
                found[edge.into] = outputs[edge.out]
        wired = {edge.into for edge in edges}
        for port in block.inputs:
            if not port.optional and port.name not in wired:
                text = f"has no wire to its input “{port.name}”"
                raise Refusal(text, port=port.name, code="open-input")
        return None if waiting else found
