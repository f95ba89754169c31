"""What autograd keeps of attention as torch computes it.

Fused kernels keep queries, keys, values and answers, and one number for each query; where there
is dropout or a mask of numbers torch works the scores out and keeps them, as on the CPU.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.tensor import Dim, TensorType


@dataclass(frozen=True)
class Attending:
    """Heads that attend; `width` features of keys and `wide` of values are those of all heads."""

    n: Dim
    heads: Dim
    asked: Dim
    keys: Dim
    width: Dim
    wide: Dim
    mask: TensorType | None = None
    causal: bool = False
    dropout: float = 0.0

    @property
    def is_fused(self) -> bool:
        """Whether torch need not keep the scores."""
        return not self.dropout and (self.mask is None or self.mask.dtype == "bool")

    def kept(self, values: Dim | None = None) -> Dim:
        """Numbers that are kept; `values` are those of the tensor in which the values lie."""
        inside = self.n * (self.asked * self.width + self.keys * self.width)
        answers = self.n * self.asked * self.wide
        scores = self.n * self.heads * self.asked * self.keys
        own = self.n * self.keys * self.wide
        if self.is_fused:
            return inside + own + answers + self.n * self.heads * self.asked + self._hidden()
        held = own if values is None else values
        return inside + held + answers + scores * (3 if self.dropout else 1)

    def _hidden(self) -> Dim:
        """A mask of truth values, which torch makes numbers of."""
        if self.mask is None:
            return 0
        is_padding = self.mask.rank == 2 and not self.causal
        return self.n * self.heads * self.keys * (1 if is_padding else self.asked)

    def after(self) -> Dim:
        """Bytes of what hides the places after each, where a mask of numbers is told."""
        is_told = self.causal and self.mask is not None and self.mask.dtype != "bool"
        return self.asked * self.keys if is_told else 0


def attending_to_itself(
    x: TensorType, heads: int, mask: TensorType | None, causal: bool, dropout: float
) -> Dim:
    """Numbers that torch's module keeps of one sequence, with its own copy of it."""
    n, t, features = x.shape
    made = Attending(n, heads, t, t, features, features, mask, causal, dropout)
    return x.elements() + made.kept(3 * x.elements())


def attending_to_memory(
    x: TensorType, memory: TensorType, heads: int, mask: TensorType | None, dropout: float
) -> Dim:
    """Numbers that torch's module keeps of a sequence that asks a memory of as many features."""
    (n, t, features), s = x.shape, memory.shape[1]
    made = Attending(n, heads, t, s, features, features, mask, False, dropout)
    return x.elements() + memory.elements() + made.kept(2 * memory.elements())
