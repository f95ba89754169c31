"""What several families of blocks share: refusals in the same words, and short code."""

from __future__ import annotations

from graph.block import Argument, Emit
from graph.problems import Hint, Insert, Refusal, SetParam, SetUpstream
from graph.tensor import Dim, TensorType, show_shape

TOKENS = ("int64", "int32")


def need_floats(x: TensorType, port: str = "x") -> None:
    """Refuses integers, truth values and complex numbers.

    Raises:
        Refusal: as above.
    """
    if not x.is_float:
        raise Refusal(
            f"needs floating-point numbers, but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ float",
            hints=_hints_to_floats(x, port),
        )


def need_float32(x: TensorType, port: str = "x") -> None:
    """Refuses all but float32, which the weights of a new layer are made of.

    Raises:
        Refusal: as above.
    """
    need_floats(x, port)
    if x.dtype != "float32":
        raise Refusal(
            f"has weights of float32 and needs the same, but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ float32",
            hints=(SetUpstream(port, "dtype", "float32"),),
        )


def _hints_to_floats(x: TensorType, port: str) -> tuple[Hint, ...]:
    upstream = SetUpstream(port, "dtype", "float32")
    looks_like_tokens = x.dtype in TOKENS and x.rank <= 2
    return (Insert("embedding", port), upstream) if looks_like_tokens else (upstream,)


def axis_in(x: TensorType, axis: int, name: str = "axis", port: str = "x") -> int:
    """The axis counted from 0; a scalar counts as having one, as in torch.

    Raises:
        Refusal: there is no such axis.
    """
    count = max(x.rank, 1)
    if -count <= axis < count:
        return axis % count
    raise Refusal(
        f"works on axis {axis}, but receives {show_shape(x.shape)}, whose axes are 0 to "
        f"{count - 1}",
        port=port,
        short=f"no axis {axis}",
        hints=(SetParam(name, count - 1 if axis > 0 else -count),),
    )


def axes_in(x: TensorType, axes: tuple[int, ...], port: str = "x") -> tuple[int, ...]:
    """The axes counted from 0, in the order given.

    Raises:
        Refusal: one is not there, or is named twice.
    """
    count = max(x.rank, 1)
    missing = [axis for axis in axes if not -count <= axis < count]
    kept = tuple(dict.fromkeys(axis % count for axis in axes if axis not in missing))
    mend = (SetParam("axes", kept),) if kept else ()
    if missing:
        raise Refusal(
            f"works on axis {missing[0]}, but receives {show_shape(x.shape)}, whose axes are "
            f"0 to {count - 1}",
            port=port,
            short=f"no axis {missing[0]}",
            hints=mend,
        )
    if len(kept) != len(axes):
        raise Refusal(f"names an axis twice in {axes}; name each once", hints=mend)
    return tuple(axis % count for axis in axes)


def tuple_of(value: int | tuple[int, ...], axes: int) -> tuple[int, ...]:
    """A size for each axis."""
    return value if isinstance(value, tuple) else (value,) * axes


def plain(value: int | tuple[int, ...]) -> int | tuple[int, ...]:
    """A size as people write it: 3 for (3, 3)."""
    if isinstance(value, tuple) and len(set(value)) == 1:
        return value[0]
    return value


def times(sizes: tuple[Dim, ...]) -> str:
    """Sizes as summaries and refusals show them: `3×3`."""
    return "×".join(str(size) for size in sizes)


def changed(**given: tuple[Argument, Argument]) -> dict[str, Argument]:
    """The arguments whose values differ from their defaults; each is given as (value, default)."""
    return {name: value for name, (value, default) in given.items() if value != default}


def call_of(function: str, *values: Argument, **options: Argument) -> Emit:
    """The code of a function applied to `x`, giving `y`: `F.max_pool2d({x}, 2, stride=1)`."""
    filled = {f"value{number}": value for number, value in enumerate(values)} | options
    words = ["{x}", *(f"{{value{number}}}" for number in range(len(values)))]
    words += [f"{name}={{{name}}}" for name in options]
    return Emit(f"{{y}} = {function}({', '.join(words)})", values=filled)


def method_of(name: str, *values: Argument, **options: Argument) -> Emit:
    """The code of a method of `x`, giving `y`: `{x}.mean(1, keepdim=True)`."""
    filled = {f"value{number}": value for number, value in enumerate(values)} | options
    words = [f"{{value{number}}}" for number in range(len(values))]
    words += [f"{key}={{{key}}}" for key in options]
    return Emit(f"{{y}} = {{x}}.{name}({', '.join(words)})", values=filled)
