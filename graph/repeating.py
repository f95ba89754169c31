"""The block of a node that is repeated or goes along a sequence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from graph.block import Block
from graph.composite import spend
from graph.expressions import names_in
from graph.model import Node, Repeat
from graph.params import Expr
from graph.problems import Refusal, UserError
from graph.repeat import COUNT, INDEX, MODES, Repeated
from graph.scan import SCAN, Scanned


def _class_of(found: type[Block], mode: str) -> type[Repeated]:
    """The kind of a repeated block; kept at the kind that it repeats, to live as long."""
    known: dict[str, type[Repeated]] | None = vars(found).get("repeats")
    if known is None:
        known = {}
        type.__setattr__(found, "repeats", known)
    cls = known.get(mode)
    if cls is None:
        base = Scanned if mode == SCAN else Repeated
        cls = known[mode] = type(base.__name__, (base,), {"__doc__": found.__doc__})
        cls.kind, cls.params, cls.former = found.kind, found.params, found.former
        cls.inputs, cls.outputs = found.inputs, found.outputs
        cls.of, cls.mode, cls.seen = found, mode, {}
    return cls


def build_repeated(
    node: Node, repeat: Repeat, found: type[Block], variables: Mapping[str, object]
) -> Block:
    """The block of a node that is repeated.

    Raises:
        UserError: the count, the mode or a parameter is refused.
    """
    count = 1 if repeat.mode == SCAN else COUNT.resolve(repeat.count, variables)
    assert isinstance(count, int)
    if repeat.mode not in MODES:
        raise UserError(f"A repeat is one of {', '.join(MODES)}, but here {repeat.mode!r:.40}.")
    calculated = {
        name: value
        for name, value in found.renamed(node.params).items()
        if isinstance(value, Expr) and INDEX in names_in(value.text)
    }
    if calculated and repeat.mode in ("shared", SCAN):
        raise UserError("With shared weights nothing can differ from one time to the next.")
    if calculated:
        _spend(count)
    blocks = (
        found.build(node.params, {**variables, INDEX: number})
        for number in range(count if calculated else 1)
    )
    runs = tuple(_runs(blocks)) if calculated else ((next(blocks), count),)
    values = [block.values() for block, times in runs for _ in range(times)] if calculated else []
    formulas = {
        value.text: tuple(each[name] for each in values) for name, value in calculated.items()
    }
    return _class_of(found, repeat.mode)(runs, formulas)


def _spend(count: int) -> None:
    try:
        spend(count // 2)  # to make a block takes half as long as to type it
    except Refusal as refusal:
        raise UserError(f"The drawing {refusal.text}.") from refusal


def _runs(blocks: Iterable[Block]) -> Iterator[tuple[Block, int]]:
    """Blocks that are equal and follow each other, with how many they are."""
    last: Block | None = None
    times = 0
    for block in blocks:
        if block == last:
            times += 1
            continue
        if last is not None:
            yield last, times
        last, times = block, 1
    if last is not None:
        yield last, times
