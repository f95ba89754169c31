"""What autograd keeps of attention as torch computes it.

Fused kernels keep queries, keys, values and answers, and one number for each query. Where there is
dropout or a mask of numbers, the CPU works the scores out and keeps them; a GPU fuses these too.
"""

from __future__ import annotations

from dataclasses import dataclass

from graph.saved import Memory
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
        """Whether the CPU need not keep the scores."""
        return not self.dropout and (self.mask is None or self.mask.dtype == "bool")

    def kept(self, values: Dim | None = None) -> Memory:
        """What is kept; `values` are the numbers of the tensor in which the values lie."""
        inside = self.n * (self.asked * self.width + self.keys * self.width)
        own = self.n * self.keys * self.wide
        common = inside + own + self.n * self.asked * self.wide
        each = self.n * self.heads * self.asked
        if self.is_fused:
            return Memory(common + each + self._hidden())
        scores = each * self.keys * (3 if self.dropout else 1)
        beside = 0 if values is None else values - own
        return Memory(common, self._after(), scores + beside, 4 * each)

    def _hidden(self) -> Dim:
        """A mask of truth values, which torch makes numbers of."""
        if self.mask is None:
            return 0
        is_padding = self.mask.rank == 2 and not self.causal
        return self.n * self.heads * self.keys * (1 if is_padding else self.asked)

    def _after(self) -> Dim:
        """Bytes of what hides the places after each, where a mask of numbers is told."""
        is_told = self.causal and self.mask is not None and self.mask.dtype != "bool"
        return self.asked * self.keys if is_told else 0


def attending_to_itself(
    x: TensorType, heads: int, mask: TensorType | None, causal: bool, dropout: float
) -> Memory:
    """What torch's module keeps of one sequence, with its own copy of it."""
    n, t, features = x.shape
    made = Attending(n, heads, t, t, features, features, mask, causal, dropout)
    return Memory(x.elements()) + made.kept(3 * x.elements())


def attending_to_memory(
    x: TensorType, memory: TensorType, heads: int, mask: TensorType | None, dropout: float
) -> Memory:
    """What torch's module keeps of a sequence that asks a memory of as many features."""
    (n, t, features), s = x.shape, memory.shape[1]
    made = Attending(n, heads, t, s, features, features, mask, False, dropout)
    copies = Memory(x.elements() + memory.elements())
    return copies + made.kept(2 * memory.elements())


def dropped(x: TensorType) -> Memory:
    """What dropout keeps of numbers like these: factors on the CPU, truth values on a GPU."""
    return Memory(cpu=x.elements(), gpu=x.elements())
