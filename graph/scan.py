"""A block that goes along a sequence, step by step, with a state: a recurrent layer as drawn."""

from __future__ import annotations

from graph.block import Emit, Loop, Outputs
from graph.composite import Given
from graph.keeping_inside import saved_in_turns
from graph.problems import Refusal
from graph.repeat import Repeated, Turn
from graph.saved import Saved
from graph.tensor import FLOATS, Dim, TensorType, show_shape
from graph.wrapping import one_module

SCAN = "scan"


class Scanned(Repeated):
    """A block that is applied to each step of its first input, a sequence along axis 1.

    Its first output at each step is stacked to a sequence. The further outputs are its state: each
    is the further input in the same place at the next step. What has no such place is the same at
    every step, such as the memory that a decoder looks at.
    """

    def _parts(self, inputs: Given) -> tuple[Given, Dim]:
        """What arrives at one step, and how many steps there are."""
        if not self.inputs or self.inputs[0].many:
            raise Refusal("cannot go along a sequence: it takes no single value at each step")
        whole = inputs[0]
        if whole is None or whole.rank < 2:
            received = "nothing" if whole is None else show_shape(whole.shape)
            raise Refusal(
                f"goes along a sequence (N, T, …), but receives {received}",
                port=self.inputs[0].name,
                short="no steps",
            )
        step = TensorType((whole.shape[0], *whole.shape[2:]), whole.dtype)
        return (step, *inputs[1:]), whole.shape[1]

    def turns(self, inputs: Given) -> tuple[Turn, ...]:
        """One step, which stands for all: they share weights and what is remembered."""
        return ((self.first, self._parts(inputs)[0], 1),)

    def states(self) -> tuple[tuple[str, str], ...]:
        """The inputs that hold the state and the outputs that make the next one.

        Raises:
            Refusal: there are more outputs than inputs to take them.
        """
        ins, outs = [port.name for port in self.inputs], self.output_ports()
        if not outs or len(outs) > len(ins):
            raise Refusal(
                f"cannot go along a sequence: it gives {len(outs)} values and takes {len(ins)}; "
                "each output but the first is a state, which needs an input in the same place"
            )
        return tuple(zip(ins[1:], outs[1:], strict=False))

    def infer(self, *inputs: TensorType | None) -> tuple[TensorType, ...]:
        """A sequence of the first output, and the state after the last step.

        Raises:
            Refusal: the block refuses a step, or its state changes its type.
        """
        step, length = self._parts(inputs)
        states = self.states()
        made = self._first_step(step, inputs[0])
        arriving = dict(zip((port.name for port in self.inputs), step, strict=True))
        for into, out in states:
            if arriving[into] != made[out]:
                raise Refusal(
                    f"starts with the state {arriving[into] or 'nothing'} at “{into}”, but gives "
                    f"{made[out]} at “{out}”; a state keeps its type from step to step",
                    port=into,
                    short=f"{arriving[into]} ≠ {made[out]}",
                )
        first, *further = made.values()
        return (TensorType((first.shape[0], length, *first.shape[1:]), first.dtype), *further)

    def _first_step(self, step: Given, whole: TensorType | None) -> Outputs:
        """What it makes of one step.

        Raises:
            Refusal: the block refuses it; where the sequence lacks an axis, the text says so.
        """
        try:
            return self._outputs(self.first, step, 0)
        except Refusal as refusal:
            if whole is None or whole.rank > 2 or whole.dtype not in FLOATS:
                raise
            rows, features = (show_shape((dim,)) for dim in whole.shape)
            text = (
                f"{refusal.text}; along axis 1 of {show_shape(whole.shape)} each step is only "
                f"{rows}, while a sequence has the axes {rows}×T×{features}"
            )
            raise Refusal(
                text, port=refusal.port, short=refusal.short, hints=refusal.hints, at=refusal.at,
                code=refusal.code, severity=refusal.severity,
            ) from refusal  # fmt: skip

    def emit(self, *inputs: TensorType | None) -> Emit:
        """A loop over the steps."""
        step, _ = self._parts(inputs)
        one = one_module(self.first, step)
        scanned = (self.inputs[0].name, self.output_ports()[0])
        loop = Loop(None, self.states(), scanned=scanned)
        return Emit(one.forward, {one.name: one.module}, {}, one.snippets, loop)

    def multiply_adds(self, *inputs: TensorType | None) -> Dim:
        """Those of all steps."""
        step, length = self._parts(inputs)
        each: Dim = type(self.first).multiply_adds(self.first, *step)
        return each * length

    def saved(self, *inputs: TensorType | None) -> Saved:
        """What is kept of every step."""
        step, length = self._parts(inputs)
        return saved_in_turns([(self.first, step, length)], self.states(), False)

    def saved_twice(self, *inputs: TensorType | None) -> Saved:
        """What is kept where every step is computed again for its gradients."""
        step, length = self._parts(inputs)
        return saved_in_turns([(self.first, step, length)], self.states(), False, twice=True)
