"""Fields of a drawing that a search chooses for, as a person names them."""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches

from graph.block import Block
from graph.data_fields import DATA, Params, declared_of_data
from graph.declared import Param
from graph.expressions import INDEX, names_in
from graph.kinds import kinds_of
from graph.model import DEFINED, Document, Node, NodeId
from graph.params import Expr, parameter
from graph.problems import UserError
from graph.recipe import Recipe
from graph.repeat import COUNT
from graph.spaces import Choices, Space, parse_choices, parse_space, value_text
from graph.tuning import Tuning

KIND = "kind"
REPEAT = "repeat"
NAMED = 12
NO_PARAMS: Params = {}
EXAMPLE = "learning_rate=1e-4..1e-1 log, or dense1.features={32, 64, 128}"


@dataclass(frozen=True)
class Field:
    """What is chosen for.

    Attributes:
        name: a parameter of the block; `kind` for what it is, `repeat` for how often it follows
            itself. Without a block, a value of the recipe or a variable.
        block: the name of the block.
        inside: the composite that the block is in.
        of_data: whether it is a value of the data; the block is then one of the data's steps.
    """

    name: str
    block: str = ""
    inside: str = ""
    of_data: bool = False

    def __str__(self) -> str:
        if self.of_data:
            return ".".join(filter(None, (DATA, self.block, self.name)))
        where = f"{self.inside}/" if self.inside else ""
        if not self.block:
            return self.name
        return f"{where}{self.block}.{self.name}"

    @property
    def is_kind(self) -> bool:
        """Whether what a block is is chosen."""
        return bool(self.block) and self.name == KIND and not self.of_data


@dataclass(frozen=True)
class Over:
    """A field and what may be chosen for it."""

    field: Field
    space: Space

    def __str__(self) -> str:
        return f"{self.field}={self.space}"


def parse_over(document: Document, text: str, source: Params = NO_PARAMS) -> Over:
    """A field and its choices, such as `dense1.features={32, 64}`.

    Args:
        source: the parameters of the source of the data.

    Raises:
        UserError: the drawing has no such field, or it does not take such values.
    """
    name, equals, space = text.partition("=")
    if not equals:
        raise UserError(f"“{text[:60]}” names no choices; write for example {EXAMPLE}.")
    field = parse_field(document, name, source)
    if field.is_kind:
        return Over(field, _kinds(document, field, space.strip()))
    found = parse_space(space, declared(document, field, source))
    _check_names(document.whole(), field, found)
    return Over(field, found)


def _check_names(whole: Document, field: Field, space: Space) -> None:
    """Refuses what calculates with variables that there are not."""
    place = whole.inside(field.inside) if field.inside else whole
    known = {*place.variables, INDEX} if field.block else set(place.variables)
    values = space.values if isinstance(space, Choices) else ()
    for value in values:
        strange = names_in(value.text) - known if isinstance(value, Expr) else set()
        if strange:
            raise UserError(
                f"“{value_text(value)}” uses {', '.join(sorted(strange))}, which is no variable of "
                f"this drawing ({', '.join(sorted(known - {INDEX})) or 'none are defined'})."
            )


def parse_field(document: Document, text: str, source: Params = NO_PARAMS) -> Field:
    """The field that a person wrote: of the recipe, a variable, of a block, or of the data.

    Raises:
        UserError: the drawing has none like that.
    """
    text = text.strip()
    whole = document.whole()
    if text.startswith(f"{DATA}.") and id_of(whole, DATA, "") is None:
        step, _, name = text.removeprefix(f"{DATA}.").rpartition(".")
        declared_of_data(whole, step, name, source)
        return Field(name, step, of_data=True)
    inside, _, rest = text.rpartition("/")
    if inside and inside not in whole.definitions:
        known = ", ".join(sorted(whole.definitions)[:NAMED]) or "none"
        raise UserError(f"There is no composite “{inside[:60]}”; there is {known}.")
    block, dot, name = rest.rpartition(".")
    if not dot:
        is_block = id_of(whole, rest, inside) is not None
        is_plain = rest in Recipe.params or rest in whole.variables
        block, name = (rest, KIND) if is_block and (inside or not is_plain) else ("", rest)
    field = Field(name, block, inside)
    if field.is_kind:
        node_of(whole, field)
    else:
        declared(whole, field)
    return field


def declared(document: Document, field: Field, source: Params = NO_PARAMS) -> Param:
    """What a field takes.

    Raises:
        UserError: the drawing has no such field.
    """
    whole = document.whole()
    if field.of_data:
        return declared_of_data(whole, field.block, field.name, source)
    if not field.block:
        if field.name in Recipe.params and not field.inside:
            return Recipe.params[field.name]
        if field.name in whole.variables and not field.inside:
            return parameter(field.name, whole.variables[field.name])
        raise UserError(
            f"There is no “{field.name[:60]}”, neither in the recipe nor as a block or a variable. "
            f"Write for example {EXAMPLE}."
        )
    node = node_of(whole, field)
    block = kinds_of(whole).of(node)
    params = dict(block.params) if block is not None else {}
    if field.name in params:
        return params[field.name]
    if field.name == REPEAT:
        return COUNT
    if field.name in Tuning.params:
        return Tuning.params[field.name]
    known = ", ".join(list(params)[:NAMED]) or "none"
    raise UserError(
        f"“{field.block}” has no parameter called {field.name[:60]}; it has {known}, and its kind."
    )


def id_of(whole: Document, block: str, inside: str) -> NodeId | None:
    """The block of that name, in the drawing or inside a composite."""
    graph = whole.definitions[inside].graph if inside else whole.graph
    return next((id for id, node in graph.nodes.items() if node.name == block), None)


def node_of(whole: Document, field: Field) -> Node:
    """The block of a field.

    Raises:
        UserError: there is none of that name.
    """
    graph = whole.definitions[field.inside].graph if field.inside else whole.graph
    id = id_of(whole, field.block, field.inside)
    if id is None:
        names = [node.name for node in graph.nodes.values()]
        more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
        known = (", ".join(names[:NAMED]) or "none") + more
        raise UserError(f"No block is called “{field.block[:60]}”; there is {known}.")
    return graph.nodes[id]


def _kinds(document: Document, field: Field, text: str) -> Choices:
    known = kinds_of(document.whole())

    def one(word: str) -> str:
        called = {name: block for block in known.blocks() for name in _names(block)}
        found = known.find(word) or known.find(DEFINED + word) or called.get(word.lower())
        if found is None:
            near = ", ".join(get_close_matches(word.lower(), called, 3))
            perhaps = f"; perhaps you mean {near}" if near else ""
            raise UserError(
                f"There is no block “{word[:60]}” that {field.block} could be{perhaps}."
            )
        return found.kind.name

    if not (text.startswith("{") and text.endswith("}")):
        raise UserError(
            f"What {field.block} may be is a set of kinds, such as {{relu, gelu}}, "
            f"but “{text[:60]}” is none."
        )
    return parse_choices(text, f"kinds of {field.block}", one)


def _names(block: type[Block]) -> tuple[str, str]:
    """What a person may call a kind of block, in small letters."""
    return block.kind.name.lower(), block.kind.title.lower()
