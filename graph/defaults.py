"""Arguments of classes that most instances leave as the definition has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from graph.block import Argument, Call, Row, Series, Use
from graph.comparing import Arguments
from graph.params import Param, Plain
from graph.program import Given, Step


def with_defaults(arguments: Arguments, parameters: Mapping[str, Param]) -> tuple[Given, ...]:
    """The arguments of a class; the last ones have defaults where at least half are that."""
    found = list(arguments.given)
    for place in reversed(range(len(found))):
        name = found[place].name
        declared = parameters.get(name)
        column = arguments.columns[name]
        if declared is None or 2 * sum(_is(v, declared.default) for v in column) < len(column):
            break
        found[place] = replace(found[place], default=declared.default)
    return tuple(found)


def without_defaults(step: Step, defaults: Mapping[str, Sequence[Plain | None]]) -> Step:
    """The step with calls that leave out what they would be given anyway."""
    modules: dict[str, Call | Use | Series] = {
        name: _shortened(module, defaults) if isinstance(module, Call) else module
        for name, module in step.emit.modules.items()
    }
    return replace(step, emit=replace(step.emit, modules=modules))


def _shortened(call: Call, defaults: Mapping[str, Sequence[Plain | None]]) -> Call:
    args = [_inside(arg, defaults) for arg in call.args]
    known = defaults.get(call.target, ())
    while args and len(args) <= len(known) and known[len(args) - 1] is not None:
        if not _is(args[-1], known[len(args) - 1]):
            break
        args.pop()
    return Call(call.target, *args, **call.kwargs)


def _inside(value: Argument, defaults: Mapping[str, Sequence[Plain | None]]) -> Argument:
    if isinstance(value, Row):
        return replace(value, call=_shortened(value.call, defaults))
    return _shortened(value, defaults) if isinstance(value, Call) else value


def _is(value: object, default: object) -> bool:
    return type(value) is type(default) and value == default
