"""Which tensors of a typed drawing autograd keeps while training, each counted once."""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Sequence, Set
from typing import NamedTuple

from graph.block import Block, Outputs, Role
from graph.model import Endpoint, NodeId
from graph.order import downstream, upstream
from graph.saved import NO_MEMORY, Memory, Saved, memory_of, total
from graph.tensor import TensorType
from graph.twice import is_twice, saved_twice
from graph.typed import InputTypes, Typing

Piece = tuple[NodeId, Memory]
DETACH = "detach"


class Arrival(NamedTuple):
    """What comes in at one input of a block.

    Attributes:
        name: the input; of a many port with its number, `xs[1]`.
        root: the output whose memory it lies in; None for weights and constants.
        learns: whether gradients flow back through it.
    """

    name: str
    type: TensorType
    root: Endpoint | None
    learns: bool


class _Found(NamedTuple):
    """What a block does to the memory.

    Attributes:
        roots: of its outputs, as in `Keeping`.
        learning: those of them through which gradients flow back.
        uses: the outputs, its own or others', that are kept for it.
        further: what it keeps besides.
    """

    roots: dict[Endpoint, Endpoint | None]
    learning: set[Endpoint]
    uses: tuple[Endpoint, ...]
    further: Memory


class _Asked(NamedTuple):
    """What a block keeps, whether it has weights, and whether any of them could learn."""

    saved: Saved
    further: Memory
    has_weights: bool
    can_learn: bool


class Keeping:
    """What a walk along the wires of a typing finds; after an edit only what it reaches is walked.

    What leads to no loss is let go before the backward pass, unless there is none. With `inside`,
    gradients flow into what is given to a definition, and what leads nowhere does not count.

    Attributes:
        roots: for each output the output whose memory it lies in; None for weights and constants.
        learning: outputs through which gradients flow back.
        further: what blocks keep besides inputs and outputs.
        touched: blocks of which something else may be kept than before; all if there was none.
    """

    def __init__(
        self,
        typing: Typing,
        inside: bool = False,
        before: Keeping | None = None,
        visited: Collection[NodeId] = (),
    ) -> None:
        if before is not None and 2 * len(visited) > len(typing.types):
            before = None  # to begin anew is faster
        self.typing = typing
        self._given = typing.given if inside else {}
        self._wanted = typing.used if inside else _leading_to_losses(typing, before, visited)
        self.touched: set[NodeId] = set()
        self.roots: dict[Endpoint, Endpoint | None] = before.roots if before else {}
        self.learning: set[Endpoint] = before.learning if before else set()
        self.further: dict[NodeId, Memory] = before.further if before else {}
        self._uses: dict[NodeId, tuple[Endpoint, ...]] = before._uses if before else {}
        self._counts: dict[Endpoint, int] = before._counts if before else {}
        self._is_own = before is None  # tables are copied when they first change
        self._asked: dict[tuple[object, ...], _Asked] = {}
        self._memories: dict[int, Memory] = {}
        if before is None:
            self.touched |= typing.types.keys()
            for node in typing.order.rank:
                self._put(node, self._look_at(node))
        elif before._wanted is self._wanted:
            self._walk_from(set(visited), before)
        else:
            self._walk_from({*visited, *(before._wanted ^ self._wanted)}, before)

    @property
    def kept(self) -> dict[Endpoint, TensorType]:
        """Outputs that are kept, with their types."""
        types = self.typing.types
        return {end: types[end[0]][end[1]] for end in self._counts}

    def ends_as(self, typing: Typing) -> bool:
        """Whether another typing has the same losses, be they finished or not."""
        return self.typing.by_role.get(Role.LOSS) == typing.by_role.get(Role.LOSS)

    def pieces(self) -> list[Piece]:
        """What is kept, with the block that made it; equal amounts are mostly the same value."""
        found = list(self.further.items())
        types = self.typing.types
        found += [(node, self._memory_of(types[node][out])) for node, out in self._counts]
        return found

    def pieces_of(self, node: NodeId) -> list[Memory]:
        """What is kept of what one block made."""
        outputs = self.typing.types.get(node, {})
        found = [self._memory_of(t) for out, t in outputs.items() if (node, out) in self._counts]
        return [*found, self.further[node]] if node in self.further else found

    def _memory_of(self, type_: TensorType) -> Memory:
        """The memory of a type of this typing, the same value for the same type."""
        known = self._memories.get(id(type_))
        if known is None:
            known = self._memories[id(type_)] = memory_of(type_)
        return known

    def _walk_from(self, dirty: set[NodeId], before: Keeping) -> None:
        """Visits these blocks, and what comes after where memory or gradients flow otherwise."""
        rank, graph = self.typing.order.rank, self.typing.graph
        is_same = self.typing.order is before.typing.order
        for node in (dirty if is_same else dirty | before.typing.types.keys()) - rank.keys():
            self._forget(node, before.typing.types.get(node, ()))
        queue = [(rank[node], node) for node in dirty if node in rank]
        heapq.heapify(queue)
        queued = {node for _, node in queue}
        while queue:
            _, node = heapq.heappop(queue)
            outs = {*before.typing.types.get(node, ()), *self.typing.types.get(node, ())}
            was, now = self._known_of(node, outs), self._look_at(node)
            self.touched.add(node)
            if was == now:
                continue
            self._forget(node, outs)
            self._put(node, now)
            if (was.roots, was.learning) != (now.roots, now.learning):
                for edge in graph.consumers_of(node):
                    if edge.target in rank and edge.target not in queued:
                        queued.add(edge.target)
                        heapq.heappush(queue, (rank[edge.target], edge.target))

    def _own(self) -> None:
        """Makes the tables this value's own, before the first change of them."""
        if not self._is_own:
            self._is_own = True
            self.roots, self.learning = dict(self.roots), set(self.learning)
            self.further, self._uses = dict(self.further), dict(self._uses)
            self._counts = dict(self._counts)

    def _known_of(self, node: NodeId, outs: Iterable[str]) -> _Found:
        """What was found of a block."""
        ends = [(node, out) for out in outs if (node, out) in self.roots]
        return _Found(
            {end: self.roots[end] for end in ends},
            {end for end in ends if end in self.learning},
            self._uses.get(node, ()),
            self.further.get(node, NO_MEMORY),
        )

    def _forget(self, node: NodeId, outs: Iterable[str]) -> None:
        self._own()
        self.touched.add(node)
        for root in self._uses.pop(node, ()):
            self.touched.add(root[0])
            self._counts[root] -= 1
            if not self._counts[root]:
                del self._counts[root]
        self.further.pop(node, None)
        for out in outs:
            self.roots.pop((node, out), None)
            self.learning.discard((node, out))

    def _put(self, node: NodeId, found: _Found) -> None:
        self._own()
        self.roots.update(found.roots)
        self.learning.update(found.learning)
        for root in found.uses:
            self.touched.add(root[0])
            self._counts[root] = self._counts.get(root, 0) + 1
        if found.uses:
            self._uses[node] = found.uses
        if found.further != NO_MEMORY:
            self.further[node] = found.further

    def _look_at(self, node: NodeId) -> _Found:
        if node not in self.typing.types or node not in self._wanted:
            return _Found({}, set(), (), NO_MEMORY)
        block, outputs = self.typing.blocks[node], self.typing.types[node]
        arriving = self._arriving(node, block)
        twice = is_twice(self.typing.graph.nodes[node])
        saved, further, has_weights, can_learn = self._ask(block, arriving, twice)
        can_learn = can_learn and not self.typing.graph.is_frozen(node)
        learns = can_learn or node in self._given or any(each.learns for each in arriving)
        stops = block.kind.name == DETACH or block.kind.role is Role.METRIC
        learns = learns and not stops and any(type_.is_float for type_ in outputs.values())
        is_state = has_weights or not arriving
        shared = None if is_state else arriving[0].root
        roots = {(node, out): shared if block.is_view else (node, out) for out in outputs}
        if not learns:
            return _Found(roots, set(), (), NO_MEMORY)
        learning = {(node, out) for out, type_ in outputs.items() if type_.is_float}
        kept = [roots[node, port] for port in saved.ports if port in outputs]
        kept += [each.root for each in arriving if is_kept(each, saved, arriving)]
        uses = tuple(dict.fromkeys(root for root in kept if root is not None))
        return _Found(roots, learning, uses, further)

    def _arriving(self, node: NodeId, block: Block) -> list[Arrival]:
        """What comes in, in the order in which the methods of the block take it."""
        found = []
        edges = self.typing.graph.inputs_of(node)
        for port in block.inputs:
            number = 0
            for edge in edges:
                types = self.typing.types.get(edge.source) if edge.into == port.name else None
                if types is None or (edge.source, edge.out) not in self.roots:
                    continue
                end = (edge.source, edge.out)
                name = f"{port.name}[{number}]" if port.many else port.name
                found.append(Arrival(name, types[edge.out], self.roots[end], end in self.learning))
                number += 1
        return found

    def _ask(self, block: Block, arriving: Sequence[Arrival], twice: bool) -> _Asked:
        """What is asked of a block, once for equal blocks and types."""
        key = (id(block), twice, *((each.name, id(each.type)) for each in arriving))
        known = self._asked.get(key)
        if known is None:
            given = _given(block, arriving)
            saved = saved_twice(block, given) if twice else type(block).saved(block, *given)
            weights = type(block).parameters(block, *given)
            can_learn = weights > type(block).frozen_parameters(block, *given)
            known = self._asked[key] = _Asked(saved, saved.further, weights > 0, can_learn)
        return known


def _leading_to_losses(
    typing: Typing, before: Keeping | None, visited: Collection[NodeId]
) -> Set[NodeId]:
    """The blocks that a loss depends on; the same value as before where nothing differs in that."""
    losses = typing.by_role.get(Role.LOSS)
    old = before.typing if before else None
    if before is None or old is None or losses != old.by_role.get(Role.LOSS):
        return leading_to_losses(typing)
    if losses:
        is_same = typing.graph.wires is old.graph.wires and not before._given
        is_same = is_same and typing.order is old.order
    else:
        is_same = typing.graph.census is old.graph.census and all(
            (id in typing.types) == (id in old.types) for id in visited
        )
    return before._wanted if is_same else leading_to_losses(typing)


def leading_to_losses(typing: Typing) -> Set[NodeId]:
    """The blocks that a loss depends on, losses included; all blocks where there is none."""
    losses = typing.by_role.get(Role.LOSS)
    if not losses:
        return typing.types.keys()
    return upstream(typing.graph, downstream(typing.graph, losses))


def is_kept(arrival: Arrival, saved: Saved, arriving: Sequence[Arrival]) -> bool:
    """Whether autograd keeps what comes in at an input."""
    names = (arrival.name, arrival.name.partition("[")[0])
    if any(name in saved.ports for name in names):
        return True
    return any(name in saved.crossed for name in names) and any(
        other.learns for other in arriving if other is not arrival
    )


def _given(block: Block, arriving: Sequence[Arrival]) -> list[TensorType | None]:
    """The arguments of a block's methods."""
    types = {each.name: each.type for each in arriving}
    found: list[TensorType | None] = []
    for port in block.inputs:
        if port.many:
            found += [type_ for name, type_ in types.items() if name.startswith(f"{port.name}[")]
        else:
            found.append(types.get(port.name))
    return found


def saved_alone(
    block: Block, inputs: InputTypes, outputs: Outputs, still: Collection[str] = ()
) -> Memory:
    """What autograd keeps of one block by itself.

    Gradients flow into all inputs of floats but those that `still` names.
    """
    arriving = []
    for port in block.inputs:
        given = inputs.get(port.name)
        many = given if isinstance(given, list) else []
        named = [(f"{port.name}[{number}]", type_) for number, type_ in enumerate(many)]
        named += [(port.name, given)] if isinstance(given, TensorType) else []
        learns = port.name not in still
        arriving += [Arrival(name, t, None, learns and t.is_float) for name, t in named]
    arguments = _given(block, arriving)
    is_still = not any(each.learns for each in arriving)
    if is_still and not type(block).parameters(block, *arguments):
        return NO_MEMORY
    if not any(type_.is_float for type_ in outputs.values()):
        return NO_MEMORY
    saved = type(block).saved(block, *arguments)
    kept = [each.type for each in arriving if is_kept(each, saved, arriving)]
    kept += [type_ for out, type_ in outputs.items() if out in saved.ports]
    return total([saved.further, *map(memory_of, kept)])
