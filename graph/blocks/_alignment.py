"""What CTC and its metric share: sequences at whose places it is not told what is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graph.block import Block, Example, known
from graph.blocks._common import TOKENS, need_floats
from graph.problems import Refusal, SetParam, SetUpstream
from graph.tensor import Dim, T, TensorType, show_shape

STRICTER = {
    "needs log-probabilities": "Torch takes one sample without a batch axis.",
    "needs targets (N, S)": "Torch takes all targets joined, too, which cannot be split.",
    "needs whole numbers": "Torch converts lengths of some other dtypes.",
    "needs one length": "Torch takes lengths for other batches where it does not look.",
    "needs class indices": "Torch converts targets of other dtypes.",
    "is no class": "Torch sees it only when it computes.",
}


class Aligned(Block):
    """Compares classes at every place of a sequence with a shorter sequence."""

    port_help = {
        "prediction": "Log-probabilities of the classes at every place.",
        "target": "The right classes (N, S), without blanks; what is beyond their length is free.",
        "input_lengths": "How many places of each prediction count (N); all without a wire.",
        "target_lengths": "How many of each target's classes count (N); all without a wire.",
    }
    ranges = {"input_lengths": (1, 1), "target_lengths": (1, 1), "target": (1, 1)}

    if TYPE_CHECKING:  # Each subclass declares them, so that forms keep the order.
        blank: int
        time_first: bool

    def infer(
        self,
        prediction: TensorType,
        target: TensorType,
        input_lengths: TensorType | None = None,
        target_lengths: TensorType | None = None,
    ) -> TensorType:
        need_floats(prediction, "prediction")
        if prediction.rank != 3:
            raise Refusal(
                f"needs log-probabilities {self.layout()}, but receives "
                f"{show_shape(prediction.shape)}",
                port="prediction",
                short=f"rank {prediction.rank} ≠ 3",
            )
        self.check_blank(known(prediction.shape[2], "the number of classes", "prediction"))
        n = prediction.shape[1 if self.time_first else 0]
        self.check_target(target, n, prediction)
        for port, lengths in (("input_lengths", input_lengths), ("target_lengths", target_lengths)):
            if lengths is not None:
                need_lengths(lengths, n, port)
        return TensorType((), prediction.dtype)

    def layout(self) -> str:
        return "(T, N, C)" if self.time_first else "(N, T, C)"

    def check_blank(self, classes: int) -> None:
        if self.blank >= classes:
            raise Refusal(
                f"has the blank {self.blank}, which is no class of {classes}, counted from 0",
                port="prediction",
                short=f"{self.blank} ≥ {classes}",
                hints=(SetParam("blank", classes - 1),),
            )

    def check_target(self, target: TensorType, n: Dim, prediction: TensorType) -> None:
        if target.dtype not in TOKENS:
            raise Refusal(
                f"needs class indices of int64, but receives {target.dtype}",
                port="target",
                short=f"{target.dtype} ≠ int64",
                hints=(SetUpstream("target", "dtype", "int64"),),
            )
        if target.rank != 2 or target.shape[0] != n:
            other = prediction.shape[0 if self.time_first else 1]
            is_turned = target.rank == 2 and target.shape[0] == other
            raise Refusal(
                f"needs targets (N, S) for a batch of {n}, but receives {show_shape(target.shape)}",
                port="target",
                short=f"{show_shape(target.shape)} ≠ {n}×S",
                hints=(SetParam("time_first", not self.time_first),) if is_turned else (),
            )


def int_type(*dims: int | str) -> TensorType:
    return T(*dims, dtype="int64")


def full_lengths(axis: int, port: str = "prediction") -> str:
    """Lengths that are all of the size of an axis."""
    return f"{{target}}.new_full({{target}}.shape[:1], {{{port}}}.shape[{axis}])"


def need_lengths(lengths: TensorType, n: Dim, port: str) -> None:
    if lengths.dtype not in TOKENS:
        raise Refusal(
            f"needs whole numbers (int64), but receives {lengths.dtype}",
            port=port,
            short=f"{lengths.dtype} ≠ int64",
            hints=(SetUpstream(port, "dtype", "int64"),),
        )
    if lengths.shape != (n,):
        raise Refusal(
            f"needs one length for each sample, {n}, but receives {show_shape(lengths.shape)}",
            port=port,
            short=f"{show_shape(lengths.shape)} ≠ {n}",
            hints=(SetUpstream(port, "shape", ""),) if lengths.shape[:1] == (n,) else (),
        )


EXAMPLES = (
    Example(
        {},
        prediction=T("N", "T", 6), target=int_type("N", 3),
        input_lengths=int_type("N"), target_lengths=int_type("N"),
    ),
    Example({"blank": 3}, prediction=T("N", 8, 4), target=int_type("N", 2)),
    Example({"time_first": True}, prediction=T(9, "N", 6), target=int_type("N", 3)),
    Example({}, prediction=T("N", 6), target=int_type("N", 3), fails="needs log-probabilities"),
    Example({}, prediction=T("N", 9, 6), target=int_type("N"), fails="needs targets (N, S)"),
    Example({}, prediction=T("N", 9, 6), target=T("N", 3), fails="needs class indices"),
    Example({"blank": 6}, prediction=T("N", 9, 6), target=int_type("N", 3), fails="is no class"),
    Example(
        {}, prediction=T("N", 9, 6), target=int_type("N", 3), input_lengths=int_type("N", 1),
        fails="needs one length",
    ),
    Example(
        {}, prediction=T("N", 9, 6), target=int_type("N", 3), target_lengths=T("N"),
        fails="needs whole numbers",
    ),
)  # fmt: skip
