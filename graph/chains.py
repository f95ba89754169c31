"""Steps one behind the other as modules of one `nn.Sequential`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from graph.block import Argument, Call, Series, Use, Written
from graph.program import Feed, Result, Step

# Modules that do what these functions do, for chains.
_AS_MODULE: Mapping[str, str] = {
    **{
        f"F.{name.lower()}": f"nn.{name}"
        for name in (
            "ReLU", "ReLU6", "ELU", "SELU", "CELU", "GELU", "SiLU", "Mish", "GLU", "Hardswish",
            "Hardsigmoid", "Hardtanh", "LogSigmoid", "Softplus", "Softsign", "Softmax",
            "Hardshrink", "Softshrink", "Tanhshrink",
        )
    },
    **{
        f"F.{kind}_pool{n}d": f"nn.{''.join(map(str.capitalize, kind.split('_')))}Pool{n}d"
        for kind in ("max", "avg", "adaptive_avg", "adaptive_max")
        for n in "123"
    },
    "F.leaky_relu": "nn.LeakyReLU",
    "F.log_softmax": "nn.LogSoftmax",
    "F.pixel_shuffle": "nn.PixelShuffle",
    "torch.sigmoid": "nn.Sigmoid",
    "torch.tanh": "nn.Tanh",
    "torch.flatten": "nn.Flatten",
}  # fmt: skip
_FUNCTION = re.compile(r"\{y\} = ((?:F|torch)\.\w+)\(\{x\}((?:, (?:\w+=)?\{\w+\})*)\)")
_MODULE = re.compile(r"\{(\w+)\} = \{(\w+)\}\(\{(\w+)\}\)")


def as_chain(
    steps: tuple[Step, ...], inputs: tuple[Feed, ...], returns: tuple[Result, ...]
) -> tuple[Step, ...] | None:
    """The steps as modules one behind the other; None where they are more than that."""
    if len(inputs) != 1 or len(returns) != 1 or len(steps) < 2:
        return None
    before = (inputs[0].node, "y")
    found = []
    for step in steps:
        wires = [end for ends in step.inputs.values() for end in ends]
        module = _as_module(step)
        if wires != [before] or module is None or step.emit.loop or step.shares:
            return None
        if len(step.types) != 1:
            return None
        (port,) = step.types
        found.append(replace(step, emit=replace(step.emit, modules=module, values={})))
        before = (step.node, port)
    return tuple(found) if returns[0].endpoint == before else None


def _as_module(step: Step) -> dict[str, Call | Use | Series] | None:
    """The one module of a step; for a function, the module that does the same."""
    forward = step.emit.forward.strip()
    if step.emit.modules:
        match = _MODULE.fullmatch(forward)
        is_one = match and list(step.emit.modules) == [match[2]] and not step.emit.values
        return dict(step.emit.modules) if is_one else None
    match = _FUNCTION.fullmatch(forward)
    target = _AS_MODULE.get(match[1]) if match else None
    if match is None or target is None:
        return None
    args: list[Argument] = []
    kwargs: dict[str, Argument] = {}
    for part in filter(None, match[2].split(", ")):
        key, _, name = part.rpartition("=")
        value = _without_self(step.emit.values[name.strip("{}")])
        if key:
            kwargs[key] = value
        else:
            args.append(value)
    if target == "nn.Flatten" and args == [1]:
        args = []
    return {"": Call(target, *args, **kwargs)}


def _without_self(value: Argument) -> Argument:
    """A value as `__init__` reads it, where arguments of the class have no `self`."""
    if isinstance(value, tuple):
        parts = tuple(_without_self(each) for each in value)
        return parts  # type: ignore[return-value]  # names stand where literals did
    return Written(value.text.replace("self.", "")) if isinstance(value, Written) else value
