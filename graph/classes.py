"""A class for each definition at work: what differs between its instances becomes arguments."""

from __future__ import annotations

import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from graph import names
from graph.apart import StepForm, step_apart
from graph.block import Argument, Block, Call, Series, Use, Written
from graph.chains import as_chain
from graph.comparing import NAME, Arguments, Column, names_of
from graph.composite import Composite
from graph.defaults import with_defaults, without_defaults
from graph.expressions import Expr, calculate, tidied
from graph.model import NodeId
from graph.params import Plain
from graph.problems import UserError
from graph.program import Feed, ModuleClass, Program, Result, Step
from graph.rows import rows_of

SEQUENTIAL, LIST = "nn.Sequential", "nn.ModuleList"


@dataclass(frozen=True)
class Body:
    """What an instance of a definition does: its inputs, steps, results and gaps."""

    inputs: tuple[Feed, ...]
    steps: tuple[Step, ...]
    returns: tuple[Result, ...]
    gaps: tuple[tuple[NodeId, str], ...]


def with_classes(program: Program, bodies: Mapping[Use, Body], taken: Iterable[str]) -> Program:
    """The program with a class for each definition, and calls of them where it is used.

    Args:
        bodies: what each instance does, whatever is used inside before what uses it.
        taken: names that no class may have.
    """
    if not bodies and not any(step.shares or _series(step) for step in program.body):
        return program
    maker = _Classes(bodies, set(taken))
    body = tuple(maker.resolved(step) for step in program.body)
    gaps = [gap for each in bodies.values() for gap in each.gaps]
    gaps += [*maker.gaps, *_unlike(body)]
    every = tuple(dict.fromkeys((*program.gaps, *gaps)))
    defaults = {each.name: [given.default for given in each.arguments] for each in maker.classes}
    classes = tuple(
        replace(each, body=tuple(without_defaults(step, defaults) for step in each.body))
        for each in maker.classes
    )
    body = tuple(without_defaults(step, defaults) for step in body)
    return replace(program, body=body, classes=classes, gaps=every)


def _unlike(steps: Iterable[Step]) -> Iterator[tuple[NodeId, str]]:
    """Steps that share weights with others that have differently sized ones."""
    by_node = {step.node: step for step in steps}
    for step in by_node.values():
        other = by_node.get(step.shares) if step.shares else None
        if other is not None and other.emit.modules != step.emit.modules:
            text = f"{step.title} “{step.name}” shares the weights of “{other.name}”, but needs "
            yield step.node, f"{text}them in other sizes: what they receive differs."


def uses_of(step: Step) -> Iterator[Use]:
    """The instances among the modules of a step."""
    for module in step.emit.modules.values():
        items = module.items if isinstance(module, Series) else ((module, 1),)
        yield from (item for item, _ in items if isinstance(item, Use))


def _series(step: Step) -> bool:
    return any(isinstance(module, Series) for module in step.emit.modules.values())


class _Classes:
    """Makes the classes, those first that others use."""

    def __init__(self, bodies: Mapping[Use, Body], taken: set[str]) -> None:
        self.bodies = bodies
        self.taken = taken
        self.calls: dict[Use, Call] = {}
        self.classes: list[ModuleClass] = []
        self.gaps: list[tuple[NodeId, str]] = []
        self.arguments: dict[str, tuple[str, ...]] = {}
        for kind in self._kinds():
            self._make(kind, [use for use in bodies if type(use.block) is kind])

    def _kinds(self) -> list[type[Block]]:
        """The definitions, each after those that it uses."""
        used: dict[type[Block], dict[type[Block], None]] = {}
        for use, body in self.bodies.items():
            there = used.setdefault(type(use.block), {})
            for step in body.steps:
                there.update((type(each.block), None) for each in uses_of(step))
        done: dict[type[Block], None] = {}

        def visit(kind: type[Block]) -> None:
            if kind not in done:
                for each in used[kind]:
                    visit(each)
                done.setdefault(kind)

        for kind in used:
            visit(kind)
        return list(done)

    def _make(self, kind: type[Block], uses: list[Use]) -> None:
        """A class for the instances of a definition; several where their code differs."""
        groups: dict[object, list[_Instance]] = {}
        for use in uses:
            body = self.bodies[use]
            steps = tuple(self.resolved(step) for step in body.steps)
            self.gaps += _unlike(steps)
            apart = [step_apart(step, self.arguments) for step in steps]
            forms = tuple(form for form, _ in apart)
            feeds = tuple(_outline_of(feed) for feed in body.inputs)
            outline = (forms, tuple(map(_outline, steps)), feeds)
            instance = _Instance(use, body, steps, forms, [leaves for _, leaves in apart])
            groups.setdefault(outline, []).append(instance)
        for group in groups.values():
            self._make_one(kind, group)

    def _make_one(self, kind: type[Block], group: list[_Instance]) -> None:
        assert issubclass(kind, Composite)
        forms = group[0].forms
        columns = [
            [tuple(column) for column in zip(*(each.leaves[n] for each in group), strict=True)]
            for n in range(len(forms))
        ]
        needed = [
            pair
            for form, found in zip(forms, columns, strict=True)
            for pair in zip(form.hints(), found, strict=True)
        ]
        blocks = [each.use.block.values() for each in group]
        formals: dict[str, Column] = {
            name: tuple(values[name] for values in blocks) for name in kind.params
        }
        arguments = Arguments(needed, formals, _formulas(kind, blocks), self.taken)
        forms = tuple(form.beside(arguments.columns) for form in forms)
        kept: set[str] = set()
        written = tuple(
            _rewritten(step, form, [arguments.written(column) for column in found], kept)
            for step, form, found in zip(group[0].steps, forms, columns, strict=True)
        )
        steps, inputs, returns = _typed(written, group, arguments)
        name = names.unique(class_name(kind.definition.name), self.taken)
        self.taken.add(name)
        chain = as_chain(steps, inputs, returns)
        self.arguments[name] = tuple(arguments.columns)
        stored = () if chain else tuple(each for each in arguments.columns if each in kept)
        about = kind.definition.description.strip().partition("\n")[0]
        given = with_defaults(arguments, kind.params)
        self.classes.append(
            ModuleClass(name, about, inputs, chain or steps, returns, given, stored, bool(chain))
        )
        for k, each in enumerate(group):
            values = (column[k] for column in arguments.columns.values())
            self.calls[each.use] = Call(name, *values)

    def resolved(self, step: Step) -> Step:
        """The step with calls in the place of instances."""
        modules = {name: self._call_of(module) for name, module in step.emit.modules.items()}
        return replace(step, emit=replace(step.emit, modules=modules))

    def _call_of(self, module: Call | Use | Series) -> Call:
        if isinstance(module, Call):
            return module
        if isinstance(module, Use):
            return self.calls[module]
        items = [
            (self.calls[item] if isinstance(item, Use) else item, times)
            for item, times in module.items
        ]
        parts = rows_of(items, module, self.arguments)
        return Call(SEQUENTIAL if module.is_chain else LIST, *parts)


@dataclass(frozen=True)
class _Instance:
    """An instance of a definition with what its code consists of."""

    use: Use
    body: Body
    steps: tuple[Step, ...]
    forms: tuple[StepForm, ...]
    leaves: list[list[Argument]]


def _typed(
    steps: tuple[Step, ...], group: list[_Instance], arguments: Arguments
) -> tuple[tuple[Step, ...], tuple[Feed, ...], tuple[Result, ...]]:
    """Steps, inputs and results with types that hold in all instances."""
    typed = tuple(
        replace(
            step,
            types={
                port: arguments.type_of([each.steps[n].types[port] for each in group])
                for port in step.types
            },
        )
        for n, step in enumerate(steps)
    )
    body = group[0].body
    inputs = tuple(
        replace(feed, type=arguments.type_of([each.body.inputs[k].type for each in group]))
        for k, feed in enumerate(body.inputs)
    )
    returns = tuple(
        replace(result, type=arguments.type_of([each.body.returns[k].type for each in group]))
        for k, result in enumerate(body.returns)
    )
    return typed, inputs, returns


def _formulas(kind: type[Composite], blocks: Iterable[Mapping[str, Plain]]) -> dict[str, Column]:
    """What the drawing calculates from its parameters, and what that is in each instance."""
    found: dict[str, Column] = {}
    values = list(blocks)
    for node in kind.definition.graph.nodes.values():
        for value in node.params.values():
            if isinstance(value, Expr) and not value.text.strip().isidentifier():
                try:
                    numbers = [calculate(value, given) for given in values]
                except UserError:  # it uses the index of a repeat
                    continue
                found[tidied(value.text)] = tuple(numbers)
    return found


def _outline(step: Step) -> object:
    """What must be alike in two steps for them to share a line of code."""
    emit = step.emit
    shapes = tuple((port, type_.rank, type_.dtype) for port, type_ in step.types.items())
    snippets = tuple(snippet.name for snippet in emit.snippets)
    wires = tuple(step.inputs.items())
    return (
        step.node,
        emit.forward,
        emit.loop,
        snippets,
        wires,
        shapes,
        step.shares,
        step.frozen,
        step.tuned,
    )


def _outline_of(feed: Feed) -> object:
    return feed.name, feed.type.rank, feed.type.dtype


def _rewritten(step: Step, form: StepForm, leaves: list[Argument], kept: set[str]) -> Step:
    """The step with other literals; what its statement names is noted as kept by the module."""
    modules, values = form.with_leaves(leaves)
    shown = {name: _of_self(value, kept) for name, value in values.items()}
    return replace(step, emit=replace(step.emit, modules=modules, values=shown))


def _of_self(value: Argument, kept: set[str]) -> Argument:
    """A value as `forward` reads it: arguments of the class are attributes there."""
    if isinstance(value, tuple):
        parts = tuple(_of_self(each, kept) for each in value)
        return parts  # type: ignore[return-value]  # names stand where literals did
    if not isinstance(value, Written):
        return value
    kept |= names_of(value.text)
    return Written(NAME.sub(r"self.\g<0>", value.text))


def class_name(name: str) -> str:
    """A name that a class may have, as near to a definition's as possible."""
    found = re.sub(r"\W+", "", name, flags=re.ASCII)
    found = re.sub(r"^[\d_]+", "", found)[: names.LONGEST_NAME] or "Composite"
    found = found[0].upper() + found[1:]
    is_taken = found in names.RESERVED or keyword.iskeyword(found)
    return f"{found}Block" if is_taken else found
