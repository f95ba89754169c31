"""Steps that only pass a value on need no line of code: what reads them reads the value."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from graph.model import Endpoint
from graph.program import ModuleClass, Program, Result, Step

_PASSES_ON = re.compile(r"\{y\} = \{(\w+)(\[0\])?\}")


def without_aliases(program: Program) -> Program:
    """The same program without steps whose code is no more than `{y} = {x}`."""
    program = _without(program)
    return replace(program, classes=tuple(map(_without_inside, program.classes)))


def _without_inside(module: ModuleClass) -> ModuleClass:
    shown = Program("", "", (), module.body, module.returns, (), (), (), (), ())
    shown = _without(shown)
    return replace(module, body=shown.body, returns=shown.returns)


def _without(program: Program) -> Program:
    stands_for: dict[Endpoint, Endpoint] = {}
    for step in (*program.body, *program.objective):
        passed = _passed_on(step)
        if passed is not None:
            stands_for[(step.node, "y")] = stands_for.get(passed, passed)
    if not stands_for:
        return program

    def rewired(steps: Iterable[Step]) -> tuple[Step, ...]:
        return tuple(
            replace(
                step,
                inputs={
                    port: tuple(stands_for.get(end, end) for end in ends)
                    for port, ends in step.inputs.items()
                },
            )
            for step in steps
            if (step.node, "y") not in stands_for
        )

    def renamed(results: Iterable[Result]) -> tuple[Result, ...]:
        return tuple(
            replace(result, endpoint=stands_for.get(result.endpoint, result.endpoint))
            for result in results
        )

    return replace(
        program,
        body=rewired(program.body),
        objective=rewired(program.objective),
        returns=renamed(program.returns),
        losses=renamed(program.losses),
        metrics=renamed(program.metrics),
    )


def _passed_on(step: Step) -> Endpoint | None:
    match = _PASSES_ON.fullmatch(step.emit.forward.strip())
    if match is None or (match[1] in step.many and not match[2]):
        return None
    ends = step.inputs.get(match[1], ())
    return ends[0] if ends else None
