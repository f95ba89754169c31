"""Parts of a file: blocks, wires and definitions as JSON, and read back with every key judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from graph.jsonparts import (
    Json,
    Malformed,
    dump,
    expect,
    is_number,
    natural,
    rows,
    short,
)
from graph.model import Definition, Graph, Node, NodeId, Repeat
from graph.params import KINDS, Param, Value, from_json, to_json
from graph.problems import UserError
from graph.registry import default_registry
from graph.remarks import (
    FARTHEST,
    LARGEST,
    LEAST_HEIGHT,
    LEAST_WIDTH,
    Frame,
    Note,
    Remark,
    RemarkId,
    within,
)
from graph.wireparts import edge_json, wires_of

LONGEST_NAME = LONGEST_ID = 80
NO_PARAMS: dict[str, Any] = {}  # Any: parsed JSON
_NUMBERS = (int, float)
_STATES = ("frozen", "bypassed", "muted", "collapsed", "locked")
_NODE_KEYS = frozenset(
    {"id", "kind", "name", "params", "at", "repeat", "shares", "tuning", *_STATES}
)
_PLAIN_KEYS = frozenset({"id", "kind", "name", "params", "at"})
_DEFINITION_KEYS = frozenset(
    {"name", "description", "parameters", "nodes", "edges", "frames", "notes"}
)
_REMARK_KEYS = frozenset({"id", "at", "size", "color", "locked"})
_COLLAPSED = "collapsed"


def nodes_of(items: list[object]) -> dict[NodeId, Node]:
    """The nodes by their id, in the order in which they are written and were added."""
    nodes: dict[NodeId, Node] = {}
    for number, item in enumerate(items, 1):
        node = _plain_node(item) or _node(item, f"block {number}")
        if node.id in nodes:
            raise Malformed(f"two blocks have the id {node.id!r}")
        nodes[node.id] = node
    return {id: nodes[id] for id in sorted(nodes, key=natural)}


def _plain_node(item: object) -> Node | None:
    """A block of which the file says only the usual; None where every key must be judged."""
    if type(item) is not dict or not item.keys() <= _PLAIN_KEYS:
        return None
    id, kind, at = item.get("id"), item.get("kind"), item.get("at")
    name, params = item.get("name", id), item.get("params", NO_PARAMS)
    if not (
        type(id) is type(kind) is type(name) is str
        and 0 < len(id) <= LONGEST_ID
        and type(params) is dict
        and type(at) is list
        and len(at) == 2
    ):
        return None
    x, y = at
    if type(x) not in _NUMBERS or type(y) not in _NUMBERS:
        return None
    if not (-FARTHEST <= x <= FARTHEST and -FARTHEST <= y <= FARTHEST):
        return None
    if params:
        params = values_of(params)
        block = default_registry().find(kind)
        params = block.renamed(params) if block else params
    return Node(NodeId(id), kind, name, params, round(float(x), 2), round(float(y), 2))


def values_of(data: Json) -> dict[str, Value]:
    return {name: from_json(value) for name, value in data.items()}


def _node(item: object, where: str) -> Node:
    if not isinstance(item, dict):
        raise Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
    id = expect(item, "id", str, None, where)
    if not id or len(id) > LONGEST_ID:
        raise Malformed(
            f"“id” of {where} should have 1 to {LONGEST_ID} characters, but has {len(id)}"
        )
    at = expect(item, "at", list, [0, 0], where)
    x, y = (v if is_number(v) else 0.0 for v in at) if len(at) == 2 else (0.0, 0.0)
    kind = expect(item, "kind", str, None, where)
    params = values_of(expect(item, "params", dict, {}, where))
    block = default_registry().find(kind) if params else None
    return Node(
        NodeId(id),
        kind,
        expect(item, "name", str, id, where),
        block.renamed(params) if block else params,
        within(x, -FARTHEST, FARTHEST, 0.0),
        within(y, -FARTHEST, FARTHEST, 0.0),
        _repeat(item, where),
        NodeId(expect(item, "shares", str, "", where)) or None,
        tuning=values_of(expect(item, "tuning", dict, {}, where)),
        extra={key: value for key, value in item.items() if key not in _NODE_KEYS},
        **{state: expect(item, state, bool, False, where) for state in _STATES},
    )


def _repeat(item: Json, where: str) -> Repeat | None:
    if "repeat" not in item:
        return None
    repeat = expect(item, "repeat", dict, None, where)
    mode = expect(repeat, "mode", str, Repeat().mode, f"the repeat of {where}")
    return Repeat(from_json(repeat.get("count", Repeat().count)), mode)


def definitions_of(items: list[object]) -> dict[str, Definition]:
    """The definitions by their names, in the order in which they are written."""
    found: dict[str, Definition] = {}
    for number, item in enumerate(items, 1):
        where = f"definition {number}"
        if not isinstance(item, dict):
            raise Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
        definition = _definition(item, where)
        if definition.name in found:
            raise Malformed(f"two definitions are called {definition.name[:60]!r}")
        found[definition.name] = definition
    return found


def _definition(item: Json, where: str) -> Definition:
    name = expect(item, "name", str, None, where)
    if not name or len(name) > LONGEST_NAME:
        raise Malformed(f"“name” of {where} should have 1 to {LONGEST_NAME} characters")
    nodes = nodes_of(expect(item, "nodes", list, [], where))
    wires = wires_of(expect(item, "edges", list, [], where))
    parameters: dict[str, Param] = {}
    for given in expect(item, "parameters", list, [], where):
        parameter = _parameter(given, where)
        if parameter.name in parameters:
            raise Malformed(f"{where} has two parameters called {parameter.name[:60]!r}")
        parameters[parameter.name] = parameter
    return Definition(
        name,
        Graph(nodes, wires, remarks_of(item, where)),
        parameters,
        expect(item, "description", str, "", where),
        {key: value for key, value in item.items() if key not in _DEFINITION_KEYS},
    )


_TEXTS = ("title", "help", "unit", "widget")
_BOUNDS = ("ge", "le", "gt")


def _parameter(item: object, of: str) -> Param:
    where = f"a parameter of {of}"
    if not isinstance(item, dict):
        raise Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
    name = expect(item, "name", str, None, where)
    kind = expect(item, "kind", str, "int", where)
    if not name.isidentifier() or len(name) > LONGEST_NAME:
        raise Malformed(f"{where} is called {name[:60]!r}, which is no name")
    if kind not in KINDS:
        raise Malformed(f"“kind” of {where} should be one of {', '.join(sorted(KINDS))}")
    texts = {key: expect(item, key, str, "", where) for key in _TEXTS}
    bounds = {key: item.get(key) for key in _BOUNDS}
    if not all(bound is None or is_number(bound) for bound in bounds.values()):
        raise Malformed(f"the bounds of {where} should be numbers")
    choices = expect(item, "choices", list, [], where)
    texts["title"] = texts["title"] or name.replace("_", " ").capitalize()
    made = Param(
        name, kind, 0, texts["title"], texts["help"], texts["unit"], bounds["ge"], bounds["le"],
        bounds["gt"], tuple(map(str, choices)), widget=texts["widget"],
    )  # fmt: skip
    try:
        return replace(made, default=made.check(from_json(item.get("default"))))
    except UserError as error:
        raise Malformed(f"the default of {where}: {str(error).rstrip('.')}") from None


def remarks_of(data: Json, where: str) -> dict[RemarkId, Remark]:
    """The frames and notes that a drawing, a definition or a clip holds."""
    found: dict[RemarkId, Remark] = {}
    for key, kind in (("frames", Frame), ("notes", Note)):
        for number, item in enumerate(expect(data, key, list, [], where), 1):
            remark = _remark(item, kind, f"{key[:-1]} {number} of {where}")
            if remark.id in found:
                raise Malformed(f"two frames or notes of {where} have the id {remark.id!r}")
            found[remark.id] = remark
    return {id: found[id] for id in sorted(found, key=natural)}


def _remark(item: object, kind: type[Frame | Note], where: str) -> Remark:
    if not isinstance(item, dict):
        raise Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
    id = expect(item, "id", str, None, where)
    if not id or len(id) > 80:
        raise Malformed(f"“id” of {where} should have 1 to 80 characters, but has {len(id)}")
    words = _words_of(kind)
    usual = kind(RemarkId(id))
    x, y = _pair(expect(item, "at", list, [0, 0], where), (0.0, 0.0))
    size = (usual.width, usual.height)
    width, height = _pair(expect(item, "size", list, list(size), where), size)
    own: dict[str, Any] = {words: expect(item, words, str, "", where)}  # Any: of either kind
    if kind is Frame and _COLLAPSED in item:
        own["hides"] = _names(expect(item, _COLLAPSED, list, None, where), where)
    known = _REMARK_KEYS | {words} | ({_COLLAPSED} if kind is Frame else set())
    return replace(
        usual,
        x=within(x, -FARTHEST, FARTHEST, 0.0),
        y=within(y, -FARTHEST, FARTHEST, 0.0),
        width=within(width, LEAST_WIDTH, LARGEST, usual.width),
        height=within(height, LEAST_HEIGHT, LARGEST, usual.height),
        color=expect(item, "color", str, usual.color, where),
        locked=expect(item, "locked", bool, False, where),
        extra={key: v for key, v in item.items() if key not in known},
        **own,
    )


def _names(items: list[object], where: str) -> frozenset[str]:
    """The ids of what a frame hides that is collapsed."""
    for item in items:
        if not isinstance(item, str):
            raise Malformed(f"“{_COLLAPSED}” of {where} should hold ids, but has {item!r:.60}")
    return frozenset(map(str, items))


def _words_of(kind: type[Remark]) -> str:
    return "title" if issubclass(kind, Frame) else "text"


def _pair(values: list[Any], otherwise: tuple[float, float]) -> tuple[float, float]:
    """Two numbers; `otherwise` stands in for what is none."""
    # Any: parsed JSON, judged here
    if len(values) != 2:
        return otherwise
    x, y = (v if is_number(v) else usual for v, usual in zip(values, otherwise, strict=True))
    return float(x), float(y)


def remarks_json(remarks: Iterable[Remark]) -> dict[str, list[dict[str, object]]]:
    """The frames and notes as JSON, by the key of each kind that there is."""
    found: dict[str, list[dict[str, object]]] = {}
    for remark in sorted(remarks, key=lambda each: natural(each.id)):
        data: dict[str, object] = {
            **remark.extra,
            "id": remark.id,
            "at": [short(remark.x), short(remark.y)],
            "size": [short(remark.width), short(remark.height)],
            "color": remark.color,
        }
        if remark.locked:
            data["locked"] = True
        if isinstance(remark, Frame):
            if remark.hides is not None:
                data[_COLLAPSED] = sorted(remark.hides, key=natural)
            found.setdefault("frames", []).append({**data, "title": remark.title})
        elif isinstance(remark, Note):
            found.setdefault("notes", []).append({**data, "text": remark.text})
    return found


def json_values(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: to_json(value) for name, value in values.items()}


def node_json(node: Node) -> dict[str, object]:
    data: dict[str, object] = {
        **node.extra,
        "id": node.id,
        "kind": node.kind,
        "name": node.name,
        "at": [short(node.x), short(node.y)],
    }
    if node.params:
        data["params"] = json_values(node.params)
    if node.repeat:
        data["repeat"] = {"count": to_json(node.repeat.count), "mode": node.repeat.mode}
    if node.shares:
        data["shares"] = node.shares
    if node.tuning:
        data["tuning"] = json_values(node.tuning)
    data |= {state: True for state in _STATES if getattr(node, state)}
    return data


def graph_rows(graph: Graph) -> dict[str, str]:
    """The text of a graph: a block, an edge, a frame and a note a line."""
    nodes = sorted(graph.nodes.values(), key=lambda node: natural(node.id))
    edges = sorted(graph.edges(), key=lambda e: (natural(e.target), e.into, e.slot))
    written = {
        "nodes": rows([dump(node_json(node)) for node in nodes]),
        "edges": rows([dump(edge_json(edge)) for edge in edges]),
    }
    for key, remarks in remarks_json(graph.remarks.values()).items():
        written[key] = rows([dump(remark) for remark in remarks])
    return written


def definition_text(definition: Definition) -> str:
    """The text of a definition."""
    data = {
        **definition.extra,
        "name": definition.name,
        "description": definition.description,
        "parameters": [_parameter_json(param) for param in definition.parameters.values()],
    }
    lines = {key: dump(value) for key, value in data.items()} | graph_rows(definition.graph)
    return "{" + ", ".join(f"{dump(key)}: {lines[key]}" for key in sorted(lines)) + "}"


def _parameter_json(param: Param) -> dict[str, object]:
    data: dict[str, object] = {"name": param.name, "kind": param.kind, "title": param.title}
    data["default"] = to_json(param.default)
    for key in ("help", "unit", "widget", *_BOUNDS):
        value = getattr(param, key)
        if value not in ("", None):
            data[key] = value
    if param.choices:
        data["choices"] = list(param.choices)
    return data
