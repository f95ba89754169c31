"""Rearrange: axes split, moved and joined as one pattern says."""

from __future__ import annotations

from collections.abc import Mapping
from math import prod

from graph.block import Argument, Block, Category, Emit, Example, block
from graph.blocks._patterns import Group, Pattern, parse_lengths, parse_pattern
from graph.params import param
from graph.problems import Refusal
from graph.tensor import Dim, T, TensorType, product


@block(
    "rearrange",
    title="Rearrange",
    category=Category.TENSOR,
    glyph="Ra",
    keywords=("einops", "pattern", "reshape", "permute", "transpose", "heads", "patches"),
    stem="arranged",
)
class Rearrange(Block):
    """Splits, moves and joins axes as a pattern says, such as `b t (h d) -> b h t d`.

    Use it where Reshape and Permute would follow each other: for heads, patches and windows.

    Shape: as the pattern says; names stand for axes, brackets join several, 1 is an axis of size 1
    and ... stands for all axes that are not named.

    Source: Einops: Clear and Reliable Tensor Manipulations with Einstein-like Notation (2022).
    """

    saves = ()

    pattern: str = param(
        default="b t c -> b c t",
        help="The axes before and after, such as b t (h d) -> b h t d.",
    )
    sizes: str = param(
        default="", help="Sizes that the pattern leaves open, such as h=8; one a bracket follows."
    )

    examples = (
        Example({}, x=T("N", "T", 8)),
        Example({"pattern": "b t (h d) -> b h t d", "sizes": "h=4"}, x=T("N", "T", 16)),
        Example({"pattern": "b h t d -> b t (h d)"}, x=T("N", 4, "T", 8)),
        Example(
            {"pattern": "b c (h p) (w q) -> b (h w) (c p q)", "sizes": "p=4, q=4"},
            x=T("N", 3, 16, 8),
        ),
        Example(
            {"pattern": "b (c p q) h w -> b c (h p) (w q)", "sizes": "p=2, q=2"},
            x=T("N", 12, "H", "W"),
        ),
        Example({"pattern": "b 1 t -> t b 1 1"}, x=T("N", 1, "T", dtype="int64")),
        Example({"pattern": "b ... c -> b c ..."}, x=T("N", 4, 5, 3)),
        Example({"pattern": "b t -> b t"}, x=T("N", "T")),
        Example({"pattern": "b t c"}, x=T("N", 4, 8), fails="one arrow"),
        Example({"pattern": "b (t -> b t"}, x=T("N", 4), fails="not closed"),
        Example({"pattern": "b t -> b"}, x=T("N", 4), fails="only before"),
        Example({"pattern": "b b -> b"}, x=T("N", 4), fails="twice"),
        Example({"pattern": "b {t} -> b"}, x=T("N", 4), fails="no part of one"),
        Example({}, x=T("N", 4), fails="of 3 axes, but receives 2"),
        Example({"pattern": "b (h d) -> b h d"}, x=T("N", 4), fails="several of h, d"),
        Example({"pattern": "b (h d) -> b h d", "sizes": "h=3"}, x=T("N", 4), fails="4 % 3"),
        Example({"pattern": "b t -> t b", "sizes": "t=3"}, x=T("N", 4), fails="4 ≠ 3"),
        Example({"pattern": "b t -> t b", "sizes": "c=3"}, x=T("N", 4), fails="does not name c"),
        Example({"pattern": "b t -> t b", "sizes": "t:3"}, x=T("N", 4), fails="no new size"),
    )
    stricter = {"≠": "A size that is given and not so is an error in the drawing."}

    def infer(self, x: TensorType) -> TensorType:
        pattern, given = self.parsed(x)
        found: dict[str, Dim] = {}
        for axis, (group, total) in enumerate(zip(pattern.before, x.shape, strict=True)):
            found |= self.split(group, total, given, axis)
        return x.with_shape(*(product(tuple(found[n] for n in g)) for g in pattern.after))

    def parsed(self, x: TensorType) -> tuple[Pattern, Mapping[str, int]]:
        """The pattern for so many axes, and the sizes that are given."""
        pattern = parse_pattern(self.pattern, x.rank)
        given = parse_lengths(self.sizes)
        for odd in sorted(given.keys() - set(pattern.names())):
            raise Refusal(
                f"is given a size of {odd[:20]}, but “{self.pattern}” does not name {odd[:20]}"
            )
        for group in pattern.before:
            open_names = [name for name in group if name not in given]
            if len(open_names) > 1:
                shown = ", ".join(open_names)
                raise Refusal(
                    f"cannot tell the sizes of several of {shown}; give all but one in its sizes, "
                    f"such as {open_names[0]}=8",
                    port="x",
                )
        return pattern, given

    def split(
        self, group: Group, total: Dim, given: Mapping[str, int], axis: int
    ) -> dict[str, Dim]:
        """The sizes of the axes that one axis is made of."""
        fixed = prod(given[name] for name in group if name in given)
        left_open = [name for name in group if name not in given]
        rest = total // fixed
        if rest * fixed != total or (not left_open and rest != 1):
            sign = "%" if left_open else "≠"
            wanted = f"a multiple of {fixed}" if left_open else str(fixed)
            raise Refusal(
                f"needs a size of {wanted} on axis {axis} for “{self.pattern}”, but receives "
                f"{total}: {total} {sign} {fixed}",
                port="x",
                short=f"{total} {sign} {fixed}",
            )
        return {name: given.get(name, rest) for name in group}

    def emit(self, x: TensorType) -> Emit:
        pattern, given = self.parsed(x)
        code = _Code()
        for axis in reversed(range(len(pattern.before))):
            group = pattern.before[axis]
            if len(group) > 1:
                code.call("unflatten", axis, tuple(given.get(name, -1) for name in group))
            elif not group:
                code.call("squeeze", axis)
        code.ends_phase()
        names = pattern.names()
        code.move([names.index(name) for group in pattern.after for name in group])
        code.ends_phase()
        start = len(names)
        for group in reversed(pattern.after):
            start -= len(group)
            if len(group) > 1:
                code.call("flatten", start, start + len(group) - 1)
        for axis, group in enumerate(pattern.after):
            if not group:
                code.call("unsqueeze", axis)
        return code.emit()

    def summary(self) -> str:
        return self.pattern


class _Code:
    """Method calls in phases; many become a statement a phase."""

    def __init__(self) -> None:
        self.phases: list[list[str]] = [[]]
        self.values: dict[str, Argument] = {}

    def call(self, method: str, *values: Argument) -> None:
        names = [f"v{len(self.values) + number}" for number in range(len(values))]
        self.values |= dict(zip(names, values, strict=True))
        self.phases[-1].append(f".{method}({', '.join(f'{{{name}}}' for name in names)})")

    def move(self, order: list[int]) -> None:
        """Puts the axes in order, by the shortest call that does."""
        moved = [axis for axis, old in enumerate(order) if axis != old]
        if len(moved) == 2:
            self.call("transpose", *moved)
        elif moved:
            self.call("permute", *order)

    def ends_phase(self) -> None:
        self.phases.append([])

    def emit(self) -> Emit:
        phases = ["".join(phase) for phase in self.phases if phase]
        if sum(map(len, self.phases)) <= 2:
            return Emit("{y} = {x}" + "".join(phases), values=self.values)
        lines = []
        source = "x"
        for number, phase in enumerate(phases):
            target = "y" if number == len(phases) - 1 else f"_{'abc'[number]}"
            lines.append(f"{{{target}}} = {{{source}}}{phase}")
            source = target
        return Emit("\n".join(lines), values=self.values)
