"""The statements of the blocks of a program, with a variable for each value."""

from __future__ import annotations

import re
import string
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from backends.pytorch.text import literal, spaced, statement
from graph.block import Loop
from graph.lower import Result, Step
from graph.model import Endpoint, NodeId
from graph.names import snake, unique, usable
from graph.wrapping import ITEM

Line = tuple[str, NodeId | None]
Statement = tuple[str, NodeId, str]


@dataclass
class Names:
    """Which variable holds each value while one function is written.

    With `running`, a value that only the next steps need is called x, as in most models, or y
    while x is still needed.
    """

    of: dict[Endpoint, str]
    taken: set[str]
    reserved: dict[Endpoint, str] = field(default_factory=dict)
    running: bool = True
    items: set[str] = field(default_factory=set)

    def running_names(self, steps: Sequence[Step]) -> tuple[str, ...]:
        """What values that only the next steps need are called."""
        if not self.running:
            return ()
        ends = [end for end, name in self.reserved.items() if name == "y"]
        last = steps[-1] if steps else None
        is_last = last is not None and "\n" not in last.emit.forward.strip() and not last.emit.loop
        is_free = all(is_last and last and end[0] == last.node for end in ends)
        is_other = any(name == "y" for name in self.of.values()) or any(
            step.name == "y" for step in steps
        )
        return ("x", "y") if is_free and not is_other else ("x",)


def uses_of(steps: Sequence[Step], results: Iterable[Result]) -> dict[Endpoint, list[int]]:
    """At which steps each value is read; a value that is returned is read at the end.

    What only leads to nothing is read by no one, such as the way to a loss that is left out.
    """
    uses: dict[Endpoint, list[int]] = {}
    for result in results:
        uses.setdefault(result.endpoint, []).append(len(steps))
    for number, step in reversed(list(enumerate(steps))):
        if is_read(step, uses):
            for endpoint in (end for ends in step.inputs.values() for end in ends):
                uses.setdefault(endpoint, []).insert(0, number)
    return uses


def is_read(step: Step, uses: Mapping[Endpoint, list[int]]) -> bool:
    """Whether something reads what a step makes."""
    return any((step.node, port) in uses for port in step.types)


def statements_of(
    steps: Iterable[Step],
    names: Names,
    attributes: Mapping[NodeId, Mapping[str, str]],
    uses: Mapping[Endpoint, list[int]],
) -> list[Statement]:
    """Each statement with its block, and the shape of what it makes where that is news."""
    found: list[Statement] = []
    steps = list(steps)
    # an input may be called x too, and is needed until it is read for the last time
    running = names.running_names(steps)
    busy = {name: max(uses.get(end, [-1])) for end, name in names.of.items() if name in running}
    shapes: dict[Endpoint, str] = {}
    for number, step in enumerate(steps):
        if not is_read(step, uses):
            continue
        writer = _StepWriter(step, names, attributes.get(step.node, {}), uses, running)
        writer.name_outputs(number, busy)
        shapes |= {(step.node, port): str(type_) for port, type_ in step.types.items()}
        known = {"scalar", *(shapes.get(end) for ends in step.inputs.values() for end in ends[:1])}
        found += [
            (text, step.node, "" if shape in known else shape)
            for text, shape in writer.statements()
        ]
    return found


def laid_out(statements: Iterable[Statement], indent: int) -> list[Line]:
    """The lines of statements, each with its block."""
    return [
        (line, node)
        for text, node, comment in statements
        for line in statement(text.lstrip(), indent + len(text) - len(text.lstrip()), comment)
    ]


class _StepWriter:
    """Writes the statements of one block."""

    def __init__(
        self,
        step: Step,
        names: Names,
        attributes: Mapping[str, str],
        uses: Mapping[Endpoint, list[int]],
        running: Sequence[str],
    ) -> None:
        self.running = running
        self.step = step
        self.names = names
        self.attributes = attributes
        self.uses = uses
        self.split = [_split_assignment(line) for line in step.emit.forward.strip().splitlines()]

    def kept(self) -> list[tuple[str, str]]:
        """The statements that something needs, backwards from what is used outside."""
        needed = {port for port in self.step.types if (self.step.node, port) in self.uses}
        kept = []
        for left, right in reversed(self.split):
            targets = _placeholders(left)
            if not targets or targets & needed:
                kept.append((left, right))
                needed |= _placeholders(right)
        self.needed = needed
        return kept[::-1]

    def name_outputs(self, number: int, busy: dict[str, int]) -> None:
        """Chooses a variable for each output; a running one if only the next steps need it.

        Args:
            number: of this step.
            busy: the step at which the value of each running variable is read for the last time.
        """
        loop = self.step.emit.loop
        round_ = {out for _, out in loop.carried} if loop else set()
        several = len(self.step.types) > 1
        for port in self.step.types:
            endpoint = (self.step.node, port)
            if endpoint in self.names.reserved:
                self.names.of[endpoint] = self.names.reserved[endpoint]
                continue
            late = self._read_late(port)
            readers = self.uses.get(endpoint, []) or [number] * (port in round_)
            free = (n for n in self.running if busy.get(n, -1) <= number and n not in late)
            name = next(free, None) if len(readers) == 1 else None
            if name:
                self.names.of[endpoint] = name
                busy[name] = readers[0]
            elif endpoint in self.uses or port in self.needed or port in round_:
                wanted = f"{self.step.name}_{port}" if several else self.step.name
                self.names.of[endpoint] = self._fresh(wanted)

    def _read_late(self, port: str) -> set[str]:
        """Variables of inputs that are read after this output is set.

        A loop sets its outputs before its first turn, each to the input whose place it takes; so no
        other input may be in its variable, and no other output.
        """
        ports: set[str] = set()
        for _, right in self.kept()[1:]:
            ports |= _placeholders(right)
        made: set[str] = set()
        if self.step.emit.loop:
            loop = self.step.emit.loop
            ports = self.step.inputs.keys() - {into for into, out in loop.carried if out == port}
            ports -= {loop.scanned[0]} if loop.scanned and loop.scanned[1] == port else set()
            outs = ((self.step.node, out) for out in self.step.types)
            made = {self.names.of[end] for end in outs if end in self.names.of}
        return made | {
            self.names.of[end]
            for port, ends in self.step.inputs.items()
            if port in ports
            for end in ends
            if end in self.names.of
        }

    def _fresh(self, wanted: str) -> str:
        name = unique(wanted, self.names.taken.union(self.running))
        self.names.taken.add(name)
        return name

    def statements(self) -> list[tuple[str, str]]:
        """The statements, with names filled in, and the shape of what each gives."""
        if self.step.emit.loop:
            return self._loop(self.step.emit.loop)
        values: dict[str, object] = {
            name: f"self.{attribute}" for name, attribute in self.attributes.items()
        }
        for name, value in self.step.emit.values.items():
            values[name] = literal(value)
        for port, ends in self.step.inputs.items():
            found = [self.names.of[end] for end in ends]
            values[port] = _Many(found) if port in self.step.many else found[0]
        for port in self.step.types:
            values[port] = self.names.of.get((self.step.node, port), "_")
        lines = []
        for left, right in self.kept():
            for name in sorted(_placeholders(left)):
                if name.startswith("_") and name not in values:
                    values[name] = self._fresh(f"{self.step.name}{name}")
            text = f"{left} = {right}" if left else right
            line = spaced(string.Formatter().vformat(text, (), values))
            lines.append((line.replace("(_, _) = ", "_ = "), self._shape(left)))
        return lines

    def _loop(self, loop: Loop) -> list[tuple[str, str]]:
        """What goes round is set before the loop, and in each turn by the block."""
        node = self.step.node
        of = {port: self.names.of[ends[0]] for port, ends in self.step.inputs.items()}
        out = {port: self.names.of.get((node, port), "_") for port in self.step.types}
        lines: list[tuple[str, str]] = []
        for into, port in loop.carried:
            if out[port] != of[into]:
                lines.append((f"{out[port]} = {of[into]}", ""))
            of[into] = out[port]
        (module,) = self.attributes.values()
        item = f"self.{module}"
        if loop.scanned:
            return lines + self._scan(loop.scanned, of, out, item)
        totals = {port: out[port] for port in loop.summed if out[port] != "_"}
        lines += [(f"{total} = 0", "") for total in totals.values()]
        first = loop.carried[0][1]
        if loop.count is None:
            item = self._item()
            head = f"for {item} in self.{module}:"
        else:
            head = f"for _ in range({loop.count}):"
        lines.append((head, str(self.step.types[first])))
        parts = {port: self._fresh(f"{port}_part") for port in totals}
        call = self._call({**of, **out, **parts, ITEM: item})
        if loop.joined:
            text = call.partition(" = ")[2]
            call = f"{out[first]} = torch.cat([{out[first]}, {text}], dim=1)"
        lines.append((f"    {call}", ""))
        lines += [(f"    {total} = {total} + {parts[port]}", "") for port, total in totals.items()]
        return lines

    def _scan(
        self, scanned: tuple[str, str], of: dict[str, str], out: dict[str, str], item: str
    ) -> list[tuple[str, str]]:
        """A step of the sequence in each turn; what the steps give is stacked behind them."""
        into, port = scanned
        step, answer, answers = (
            self._fresh(f"{self.step.name}_{word}") for word in ("step", "answer", "answers")
        )
        call = self._call({**of, into: step, **out, port: answer, ITEM: item})
        sequence = str(self.step.types[port])
        lines = [
            (f"{answers} = []", ""),
            (f"for {step} in {of[into]}.unbind(1):", ""),
            (f"    {call}", ""),
            (f"    {answers}.append({answer})", ""),
        ]
        if out[port] != "_":
            lines.append((f"{out[port]} = torch.stack({answers}, dim=1)", sequence))
        return lines

    def _call(self, words: Mapping[str, str]) -> str:
        """The statement of the block with these names filled in."""
        text = string.Formatter().vformat(self.step.emit.forward.strip(), (), words)
        return text.replace("(_, _) = ", "_ = ")

    def _item(self) -> str:
        """The variable that goes through modules, the same in each loop over such blocks."""
        wanted = usable(snake(self.step.title))
        if wanted not in self.names.items:
            wanted = self._fresh(wanted)
            self.names.items.add(wanted)
        return wanted

    def _shape(self, left: str) -> str:
        """The type of the first output among these targets that something reads."""
        targets = _placeholders(left)
        types = self.step.types.items()
        node = self.step.node
        return next((str(t) for p, t in types if p in targets and (node, p) in self.uses), "")


class _Many(list[str]):
    """The values at a many port: joined by commas, or one by its number."""

    def __format__(self, spec: str) -> str:
        return ", ".join(self)

    def __str__(self) -> str:
        return ", ".join(self)


def _split_assignment(line: str) -> tuple[str, str]:
    """The targets and the expression of `targets = expression`."""
    left, equals, right = line.strip().partition(" = ")
    return (left, right) if equals else ("", left)


def _placeholders(text: str) -> set[str]:
    """The names in braces, without indices."""
    parsed = string.Formatter().parse(text)
    return {re.split(r"[.\[]", name)[0] for _, name, _, _ in parsed if name}
