"""Which block each weight belongs to: from names in a state_dict to paths of nodes, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from graph.block import Call, Row
from graph.classes import LIST, SEQUENTIAL
from graph.model import NodeId
from graph.program import ModuleClass, Step
from graph.tuning import AS_EVER, Tuned
from graph.wrapping import INNER

MODEL = "Model"
ANY = "*"


@dataclass(frozen=True)
class Place:
    """What an attribute of a class holds.

    Attributes:
        module: its name in the block.
        tuned: how all that it holds starts and learns.
        classes: how many of which class it holds in a row, or one of the class it is of; the
            class is empty for a module of torch, the number None where it varies.
    """

    node: NodeId
    module: str
    classes: tuple[tuple[int | None, str], ...]
    is_row: bool
    tuned: Tuned = AS_EVER


@dataclass(frozen=True)
class Paths:
    """The attributes of each generated class."""

    classes: Mapping[str, Mapping[str, Place]]

    def owners(self) -> dict[str, NodeId]:
        """The attributes of the model and the blocks that they became."""
        return {attribute: place.node for attribute, place in self.classes[MODEL].items()}

    def tuned(self) -> dict[str, Tuned]:
        """How modules start and learn, where not as ever.

        The keys are names of modules, in which `*` stands for any number: `stages.*.conv`.
        """
        return {name: place.tuned for name, place in self.modules() if place.tuned != AS_EVER}

    def modules(self) -> Iterator[tuple[str, Place]]:
        """All that blocks became, also inside others, under names as those of `tuned`."""
        yield from self._in(MODEL, "")

    def _in(self, class_: str, before: str) -> Iterator[tuple[str, Place]]:
        for attribute, place in self.classes[class_].items():
            name = f"{before}{attribute}"
            yield name, place
            at = 0
            for count, inner in place.classes:
                if inner:
                    numbers = [ANY] if count is None else map(str, range(at, at + count))
                    for number in numbers if place.is_row else [""]:
                        yield from self._in(inner, f"{name}.{number}.".replace("..", "."))
                at += count or 0

    def node_key(self, key: str) -> str:
        """A name in a state_dict with nodes for attributes: `stage.0.conv.weight` becomes
        `n5[0]/n2.conv.weight`.

        The path outlives renames and edits elsewhere. What is in a definition has the path of
        each instance it is in, from the outermost. A block that is only wrapped to be repeated
        stands for itself.
        """
        found = self._in_class(key, MODEL, "")
        if found is None:
            raise KeyError(key)
        return found

    def _in_class(self, key: str, class_: str, found: str) -> str | None:
        """The path of what a class calls so, behind that of an instance; None if it has none."""
        attribute, _, key = key.partition(".")
        place = self.classes[class_].get(attribute)
        if place is None:
            return None
        found = f"{found}/{place.node}".lstrip("/") if place.node != INNER else found
        inner = [place.classes[0][1]]
        if place.is_row:
            number, _, key = key.partition(".")
            found += f"[{number}]"
            inner = _classes_at(place, int(number))
        if not inner[0]:
            return f"{found}.{place.module}.{key}" if key else f"{found}.{place.module}"
        paths = (self._in_class(key, each, found) for each in inner)
        return next((path for path in paths if path is not None), None)


def _classes_at(place: Place, number: int) -> list[str]:
    """The class at a place in a row; those that may be there where numbers in it vary."""
    for at, (count, name) in enumerate(place.classes):
        if count is None:
            return list(dict.fromkeys(name for _, name in place.classes[at:]))
        if number < count:
            return [name]
        number -= count
    return [place.classes[-1][1]]


def owner(path: str) -> NodeId:
    """The innermost block of a path of nodes."""
    return NodeId(path.rpartition("/")[2].partition("[")[0].partition(".")[0])


def paths_of(classes: Iterable[ModuleClass], attributes: Mapping[str, Attributes]) -> Paths:
    """The paths of classes whose modules became these attributes."""
    known = {each.name: each for each in classes}
    return Paths(
        {
            name: {
                attribute: _place(step, module, known)
                for step in each.body
                if not step.shares
                for module, attribute in attributes[name][step.node].items()
            }
            for name, each in known.items()
        }
    )


def _place(step: Step, module: str, known: Mapping[str, ModuleClass]) -> Place:
    call = step.emit.modules[module]
    assert isinstance(call, Call)
    is_row = call.target in (SEQUENTIAL, LIST)
    parts = call.args if is_row else (call,)
    held: list[tuple[int | None, str]] = []
    for part in parts:
        one = part.call if isinstance(part, Row) else part
        assert isinstance(one, Call)
        held.append((_count(part), one.target if one.target in known else ""))
    return Place(step.node, module, tuple(held), is_row, step.tuned)


def _count(part: object) -> int | None:
    if not isinstance(part, Row):
        return 1
    over = part.over
    if isinstance(over, tuple):
        return len(over)
    return over if isinstance(over, int) else None


Attributes = Mapping[NodeId, Mapping[str, str]]
