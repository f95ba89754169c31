"""Refusals by the kind of numbers: real ones, and truth values."""

from __future__ import annotations

from collections.abc import Mapping

from graph.problems import Refusal, SetUpstream
from graph.tensor import TensorType

STRICTER: Mapping[str, str] = {
    "needs real numbers": "Some functions of torch take truth values and complex numbers, and "
    "others refuse them; drawings compute with real numbers.",
    "needs truth values": "Torch takes any number but 0 for true; a Compare says what is meant.",
}


def need_numbers(x: TensorType, port: str = "x") -> None:
    """Refuses truth values and complex numbers.

    Raises:
        Refusal: as above.
    """
    if not (x.is_float or x.is_integer):
        raise Refusal(
            f"needs real numbers, but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ number",
            hints=(SetUpstream(port, "dtype", "float32"),),
        )


def need_truth(x: TensorType, port: str = "x") -> None:
    """Refuses all but truth values.

    Raises:
        Refusal: as above.
    """
    if x.dtype != "bool":
        raise Refusal(
            f"needs truth values (bool), but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ bool",
            hints=(SetUpstream(port, "dtype", "bool"),),
        )


def written(number: float) -> str:
    """A number as code has it: whole ones without a point, which torch takes for floats too."""
    if number == int(number) and abs(number) < 1 << 24:
        return str(int(number))
    return repr(number)
