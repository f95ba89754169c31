"""What a search may begin with: the fields of a drawing, and choices around their values."""

from __future__ import annotations

from collections.abc import Iterable

from graph.block import Block, Role
from graph.data_fields import Params, data_params, step_names, value_of_data
from graph.declared import Param
from graph.expressions import Expr
from graph.kinds import kinds_of
from graph.model import Document, Node, NodeId
from graph.params import Value
from graph.problems import UserError
from graph.recipe import CHECKPOINTS, Recipe
from graph.search_fields import KIND, NO_PARAMS, REPEAT, Field, Over, declared, node_of
from graph.spaces import Choices, Space, Span, parse_space

RATES = "1e-4..1e-1 log"
SMALL = 4
# What says where and for how long it is computed is not what one looks for.
NOT_OF_RECIPE = (
    "device", "threads", "memory_format", "deterministic", "compile", "keep", "max_minutes",
    "stop_metric", "stop_when", "stop_value", *CHECKPOINTS,
)  # fmt: skip
LAYERS = (Role.LAYER, Role.LOSS, Role.OPTIMIZER)


def fields_of(
    document: Document, chosen: Iterable[NodeId] = (), source: Params = NO_PARAMS
) -> list[Field]:
    """The fields of a drawing: those of the chosen blocks first, then recipe, data and the rest.

    `document` may be looked at from inside a composite; the blocks are of that place.
    """
    inside = document.scope.definition if document.scope else ""
    nodes = document.graph.nodes
    first = [id for id in nodes if id in set(chosen)]
    found = [field for id in first for field in _of_node(document, nodes[id], inside)]
    whole = document.whole()
    found += [Field(name) for name in _shown_of_recipe(whole)]
    found += [Field(name) for name in whole.variables if name not in Recipe.params]
    found += _of_data(whole, source)
    found += [
        field for id, node in nodes.items() if id not in first
        for field in _of_node(document, node, inside)
    ]  # fmt: skip
    return list(dict.fromkeys(found))


def _of_data(whole: Document, source: Params) -> list[Field]:
    found = []
    for step in ("", *step_names(whole.data.steps)):
        params = data_params(whole, step, source).values()
        found += [Field(each.name, step, of_data=True) for each in params if each.kind != "text"]
    return found


def suggested(document: Document, field: Field, source: Params = NO_PARAMS) -> Over:
    """Choices around the value that a field has now.

    Raises:
        UserError: the drawing has no such field.
    """
    whole = document.whole()
    if field.is_kind:
        node = node_of(whole, field)
        return Over(field, Choices(_alike(whole, node)))
    param = declared(whole, field, source)
    return Over(field, _around(param, _value(whole, field, param), whole))


def _of_node(document: Document, node: Node, inside: str) -> list[Field]:
    block = kinds_of(document).of(node)
    if block is None or block.kind.role not in LAYERS:
        return []
    names = _shown(block, node, document)
    layer = [REPEAT, KIND] if block.kind.role is Role.LAYER else []
    return [Field(name, node.name, inside) for name in [*names, *layer]]


def _shown(block: type[Block], node: Node, document: Document) -> list[str]:
    try:
        built: Block = block.build(node.params, document.variables)
    except UserError:
        return list(block.params)
    return [param.name for param in built.shown() if param.kind != "text"]


def _shown_of_recipe(whole: Document) -> list[str]:
    try:
        shown = Recipe.build(whole.recipe, whole.variables).shown()
    except UserError:
        shown = list(Recipe.params.values())
    names = [param.name for param in shown if param.name not in NOT_OF_RECIPE]
    usual = ["learning_rate", "batch_size"]
    return [*usual, *(name for name in names if name not in usual)]


def _value(whole: Document, field: Field, param: Param) -> Value:
    """What the field holds now."""
    if field.of_data:
        return value_of_data(whole, field.block, param)
    if not field.block:
        return whole.recipe.get(field.name, whole.variables.get(field.name, param.default))
    node = node_of(whole, field)
    if field.name in node.params:
        return node.params[field.name]
    if field.name == REPEAT:
        return node.repeat.count if node.repeat else 1
    return node.tuning.get(field.name, param.default)


def _around(param: Param, value: Value, whole: Document) -> Space:
    if param.kind == "choice":
        return Choices(param.choices)
    if param.kind == "bool":
        return Choices((True, False))
    if param.name == "learning_rate" and param.gt == 0:
        return parse_space(RATES, param)
    try:
        plain = param.resolve(value, whole.variables)
    except UserError:
        plain = param.default
    if isinstance(value, Expr) or isinstance(plain, str | bool):
        return Choices((value,))
    if isinstance(plain, tuple):
        return Choices(_accepted(param, [plain, tuple(number + 2 for number in plain)]))
    if param.kind == "int":
        return _around_whole(param, int(plain))
    return _around_number(param, float(plain))


def _around_whole(param: Param, value: int) -> Space:
    if value <= SMALL:
        low = max(1, int(param.ge or 0))
        high = min(max(2 * value, low + 1), int(param.le or 2 * SMALL))
        return Span(low, high, is_whole=True, step=1) if low < high else Choices((value,))
    return Choices(_accepted(param, [value // 2, value, 2 * value]))


def _around_number(param: Param, value: float) -> Space:
    least = param.ge if param.ge is not None else param.gt
    if param.le is not None and param.le <= 1 and least == 0 and value > 0.05:
        return Span(0.1 * value if param.gt is not None else 0.0, min(2 * value, param.le))
    if value > 0:
        low, high = value / 10, min(value * 10, param.le or value * 10)
        low = low if least is None or low > least else value
        return Span(_short(low), _short(high), is_log=True) if low < high else Choices((value,))
    return Choices(_accepted(param, [value, 0.01, 0.1]))


def _short(number: float) -> float:
    return float(f"{number:.3g}")


def _accepted(param: Param, values: list[Value]) -> tuple[Value, ...]:
    found: list[Value] = []
    for value in values:
        try:
            found.append(param.check(value))
        except UserError:
            continue
    return tuple(dict.fromkeys(found))


def _alike(whole: Document, node: Node) -> tuple[Value, ...]:
    """The kind of a node, and two like it that have the same ports."""
    known = kinds_of(whole)
    block = known.of(node)
    if block is None:
        return (node.kind,)
    ports = [port.name for port in block.inputs]
    found = [
        other.kind.name for other in known.blocks()
        if other.kind.category is block.kind.category
        and [port.name for port in other.inputs] == ports and other.outputs == block.outputs
    ]  # fmt: skip
    return (node.kind, *[name for name in found if name != node.kind][:2])
