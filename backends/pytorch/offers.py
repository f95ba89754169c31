"""Whether what a refusal offers mends it: each hint applied, and the block asked again."""

from __future__ import annotations

from collections.abc import Iterator

from backends.pytorch.trial import Trial
from graph.block import Block
from graph.infer import InputTypes
from graph.problems import Hint, Insert, Refusal, SetParam, SetUpstream, UserError
from graph.registry import default_registry
from graph.tensor import T, TensorType


def useless_offers(trial: Trial) -> Iterator[str]:
    """The hints of the trial's refusal after which it is refused for the same reason."""
    try:
        trial.outputs()
    except Refusal as refusal:
        for hint in refusal.hints:
            mended = _applied(trial, hint)
            if mended is None:
                continue
            try:
                mended.outputs()
            except Refusal as again:
                if (again.port, again.text[:20]) == (refusal.port, refusal.text[:20]):
                    yield f"{trial}: {refusal.text}; {hint} leads to: {again.text}"


def _applied(trial: Trial, hint: Hint) -> Trial | None:
    """The trial after a fix; None where this has no way to tell."""
    if isinstance(hint, SetParam):
        values = {**trial.block.values(), hint.name: hint.value}
        return Trial(type(trial.block).build(values), trial.inputs)
    given = trial.inputs.get(hint.port)
    if not isinstance(given, TensorType):
        return None
    made = _inserted(hint, given) if isinstance(hint, Insert) else _from_upstream(hint, given)
    if made is None:
        return None
    inputs: InputTypes = {**trial.inputs, hint.port: made}
    return Trial(trial.block, inputs)


def _inserted(hint: Insert, given: TensorType) -> TensorType | None:
    found = default_registry().find(hint.kind)
    if found is None:
        raise UserError(f"The fix inserts a {hint.kind}, which is not there.")
    block = found.build(dict(hint.params))
    assert isinstance(block, Block)
    try:
        return next(iter(block.output_types(given).values()))
    except Refusal:
        return None


def _from_upstream(hint: SetUpstream, given: TensorType) -> TensorType | None:
    """The type after the block before has another dtype, width or shape."""
    match hint.name, hint.value:
        case "dtype", str(dtype):
            return given.with_dtype(dtype)
        case "shape", str(text) if given.shape:
            sizes = [part.strip() for part in text.split(",") if part.strip()]
            dims = [int(size) if size.isdecimal() else size for size in sizes]
            return T(given.shape[0], *dims, dtype=given.dtype)
        case (("features" | "dimension" | "units"), int(width)) if given.shape:
            return given.with_shape(*given.shape[:-1], width)
        case "out_channels", int(width) if given.rank > 1:
            return given.with_shape(given.shape[0], width, *given.shape[2:])
    return None
