"""The parameters of a definition: added, renamed, given defaults, removed, taken from inside."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from graph import names
from graph.composite import INPUT, OUTPUT
from graph.composites.definitions import known
from graph.composites.naming import check_parameter_name
from graph.composites.substitute import put_in
from graph.composites.views import on_whole, over_graphs, over_nodes
from graph.edits import label, sharing
from graph.kinds import kinds_of
from graph.model import DEFINED, Document, Node, NodeId
from graph.params import Expr, Param, Plain, Value, parameter
from graph.problems import UserError

Parameters = Mapping[str, Param]


def add_parameter(document: Document, definition: str, name: str, default: Plain) -> Document:
    """The document in which a definition has one more parameter.

    Raises:
        UserError: the name is refused.
    """
    taken = known(document, definition).parameters
    name = check_parameter_name(name, taken)
    return _put(document, definition, {**taken, name: parameter(name, default)})


def set_default(document: Document, definition: str, name: str, value: Plain) -> Document:
    """The document with another default; its kind follows the value where nothing bounds it.

    Raises:
        UserError: the parameter refuses the value.
    """
    parameters = known(document, definition).parameters
    declared = _declared(document, definition, name)
    try:
        made = replace(declared, default=declared.check(value))
    except UserError:
        bounds = (declared.ge, declared.gt, declared.le)
        if declared.choices or any(bound is not None for bound in bounds):
            raise
        made = replace(parameter(name, value), title=declared.title, help=declared.help)
    return _put(document, definition, {**parameters, name: made})


def rename_parameter(document: Document, definition: str, old: str, new: str) -> Document:
    """The document with a parameter renamed; expressions inside and instances follow.

    Raises:
        UserError: the name is refused.
    """
    declared = _declared(document, definition, old)
    if new.strip() == old:
        return document
    parameters = known(document, definition).parameters
    new = check_parameter_name(new, parameters)
    was_plain = declared.title == parameter(old, declared.default).title
    title = parameter(new, declared.default).title if was_plain else declared.title
    found = {
        new if name == old else name: replace(each, name=new, title=title) if name == old else each
        for name, each in parameters.items()
    }

    def follow(params: Mapping[str, Value]) -> Mapping[str, Value]:
        return {new if key == old else key: value for key, value in params.items()}

    changed = _rewritten(document, definition, old, Expr(new), found, follow)
    values = {new if key == old else key: value for key, value in document.variables.items()}
    return _seen_with(changed, definition, values)


def remove_parameter(document: Document, definition: str, name: str) -> Document:
    """The document without a parameter; expressions inside calculate with its default instead."""
    declared = _declared(document, definition, name)
    parameters = known(document, definition).parameters
    left = {key: each for key, each in parameters.items() if key != name}

    def follow(params: Mapping[str, Value]) -> Mapping[str, Value]:
        return {key: value for key, value in params.items() if key != name}

    return _rewritten(document, definition, name, declared.default, left, follow)


def promote(document: Document, id: NodeId, name: str) -> Document:
    """The document in which a parameter of a block inside has become one of the definition.

    Blocks that use the same weights follow.

    Raises:
        UserError: the document is not seen from inside, or the value cannot be given from outside.
    """
    scope = document.scope
    node = document.graph.nodes[id]
    block = kinds_of(document).of(node)
    declared = block.params.get(name) if block else None
    if scope is None or declared is None or node.kind in (INPUT, OUTPUT):
        raise UserError("Only a parameter of a block inside a composite can be promoted.")
    value = node.params.get(name, declared.default)
    if declared.widget == "code":
        raise UserError("Code stays in its block: it is trusted as it is written there.")
    if isinstance(value, Expr):
        raise UserError(
            f"{declared.title} of {label(document, id)} is calculated as {value}; "
            "give it a value of its own first."
        )
    taken = known(document, scope.definition).parameters
    wanted = names.usable(name, "size")
    if wanted in taken or wanted == "i":
        wanted = names.unique(names.usable(f"{node.name}_{name}"), taken)
    made = replace(
        declared, name=wanted, default=declared.check(value), title=_title(wanted),
        show_if=None, was=(),
    )  # fmt: skip
    nodes = dict(document.graph.nodes)
    for each in sharing(document, [id]):
        nodes[each] = replace(nodes[each], params={**nodes[each].params, name: Expr(wanted)})
    changed = document.with_graph(nodes)
    return _put(changed, scope.definition, {**taken, wanted: made})


def why_not_promote(document: Document, id: NodeId, name: str) -> str:
    """Why a parameter of a block inside cannot be promoted; empty where it can."""
    try:
        promote(document, id, name)
    except UserError as error:
        return str(error)
    return ""


def _title(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _declared(document: Document, definition: str, name: str) -> Param:
    found = known(document, definition).parameters.get(name)
    if found is None:
        raise UserError(f"{definition} has no parameter called {name}.")
    return found


def _put(document: Document, definition: str, parameters: Parameters) -> Document:
    """The document in which a definition has these parameters."""
    changed = on_whole(document, lambda whole: _with_parameters(whole, definition, parameters))
    return _seen_with(changed, definition, changed.variables)


def _with_parameters(whole: Document, definition: str, parameters: Parameters) -> Document:
    made = replace(whole.definitions[definition], parameters=parameters)
    return replace(whole, definitions={**whole.definitions, definition: made})


def _seen_with(document: Document, definition: str, values: Mapping[str, Plain]) -> Document:
    """The document; where the definition is seen from inside, with values that it still takes."""
    scope = document.scope
    if scope is None or scope.definition != definition:
        return document
    fitting = {}
    for name, declared in document.definitions[definition].parameters.items():
        try:
            fitting[name] = declared.check(values.get(name, declared.default))
        except UserError:
            fitting[name] = declared.default
    return replace(document, variables=fitting)


def _rewritten(
    document: Document,
    definition: str,
    name: str,
    value: Value,
    parameters: Parameters,
    follow: Callable[[Mapping[str, Value]], Mapping[str, Value]],
) -> Document:
    """The document with a name replaced in the expressions inside and in every instance."""

    def rewrite(whole: Document) -> Document:
        kinds = kinds_of(whole)

        def inner(node: Node) -> Node:
            block = kinds.find(node.kind)
            return put_in(node, {name: value}, block.params if block else {})

        def instance(node: Node) -> Node:
            if node.kind != DEFINED + definition or name not in node.params:
                return node
            return replace(node, params=follow(node.params))

        made = whole.definitions[definition]
        made = replace(made, graph=over_nodes(made.graph, inner), parameters=parameters)
        every = replace(whole, definitions={**whole.definitions, definition: made})
        return over_graphs(every, lambda graph: over_nodes(graph, instance))

    return on_whole(document, rewrite)
