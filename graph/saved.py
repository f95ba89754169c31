"""What autograd keeps of a block until its backward pass, and how much memory it is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from graph.tensor import BYTES_OF, Dim, TensorType, evaluate, symbols_in

UNNAMED_SIZE = 16
FLOAT_BYTES = 4


@dataclass(frozen=True, slots=True)
class Memory:
    """An amount of memory at open sizes.

    Attributes:
        numbers: how many numbers of the network's precision.
        bytes: what takes the same at any precision, such as indices and truth values.
        cpu: numbers that only the CPU keeps: a GPU fuses what they are made for.
        gpu: bytes that a GPU keeps in their place.
    """

    numbers: Dim = 0
    bytes: Dim = 0
    cpu: Dim = 0
    gpu: Dim = 0

    def __add__(self, other: Memory) -> Memory:
        return Memory(
            self.numbers + other.numbers,
            self.bytes + other.bytes,
            self.cpu + other.cpu,
            self.gpu + other.gpu,
        )

    def times(self, count: Dim) -> Memory:
        """So much `count` times."""
        return self.each(lambda amount: amount * count)

    def each(self, change: Callable[[Dim], Dim]) -> Memory:
        """The same with every amount changed."""
        return Memory(change(self.numbers), change(self.bytes), change(self.cpu), change(self.gpu))

    def at(
        self, sizes: Mapping[str, int], number_bytes: int = FLOAT_BYTES, on_gpu: bool = False
    ) -> int:
        """In bytes."""
        numbers, fixed = at_sizes(self.numbers, sizes), at_sizes(self.bytes, sizes)
        if on_gpu:
            return numbers * number_bytes + fixed + at_sizes(self.gpu, sizes)
        return (numbers + at_sizes(self.cpu, sizes)) * number_bytes + fixed


NO_MEMORY = Memory()


def memory_of(type_: TensorType) -> Memory:
    """What a tensor takes."""
    if type_.dtype == "float32":
        return Memory(type_.elements())
    return Memory(0, type_.elements() * BYTES_OF[type_.dtype])


@dataclass(frozen=True, slots=True)
class Saved:
    """What autograd keeps of one block while training.

    A tensor that two blocks keep is there once, so inputs and outputs are named, not measured.

    Attributes:
        ports: the inputs and outputs that are kept; of a many port `xs[1]`, or `xs` for all.
        crossed: inputs of which each is kept for the gradients of the others, as factors are.
        numbers, bytes, cpu, gpu: what is kept besides, as in `Memory`.
    """

    ports: tuple[str, ...] = ()
    crossed: tuple[str, ...] = ()
    numbers: Dim = 0
    bytes: Dim = 0
    cpu: Dim = 0
    gpu: Dim = 0

    @property
    def further(self) -> Memory:
        """What is kept besides the ports."""
        return Memory(self.numbers, self.bytes, self.cpu, self.gpu)

    @staticmethod
    def holding(ports: tuple[str, ...], memory: Memory, crossed: tuple[str, ...] = ()) -> Saved:
        """These ports, and so much besides."""
        return Saved(ports, crossed, memory.numbers, memory.bytes, memory.cpu, memory.gpu)

    @staticmethod
    def of(ports: tuple[str, ...], *further: TensorType, crossed: tuple[str, ...] = ()) -> Saved:
        """These ports, and tensors of these types besides."""
        return Saved.holding(ports, total(map(memory_of, further)), crossed)


def total(pieces: Iterable[Memory]) -> Memory:
    """The sum of amounts."""
    found = NO_MEMORY
    for piece in pieces:
        found = found + piece
    return found


def at_sizes(dim: Dim, sizes: Mapping[str, int]) -> int:
    """A size as a number; symbols that `sizes` does not name count as 16.

    What would be less than nothing, such as what a wide kernel leaves of a short row, is 0.
    """
    if isinstance(dim, int):
        return max(dim, 0)
    known = evaluate(dim, sizes)
    if not isinstance(known, int):
        known = evaluate(known, dict.fromkeys(symbols_in(known), UNNAMED_SIZE))
    return max(known, 0) if isinstance(known, int) else UNNAMED_SIZE
