"""The steps between data and model as an exported script has them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import MISSING, fields

from backends.pytorch.steps.step import Step
from backends.pytorch.text import statement


def modules_of(steps: Sequence[Step]) -> tuple[str, ...]:
    """The modules that define these steps, each once."""
    return tuple(dict.fromkeys(type(step).__module__ for step in steps))


def steps_text(steps: Sequence[Step]) -> str:
    """The function that makes them; values that are defaults are left out."""
    lines = [
        "def make_steps() -> tuple[Step, ...]:",
        '    """What the rows go through before the model, in this order."""',
    ]
    if len(steps) == 1:  # formatters leave the comma of a single one where it is
        return "\n".join([*lines, *statement(f"return ({_call(steps[0])},)", 4)])
    lines.append("    return (")
    for step in steps:
        lines += statement(_call(step), 8)
        lines[-1] += ","
    return "\n".join([*lines, "    )"])


def _call(step: Step) -> str:
    values = [
        f"{each.name}={_literal(getattr(step, each.name))}"
        for each in fields(step)
        if each.default_factory is MISSING and getattr(step, each.name) != each.default
    ]
    return f"{type(step).__name__}({', '.join(values)})"


def _literal(value: object) -> str:
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False) if value.isprintable() else ascii(value)
    if isinstance(value, tuple):
        parts = [_literal(each) for each in value]
        return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"
    return repr(value)
