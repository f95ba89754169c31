"""What autograd keeps of recurrent layers as torch computes them on the CPU."""

from __future__ import annotations

from dataclasses import dataclass

from graph.tensor import Dim


@dataclass(frozen=True)
class Reading:
    """Layers that read `n` sequences of `t` places and `features` in one or both `ways`."""

    n: Dim
    t: Dim
    features: int
    units: int
    layers: int
    ways: int
    dropout: float

    @property
    def answers(self) -> Dim:
        """Numbers that a layer answers."""
        return self.n * self.t * self.ways * self.units

    @property
    def states(self) -> Dim:
        """Numbers that all layers start from."""
        return self.layers * self.ways * self.n * self.units

    def kept_by_steps(self, gates: int) -> Dim:
        """Numbers that RNNs and GRUs keep, which torch computes place by place.

        Both directions copy the input of the first layer; a GRU keeps six numbers besides the
        state, which of the last place is not needed.
        """
        read = self.n * self.t * self.features * self.ways
        between = (self.layers - 1) * self.answers * (2 if self.dropout else 1)
        inside = self.layers * self.answers
        if gates > 1:
            inside = 7 * inside - self.states
        return read + between + inside

    def kept_by_onednn(self) -> Dim:
        """Numbers that LSTMs keep besides their answer; what oneDNN sets aside is as measured."""
        above = self.layers - 1
        noisy = 2 if self.dropout else 0
        found = self.n * self.t * self.features + 2 * self.states
        if self.ways == 1:
            found = found + above * (1 + noisy) * self.answers
        else:
            found = found + (self.layers + above * (noisy or 1)) * self.answers
        for width in (self.features, *[self.ways * self.units] * above):
            each = self.t * (7 * max(width, self.units) + 8 * self.units) + 10 * self.units
            found = found + self.n * self.ways * each
        return found
