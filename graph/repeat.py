"""A block that follows itself: its types from one time to the next, and its code as a loop."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import ClassVar

from graph import expressions
from graph.block import Block, Call, Emit, Loop, Outputs, Series, Use
from graph.composite import Composite, Given
from graph.keeping_inside import saved_in_turns
from graph.params import Param, Plain
from graph.problems import Refusal
from graph.saved import Saved
from graph.tensor import Dim, TensorType, show_shape
from graph.wrapping import one_module

INDEX = expressions.INDEX
MODES: Mapping[str, str] = {
    "chain": "one behind the other, each with weights of its own",
    "shared": "one behind the other, all with the same weights",
    "concat": "each receives what all before it made, joined along the channels",
    "sum": "the first output goes on, the others are added up",
    "scan": "once for each step of a sequence, the other outputs being its state",
}
MOST = 10_000
MOST_SHAPES = 1000
COUNT = Param("count", "int", 2, "Repeat", "How often the block follows itself.", ge=1, le=MOST)
Turn = tuple[Block, Given, int]


class Repeated(Block):
    """A block that follows itself `count` times; its class says how and which block.

    Attributes:
        of: the kind of block.
        mode: as in `graph.model.Repeat`.
        runs: the block at each time, with how often it comes so in a row.
        formulas: what it calculates with the index, by parameter, with the numbers that gives.
    """

    of: ClassVar[type[Block]]
    mode: ClassVar[str]
    seen: ClassVar[dict[tuple[Repeated, Given], tuple[tuple[Turn, ...], Outputs]]]

    def __init_subclass__(cls) -> None:
        """Passes by what declared blocks are checked for."""

    def __init__(
        self,
        runs: tuple[tuple[Block, int], ...],
        formulas: Mapping[str, tuple[Plain, ...]],
    ) -> None:
        object.__setattr__(self, "runs", runs)
        object.__setattr__(self, "formulas", formulas)
        object.__setattr__(self, "_hash", hash(runs))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.alike() == other.alike()

    def __hash__(self) -> int:
        known: int = self._hash  # type: ignore[attr-defined]  # set in __init__
        return known

    def alike(self) -> tuple[tuple[Block, int], ...]:
        """What two that are equal have in common."""
        runs: tuple[tuple[Block, int], ...] = self.runs  # type: ignore[attr-defined]  # set in __init__
        return runs

    @property
    def count(self) -> int:
        """How often the block follows itself."""
        return sum(times for _, times in self.alike())

    @property
    def first(self) -> Block:
        """The block as it is the first time."""
        return self.alike()[0][0]

    def values(self) -> dict[str, Plain]:
        """The parameters of the block the first time."""
        return self.first.values()

    def shown(self) -> list[Param]:
        """The parameters that a form shows."""
        return self.first.shown()

    def summary(self) -> str:
        """The line of parameters that the block shows on the canvas."""
        return self.first.summary()

    def output_ports(self) -> tuple[str, ...]:
        """The outputs of the block."""
        return self.first.output_ports()

    def carried(self, inputs: Given) -> tuple[tuple[str, str], ...]:
        """Which input each output that goes round takes the place of the next time.

        That is the first, and of a definition further ones that are of the type of the input in
        the same place.

        Raises:
            Refusal: the block cannot be repeated in this way.
        """
        outs, ins = self.output_ports(), [port.name for port in self.inputs if not port.many]
        if not outs or not ins:
            raise Refusal(
                f"cannot be repeated: it gives {len(outs)} values and takes {len(ins)}, so what "
                "it makes cannot be what it receives the next time"
            )
        if self.mode == "sum" and len(outs) < 2:
            raise Refusal(
                "cannot be repeated with its outputs added up: it has one output, which goes on; "
                "it needs another, or the repeat another mode"
            )
        if self.mode == "concat" and len(outs) > 1:
            raise Refusal(f"cannot be repeated with its outputs joined: it has {len(outs)}")
        pairs = list(zip(ins, outs, strict=False))
        further = (
            pairs[1:] if self.mode in ("chain", "shared") and issubclass(self.of, Composite) else []
        )
        if not further:
            return tuple(pairs[:1])
        made = self.first.output_types(*inputs)
        arriving = dict(zip((port.name for port in self.inputs), inputs, strict=True))
        return (*pairs[:1], *(pair for pair in further if arriving[pair[0]] == made[pair[1]]))

    def turns(self, inputs: Given) -> tuple[Turn, ...]:
        """The block, what it receives and how often in a row, from the first time to the last."""
        return self._worked_out(inputs)[0]

    def infer(self, *inputs: TensorType | None) -> tuple[TensorType, ...]:
        """The types after the last time.

        Raises:
            Refusal: the block refuses what it gave, or cannot be repeated in this way.
        """
        return tuple(self._worked_out(inputs)[1].values())

    def _worked_out(self, inputs: Given) -> tuple[tuple[Turn, ...], Outputs]:
        key = (self, inputs)
        found = self.seen.get(key)
        if found is None:
            if len(self.seen) > MOST_SHAPES:
                self.seen.clear()
            found = self.seen[key] = self._work_out(inputs)
        return found

    def _work_out(self, inputs: Given) -> tuple[tuple[Turn, ...], Outputs]:
        places = [port.name for port in self.inputs]
        carried = [(places.index(into), out) for into, out in self.carried(inputs)]
        turns: list[Turn] = []
        state, summed, done = inputs, None, 0
        outputs: Outputs = {}
        for block, times in self.alike():
            left = times
            while left:
                outputs = self._outputs(block, state, done)
                after = self._next(state, carried, outputs)
                self._check(state, after, summed, outputs, done)
                summed = [outputs[out] for out in self.output_ports()[1:]]
                taken = left if after == state else 1
                turns.append((block, state, taken))
                state, left, done = after, left - taken, done + taken
                if len(turns) > MOST_SHAPES and left:
                    raise Refusal(
                        f"changes its shape each time it is repeated; {MOST_SHAPES:,} shapes are "
                        "the most"
                    )
        if self.mode == "concat":
            joined = state[carried[0][0]]
            assert joined is not None
            outputs = {**outputs, self.output_ports()[0]: joined}
        return tuple(turns), outputs

    def _outputs(self, block: Block, state: Given, done: int) -> Outputs:
        try:
            return block.output_types(*state)
        except Refusal as refusal:
            if not done:
                raise
            text = f"repeated for time {done + 1} of {self.count}, {refusal.text}"
            raise Refusal(
                text, port=refusal.port, short=refusal.short, at=refusal.at, code=refusal.code,
                severity=refusal.severity,
            ) from refusal  # fmt: skip

    def _next(self, state: Given, carried: list[tuple[int, str]], outputs: Outputs) -> Given:
        after = list(state)
        for place, out in carried:
            made = outputs[out]
            after[place] = self._joined(state[place], made) if self.mode == "concat" else made
        return tuple(after)

    def _joined(self, before: TensorType | None, made: TensorType) -> TensorType:
        assert before is not None
        fits = before.rank == made.rank and before.rank > 1 and before.dtype == made.dtype
        others = before.shape[:1] + before.shape[2:], made.shape[:1] + made.shape[2:]
        if not fits or others[0] != others[1]:
            raise Refusal(
                f"gives {made}, which cannot be joined along axis 1 to the {before} that it "
                "receives",
                short=f"{show_shape(made.shape)} ∪ {show_shape(before.shape)}",
            )
        channels = before.shape[1] + made.shape[1]
        return TensorType((before.shape[0], channels, *before.shape[2:]), before.dtype)

    def _check(
        self,
        before: Given,
        after: Given,
        summed: list[TensorType] | None,
        outputs: Outputs,
        done: int,
    ) -> None:
        if self.mode == "shared" and after != before and self.count > 1:
            place = next(k for k, type_ in enumerate(before) if type_ != after[k])
            raise Refusal(
                f"receives {before[place]} but gives {after[place]}; repeated with the same "
                "weights, it must give what it receives",
                port=self.inputs[place].name,
                short=f"{before[place]} ≠ {after[place]}",
            )
        if self.mode == "sum" and summed is not None:
            now = [outputs[out] for out in self.output_ports()[1:]]
            if now != summed:
                raise Refusal(
                    f"gives {now[0]} at time {done + 1} and {summed[0]} before, which cannot be "
                    "added up",
                    short=f"{summed[0]} ≠ {now[0]}",
                )

    def emit(self, *inputs: TensorType | None) -> Emit:
        """A loop over its modules, or one `nn.Sequential` where nothing but a chain is needed."""
        carried = self.carried(inputs)
        turns = self.turns(inputs)
        items: list[tuple[Call | Use, int]] = []
        for block, given, times in turns:
            one = one_module(block, given)
            items.append((one.module, times))
        takes_one = sum(type_ is not None for type_ in inputs) == 1
        is_chain = self.mode == "chain" and takes_one and len(self.output_ports()) == 1
        formulas = dict(self.formulas)  # type: ignore[attr-defined]  # set in __init__
        if self.mode == "shared":
            loop = Loop(self.count, carried)
            return Emit(one.forward, {one.name: one.module}, {}, one.snippets, loop)
        series = Series(tuple(items), is_chain, formulas)
        if is_chain:
            text = f"{{{carried[0][1]}}} = {{{one.name}}}({{{carried[0][0]}}})"
            return Emit(text, {one.name: series}, {}, one.snippets)
        summed = self.output_ports()[1:] if self.mode == "sum" else ()
        loop = Loop(None, carried, self.mode == "concat", summed)
        return Emit(one.forward, {one.name: series}, {}, one.snippets, loop)

    def parameters(self, *inputs: TensorType | None) -> int:
        """Those of all times; of one where the weights are shared."""
        return sum(
            type(block).parameters(block, *given) * times
            for block, given, times in self._with_own_weights(inputs)
        )

    def frozen_parameters(self, *inputs: TensorType | None) -> int:
        """Those that do not learn, counted likewise."""
        return sum(
            type(block).frozen_parameters(block, *given) * times
            for block, given, times in self._with_own_weights(inputs)
        )

    def _with_own_weights(self, inputs: Given) -> Sequence[Turn]:
        turns = self.turns(inputs)
        if self.mode != "shared":
            return turns
        block, given, _ = turns[0]
        return ((block, given, 1),)

    def multiply_adds(self, *inputs: TensorType | None) -> Dim:
        """Those of all times."""
        total: Dim = 0
        for block, given, times in self.turns(inputs):
            total = total + type(block).multiply_adds(block, *given) * times
        return total

    def saved(self, *inputs: TensorType | None) -> Saved:
        """What autograd keeps of all times."""
        return saved_in_turns(self.turns(inputs), self.carried(inputs), self.mode == "concat")

    def saved_twice(self, *inputs: TensorType | None) -> Saved:
        """What is kept where each time is computed again for its gradients."""
        turns, carried = self.turns(inputs), self.carried(inputs)
        return saved_in_turns(turns, carried, self.mode == "concat", twice=True)

    def kv_cache(self, *inputs: TensorType | None) -> Dim:
        """That of all times."""
        total: Dim = 0
        for block, given, times in self.turns(inputs):
            total = total + type(block).kv_cache(block, *given) * times
        return total
