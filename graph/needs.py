"""What a typed drawing needs at open sizes, so that a budget at any size is a matter of numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from graph.block import Block, Role
from graph.composite import Composite
from graph.cost import Costs
from graph.model import DEFINED, Document, NodeId
from graph.optimizing import Optimizing
from graph.problems import UserError
from graph.recipe import Recipe
from graph.repeat import Repeated
from graph.saved import NO_MEMORY, Memory, memory_of
from graph.tensor import Dim, TensorType, evaluate
from graph.trainers import Trainer, trainers
from graph.twice import is_twice, made_again
from graph.typed import Arguments, Typing, arguments

ENDS = (Role.INPUT, Role.TARGET, Role.OUTPUT)


@dataclass(frozen=True)
class Needs:
    """What a drawing needs.

    Attributes:
        parameters: numbers that are learned, those of frozen blocks included.
        frozen: those of the parameters that stay as they are.
        states: numbers that the optimizers of the drawing keep.
        averages: numbers that means of weights take.
        activations: what autograd keeps.
        kv_cache: numbers that attention remembers while a sequence is generated.
        steps: what goes into each block and comes out of it, equal ones once.
        again: what comes back for a while of each block that is computed twice, equal ones once.
        products: multiply-adds of a forward pass.
    """

    parameters: int
    frozen: int
    states: int
    averages: int
    activations: Memory
    kv_cache: Dim
    steps: frozenset[Memory]
    again: frozenset[Memory]
    products: Dim

    def at(self, sizes: Mapping[str, int]) -> Needs:
        """The same with the symbols that `sizes` names as numbers."""
        return replace(
            self,
            activations=_at(self.activations, sizes),
            kv_cache=evaluate(self.kv_cache, sizes),
            steps=frozenset(_at(step, sizes) for step in self.steps),
            again=frozenset(_at(part, sizes) for part in self.again),
            products=evaluate(self.products, sizes),
        )


def _at(memory: Memory, sizes: Mapping[str, int]) -> Memory:
    return memory.each(lambda amount: evaluate(amount, sizes))


def needs_of(document: Document, typing: Typing, costs: Costs) -> Needs:
    """What a drawing needs; its costs say what autograd keeps."""
    kept = NO_MEMORY
    for memory, count in costs.activations():
        kept = kept + memory.times(count)
    cached: Dim = 0
    products: Dim = 0
    steps = _Steps()
    for block, given, count in _counted(typing):
        cached = cached + type(block).kv_cache(block, *given) * count
        products = products + type(block).multiply_adds(block, *given) * count
        steps.add(block, given)
    total, found, again = costs.total, frozenset(steps.found), frozenset(_Again().of(typing))
    states = _states(document, typing, costs)
    averages = total.trainable if recipe_of(document).is_averaging() else 0
    return Needs(
        total.parameters, total.frozen, states, averages, kept, cached, found, again, products
    )


def _counted(typing: Typing) -> Iterator[tuple[Block, Arguments, int]]:
    """The blocks with what they receive; equal ones once, with how many there are."""
    found: dict[tuple[int, ...], tuple[Block, Arguments]] = {}
    counts: dict[tuple[int, ...], int] = {}
    for node in typing.types:
        block = typing.blocks[node]
        given = arguments(type(block), typing.input_types(node))
        key = (id(block), *map(id, given))
        found.setdefault(key, (block, given))
        counts[key] = counts.get(key, 0) + 1
    for key, (block, given) in found.items():
        yield block, given, counts[key]


class _Steps:
    """What is there at once in a forward pass: what goes into a block and what comes out of it.

    Definitions and repeats are looked into, equal ones once, however often they are nested.
    """

    def __init__(self) -> None:
        self.found: set[Memory] = set()
        self._seen: set[tuple[int, ...]] = set()
        self._alive: list[object] = []  # so that no other block takes the place of one seen

    def add(self, block: Block, given: Sequence[TensorType | None]) -> None:
        """Adds a block that receives these types."""
        key = (id(block), *map(id, given))
        if key in self._seen or block.kind.role in ENDS:
            return
        self._seen.add(key)
        self._alive.append((block, given))
        if isinstance(block, Composite):
            for inner, inputs, _ in _counted(block.inside(tuple(given))):
                self.add(inner, inputs)
        elif isinstance(block, Repeated):
            for turn, received, _ in block.turns(tuple(given)):
                self.add(turn, received)
        else:
            outputs = {} if block.is_view else block.output_types(*given)
            types = [*(type_ for type_ in given if type_ is not None), *outputs.values()]
            self.found.add(_sum(types))


class _Again:
    """Looks for blocks that are computed twice, into definitions and repeats."""

    def __init__(self) -> None:
        self._seen: set[tuple[int, ...]] = set()
        self._alive: list[object] = []  # as in `_Steps`

    def of(self, typing: Typing) -> Iterator[Memory]:
        """What comes back for a while of each of them."""
        census = typing.graph.census
        if not census.is_tuned and not any(kind.startswith(DEFINED) for kind in census.kinds):
            return
        for node in typing.types:
            block = typing.blocks[node]
            given = tuple(arguments(type(block), typing.input_types(node)))
            if is_twice(typing.graph.nodes[node]):
                yield from made_again(block, given)
            yield from self._inside(block, given)

    def _inside(self, block: Block, given: tuple[TensorType | None, ...]) -> Iterator[Memory]:
        key = (id(block), *map(id, given))
        if key in self._seen or not isinstance(block, Composite | Repeated):
            return
        self._seen.add(key)
        self._alive.append((block, given))
        if isinstance(block, Composite):
            yield from self.of(block.inside(given))
        else:
            for turn, received, _ in block.turns(given):
                yield from self._inside(turn, tuple(received))


def _sum(types: list[TensorType]) -> Memory:
    found = NO_MEMORY
    for type_ in types:
        found = found + memory_of(type_)
    return found


def _states(document: Document, typing: Typing, costs: Costs) -> int:
    """Numbers that Optimizers keep, or that of the recipe without any."""
    found, recipe = trainers(document, typing), recipe_of(document)
    if not found:
        return recipe.states() * costs.total.trainable
    return sum(
        _states_by(trainer) * sum(_trainable(costs, node) for node in trainer.nodes)
        for trainer in found
    )


def _states_by(trainer: Trainer) -> int:
    chosen: Optimizing = Optimizing.build(trainer.values)
    return chosen.states()


def recipe_of(document: Document) -> Recipe:
    """The recipe; the usual one while a value of it is refused."""
    try:
        made: Recipe = Recipe.build(document.recipe)
        return made
    except UserError:
        return Recipe()


def _trainable(costs: Costs, node: NodeId) -> int:
    cost = costs.blocks.get(node)
    return cost.trainable if cost else 0
