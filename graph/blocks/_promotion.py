"""Which dtype comes out when two meet, as torch decides it."""

from __future__ import annotations

from graph.problems import Refusal
from graph.tensor import FLOATS, INTEGERS, TensorType

_RANK_OF = {"bool": 0} | dict.fromkeys(INTEGERS, 1) | dict.fromkeys(FLOATS, 2) | {"complex64": 3}
_WIDTH_OF = {"uint8": 8, "int32": 32, "int64": 64, "float32": 32, "float64": 64}


def promote(a: TensorType, b: TensorType) -> TensorType:
    """A type of the dtype that torch gives to an operation on both; its shape is the one of more
    axes, since only whether there are axes matters.

    Raises:
        Refusal: the dtype is one that drawings do not have.
    """
    longer = a if a.rank >= b.rank else b
    return longer.with_dtype(_promoted(a, b))


def _promoted(a: TensorType, b: TensorType) -> str:
    left, right = _RANK_OF[a.dtype], _RANK_OF[b.dtype]
    if "complex64" in (a.dtype, b.dtype) and "float64" in (a.dtype, b.dtype):
        raise Refusal("would give complex128, which drawings do not have; use float32")
    if left != right:
        return a.dtype if left > right else b.dtype
    if bool(a.shape) != bool(b.shape):
        return a.dtype if a.shape else b.dtype
    if a.dtype == b.dtype:
        return a.dtype
    if {a.dtype, b.dtype} == {"float16", "bfloat16"}:
        return "float32"
    return max(a.dtype, b.dtype, key=lambda dtype: _WIDTH_OF.get(dtype, 16))
