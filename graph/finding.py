"""What a person looks for in a drawing: words, `kernel_size=3`, a shape as `*×64`, problems."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from graph.block import Block, show_value
from graph.declared import Param, Plain
from graph.expressions import Expr
from graph.kinds import kinds_of
from graph.model import Document, Node, NodeId
from graph.problems import Problem, Severity, UserError
from graph.registry import Registry
from graph.repeat import Repeated
from graph.tensor import Shape, show_shape
from graph.typed import Typing

Problems = Mapping[NodeId, Sequence[Problem]]

ANY = "*"
OPERATORS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
}
_SETTING = re.compile(r"([A-Za-z_]\w*)(!=|>=|<=|=|>|<)(.*)")
_SHAPE = re.compile(r"(\*|\d+|[A-Z])([x×](\*|\d+|[A-Z]))+")
_WORDS = re.compile(r"\"[^\"]*\"?|\S+")
_PROBLEM_WORDS = {
    "problem": tuple(Severity), "problems": tuple(Severity),
    "error": (Severity.ERROR,), "errors": (Severity.ERROR,),
    "warning": (Severity.WARNING,), "warnings": (Severity.WARNING,),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Setting:
    """A parameter and what its value is compared with; an empty value means that it has one."""

    name: str
    operator: str
    value: str


@dataclass(frozen=True, slots=True)
class Word:
    """Letters in a title, a name, a kind, or the text of a problem; the name of a parameter."""

    text: str


@dataclass(frozen=True, slots=True)
class Sizes:
    """A shape in which `*` stands for any size; without the batch axis, or with it."""

    parts: tuple[str, ...]


Term = Word | Setting | Sizes


@dataclass(frozen=True, slots=True)
class Match:
    """A block that was found; `why` is what of it fits where its title and name do not show it."""

    node: NodeId
    why: str = ""


def read_query(text: str) -> tuple[Term, ...]:
    """What the words of a query mean; a block is found where all of them fit."""
    found: list[Term] = []
    for word in _WORDS.findall(text):
        setting = _SETTING.fullmatch(word)
        if word.startswith('"'):
            if word.strip('"'):
                found.append(Word(word.strip('"').casefold()))
        elif setting:
            found.append(Setting(setting[1].casefold(), setting[2], setting[3]))
        elif _SHAPE.fullmatch(word):
            found.append(Sizes(tuple(re.split("[x×]", word))))
        else:
            found.append(Word(word.casefold()))
    return tuple(found)


def matches(
    terms: Sequence[Term],
    document: Document,
    typing: Typing,
    registry: Registry,
    problems: Problems,
    translated: Callable[[str], str] = str,
) -> list[Match]:
    """The blocks of one graph that fit all terms, from top to bottom.

    Args:
        problems: what is wrong, by block.
        translated: a title in the language of the person.
    """
    if not terms:
        return []
    search = _Search(document, typing, kinds_of(document, registry), problems, translated)
    nodes = document.graph.nodes
    found = [match for node in nodes.values() if (match := search.match(node, terms)) is not None]
    return sorted(found, key=lambda match: (nodes[match.node].y, nodes[match.node].x))


@dataclass(frozen=True, slots=True)
class _Search:
    document: Document
    typing: Typing
    registry: Registry
    problems: Problems
    translated: Callable[[str], str]
    shapes: dict[tuple[tuple[str, ...], Shape], str | None] = field(default_factory=dict)
    compared: dict[tuple[str, str, str, Setting], bool] = field(default_factory=dict)

    def match(self, node: Node, terms: Sequence[Term]) -> Match | None:
        reasons = []
        for term in terms:
            match term:
                case Word():
                    why = self._by_word(node, term.text)
                case Setting():
                    why = self._by_setting(node, term)
                case Sizes():
                    why = self._by_shape(node, term.parts)
            if why is None:
                return None
            reasons.append(why)
        return Match(node.id, " · ".join(dict.fromkeys(filter(None, reasons))))

    def _by_word(self, node: Node, word: str) -> str | None:
        """Empty where the title or name shows it."""
        found = self.registry.find(node.kind)
        title = found.kind.title if found else node.definition
        if word in self.translated(title).casefold() or word in node.name.casefold():
            return ""
        if word in node.kind.casefold() or word in title.casefold():
            return node.kind
        problems = self.problems.get(node.id, ())
        wanted = _PROBLEM_WORDS.get(word, ())
        for problem in problems:
            if problem.severity in wanted or word in self.translated(problem.text).casefold():
                return self.translated(problem.text)
        if found is not None and word in found.params:
            return self._shown(node, word)
        return None

    def _by_setting(self, node: Node, term: Setting) -> str | None:
        """A drawing has many blocks, but few kinds with few values: each is compared once."""
        values = self._values(node)
        for name in _named(term.name, tuple(values)):
            value = values[name]
            asked = (node.kind, name, repr(value), term)
            if asked not in self.compared:
                self.compared[asked] = _compares(self._declared(node).get(name), value, term)
            if self.compared[asked]:
                return f"{name} {show_value(value)}"
        return None

    def _by_shape(self, node: Node, parts: tuple[str, ...]) -> str | None:
        for shape in self._shapes(node):
            asked = (parts, shape)
            if asked not in self.shapes:
                fits = _fits(parts, shape) or (_has_batch(shape) and _fits(parts, shape[1:]))
                self.shapes[asked] = show_shape(shape) if fits else None
            if self.shapes[asked]:
                return self.shapes[asked]
        for name, value in self._values(node).items():
            if isinstance(value, tuple) and _fits(parts, value):
                return f"{name} {show_value(value)}"
        return None

    def _shapes(self, node: Node) -> Iterator[Shape]:
        """What comes out of a block, then what arrives."""
        for type_ in (self.typing.types.get(node.id) or {}).values():
            yield type_.shape
        for edge in self.document.graph.inputs_of(node.id):
            arriving = self.typing.edge_type(edge)
            if arriving is not None:
                yield arriving.shape

    def _declared(self, node: Node) -> Mapping[str, Param]:
        found = self.registry.of(node)
        return found.params if found else {}

    def _values(self, node: Node) -> Mapping[str, Plain]:
        """The values of a block; as they are in the file where they are refused."""
        block: Block | None = self.typing.blocks.get(node.id)
        if isinstance(block, Repeated):
            block = block.first
        if block is not None:
            return block.values()
        written = {name: v for name, v in node.params.items() if not isinstance(v, Expr)}
        return {name: p.default for name, p in self._declared(node).items()} | written

    def _shown(self, node: Node, name: str) -> str:
        return f"{name} {show_value(self._values(node)[name])}"


@lru_cache(1000)
def _named(wanted: str, names: tuple[str, ...]) -> list[str]:
    """The parameters of that name, or all whose names begin so."""
    return [name for name in names if name.casefold() == wanted] or [
        name for name in names if name.casefold().startswith(wanted)
    ]


def _compares(declared: Param | None, value: Plain, term: Setting) -> bool:
    """Whether a value is as a term wants it; `=` of a text looks for a part of it."""
    if not term.value:
        return True
    if term.operator in OPERATORS:
        compare = OPERATORS[term.operator]
        try:
            limit = float(term.value)
        except ValueError:
            return False
        numbers = value if isinstance(value, tuple) else (value,)
        return all(
            isinstance(n, (int, float)) and not isinstance(n, bool) and compare(n, limit)
            for n in numbers
        )
    is_same = _is_same(declared, value, term.value)
    return is_same if term.operator == "=" else not is_same


def _is_same(declared: Param | None, value: Plain, text: str) -> bool:
    if isinstance(value, str):
        return text.casefold() in value.casefold()
    if declared is not None:
        try:
            if declared.parse(text) == value:
                return True
        except UserError:
            pass  # a value that is refused is found as it is written
    return show_value(value).casefold() == text.casefold()


def _fits(parts: Sequence[str], shape: Sequence[object]) -> bool:
    return len(parts) == len(shape) and all(
        part in (ANY, str(size)) for part, size in zip(parts, shape, strict=True)
    )


def _has_batch(shape: Shape) -> bool:
    return len(shape) > 1 and str(shape[0]) == "N"
