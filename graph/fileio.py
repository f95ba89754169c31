"""Files: `*.loom` as sorted JSON, a node a line; unknown things are kept; writes are atomic."""

from __future__ import annotations

import contextlib
import json
import math
import os
import re
import stat
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

from graph.clipboard import Clip
from graph.data import DataSpec
from graph.edits import put_edges
from graph.migrations import VERSION, migrate
from graph.model import DEFAULT_SIZES, Document, Edge, Graph, Node, NodeId, Wires
from graph.params import Value, from_json, to_json
from graph.problems import UserError
from graph.recipe import Recipe
from graph.registry import default_registry

SUFFIX = ".loom"
LARGEST_BYTES = 256 * 1024 * 1024
LARGEST_ID = 10**15
_SLOT = re.compile(r"[0-9]{1,9}")
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")
Json = Mapping[str, Any]  # Any: parsed JSON is judged key by key


@dataclass(frozen=True)
class Loaded:
    """A document read from a file.

    `notes` says what was odd about it; `read_only` is why it must not be overwritten, or empty.
    """

    document: Document
    notes: tuple[str, ...] = ()
    read_only: str = ""


def load(path: Path) -> Loaded:
    """The document in a file.

    Raises:
        UserError: the file cannot be read or is no drawing; the text says why.
    """
    try:
        found = path.stat()
        size = found.st_size
        if not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            raise UserError(f"{path} is a device or a pipe, not a file ({SUFFIX}).")
        if size > LARGEST_BYTES:
            raise UserError(
                f"{path.name} has {size / 1e6:.0f} MB; a drawing has {LARGEST_BYTES / 1e6:.0f} MB "
                "at most. Is it a drawing?"
            )
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise UserError(f"There is no file {path}.") from None
    except IsADirectoryError:
        raise UserError(f"{path} is a folder; open a file that ends in {SUFFIX}.") from None
    except UnicodeDecodeError:
        raise UserError(f"{path.name} is not text, so it is no drawing ({SUFFIX}).") from None
    except OSError as error:
        raise UserError(f"{path} cannot be read: {error.strerror or error}.") from None
    return loads(text, path.name)


def loads(text: str, source: str = "The text") -> Loaded:
    """The document in a text.

    Raises:
        UserError: the text is no drawing.
    """
    if not text.strip():
        raise UserError(f"{source} is empty; a drawing is a JSON object.")
    try:
        data = json.loads(text)
    except RecursionError:
        raise UserError(f"{source} is nested too deeply to be a drawing.") from None
    except ValueError as error:
        raise UserError(f"{source} is damaged or cut off: {error}.") from None
    version = data.get("torchloom") if isinstance(data, dict) else None
    if not _is_whole(version) or version < 1:
        raise UserError(
            f"{source} is JSON but no drawing: it lacks the key “torchloom” with a version number."
        )
    newer = (
        f"{source} was written by a newer Torchloom (format {version}; this one knows {VERSION})."
    )
    try:
        if _HALF_CHARACTER.search(text) and _has_half_characters(data):
            raise _Malformed("it holds half a character, \\ud800 to \\udfff")
        document = _document(migrate(data) if version <= VERSION else data)
    except _Malformed as error:
        if version > VERSION:
            raise UserError(f"{newer} It cannot be read here: {error}.") from None
        raise UserError(f"{source} is damaged: {error}.") from None
    if version > VERSION:
        note = f"{newer} It is open for reading only; save it under another name to change it."
        return Loaded(document, (note,), note)
    return Loaded(document)


def _has_half_characters(data: object) -> bool:
    """Whether a text in it is no Unicode, so that it could neither be shown nor saved."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


class _Malformed(Exception):
    """A part of a file that has the wrong form."""


def _expect(data: Json, key: str, kind: type, default: object, where: str) -> Any:
    # Any: the checked kind, which the caller names
    value = data.get(key, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        shown = str(value)[:60]
        raise _Malformed(f"“{key}” of {where} should be {kind.__name__}, but is {shown!r}")
    return value


_DOCUMENT_KEYS = frozenset(
    {"torchloom", "name", "description", "variables", "sizes", "data", "recipe", "nodes", "edges",
     "next_id"}
)  # fmt: skip
_NODE_KEYS = frozenset({"id", "kind", "name", "params", "at"})
_DATA_KEYS = frozenset({"source", "params"})


def _document(data: Json) -> Document:
    nodes = _nodes(_expect(data, "nodes", list, [], "the drawing"))
    next_id = _expect(data, "next_id", int, 1, "the drawing")
    if next_id > LARGEST_ID:
        raise _Malformed(f"“next_id” of the drawing should be at most {LARGEST_ID:,}")
    variables = _expect(data, "variables", dict, {}, "the drawing")
    for name, value in variables.items():
        if not _is_number(value):
            raise _Malformed(f"the variable {name} should be a number, but is {str(value)[:60]!r}")
    sizes = _expect(data, "sizes", dict, dict(DEFAULT_SIZES), "the drawing")
    for name, value in sizes.items():
        if not _is_whole(value) or value < 1:
            raise _Malformed(f"the size {name} should be a whole number above 0, but is {value!r}")
    spec = _expect(data, "data", dict, {}, "the drawing")
    source = _expect(spec, "source", str, DataSpec().source, "the data")
    return Document(
        graph=Graph(nodes, _wires(_expect(data, "edges", list, [], "the drawing"))),
        name=_expect(data, "name", str, "Untitled", "the drawing"),
        description=_expect(data, "description", str, "", "the drawing"),
        variables=variables,
        sizes=sizes,
        data=DataSpec(
            source,
            _values(_expect(spec, "params", dict, {}, "the data")),
            {key: value for key, value in spec.items() if key not in _DATA_KEYS},
        ),
        recipe=Recipe.renamed(_values(_expect(data, "recipe", dict, {}, "the drawing"))),
        next_id=max([1, next_id, *(_natural(id)[0] + 1 for id in nodes)]),
        extra={key: value for key, value in data.items() if key not in _DOCUMENT_KEYS},
    )


def _nodes(items: list[object]) -> dict[NodeId, Node]:
    """The nodes by their id, in the order in which they are written and were added."""
    nodes: dict[NodeId, Node] = {}
    for number, item in enumerate(items, 1):
        node = _node(item, f"block {number}")
        if node.id in nodes:
            raise _Malformed(f"two blocks have the id {node.id!r}")
        nodes[node.id] = node
    return {id: nodes[id] for id in sorted(nodes, key=_natural)}


def _is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)


def _values(data: Json) -> dict[str, Value]:
    return {name: from_json(value) for name, value in data.items()}


def _node(item: object, where: str) -> Node:
    if not isinstance(item, dict):
        raise _Malformed(f"{where} should be an object, but is {str(item)[:60]!r}")
    id = _expect(item, "id", str, None, where)
    if not id or len(id) > 80:
        raise _Malformed(f"“id” of {where} should have 1 to 80 characters, but has {len(id)}")
    at = _expect(item, "at", list, [0, 0], where)
    x, y = (v if _is_number(v) else 0.0 for v in at) if len(at) == 2 else (0.0, 0.0)
    kind = _expect(item, "kind", str, None, where)
    params = _values(_expect(item, "params", dict, {}, where))
    block = default_registry().find(kind) if params else None
    return Node(
        NodeId(id),
        kind,
        _expect(item, "name", str, id, where),
        block.renamed(params) if block else params,
        float(x),
        float(y),
        {key: value for key, value in item.items() if key not in _NODE_KEYS},
    )


def _wires(items: list[object]) -> Wires:
    found: dict[NodeId, list[Edge]] = {}
    for number, item in enumerate(items, 1):
        edge = _edge(item, f"wire {number}")
        there = found.setdefault(edge.target, [])
        if any((edge.into, edge.slot) == (other.into, other.slot) for other in there):
            raise _Malformed(f"wire {number} leads to a place that is taken, {_end(edge)}")
        there.append(edge)
    into: dict[NodeId, tuple[Edge, ...]] = {}
    for id in sorted(found, key=_natural):
        put_edges(into, id, found[id])
    return Wires(into)


def _end(edge: Edge) -> str:
    return f"{edge.target}.{edge.into}" + (f"[{edge.slot}]" if edge.slot else "")


def _edge(item: object, where: str) -> Edge:
    ends = item[:2] if isinstance(item, list) else []
    extra = item[2:] if isinstance(item, list) else []
    if len(ends) != 2 or not all(isinstance(end, str) for end in ends):
        shown = str(item)[:60]
        raise _Malformed(f'{where} should be two ends such as ["n1.y", "n2.x"], but is {shown}')
    source, _, out = ends[0].rpartition(".")
    target, _, into = ends[1].rpartition(".")
    into, _, slot = into.removesuffix("]").partition("[")
    if not (source and out and target and into) or (slot and not _SLOT.fullmatch(slot)):
        raise _Malformed(f"{where} should join block.port with block.port, but is {ends!r}")
    known = _dump(extra) if extra else ""
    return Edge(NodeId(source), out, NodeId(target), into, int(slot or 0), known)


def dumps(document: Document) -> str:
    """The text of a file: keys sorted, a node and an edge a line, equal for equal documents."""
    data = {
        "torchloom": VERSION,
        "name": document.name,
        "description": document.description,
        "variables": dict(document.variables),
        "sizes": dict(document.sizes),
        "data": {
            **document.data.extra,
            "source": document.data.source,
            "params": _json_values(document.data.params),
        },
        "recipe": _json_values(document.recipe),
        "next_id": document.next_id,
        **document.extra,
    }
    lines = {key: _dump(value) for key, value in data.items()}
    graph = document.graph
    nodes = sorted(graph.nodes.values(), key=lambda node: _natural(node.id))
    edges = sorted(graph.edges(), key=lambda e: (_natural(e.target), e.into, e.slot))
    lines["nodes"] = _rows([_dump(_node_json(node)) for node in nodes])
    lines["edges"] = _rows([_dump(_edge_json(edge)) for edge in edges])
    body = ",\n".join(f"{_dump(key)}: {lines[key]}" for key in sorted(lines))
    return f"{{\n{body}\n}}\n"


def _natural(id: str) -> tuple[int, str]:
    return (int(id[1:]) if id[1:].isdecimal() and len(id) < 19 else 0, id)


def _rows(rows: list[str]) -> str:
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def _dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def _json_values(values: Mapping[str, Value]) -> dict[str, object]:
    return {name: to_json(value) for name, value in values.items()}


def _node_json(node: Node) -> dict[str, object]:
    data: dict[str, object] = {
        **node.extra,
        "id": node.id,
        "kind": node.kind,
        "name": node.name,
        "at": [_short(node.x), _short(node.y)],
    }
    if node.params:
        data["params"] = _json_values(node.params)
    return data


def _edge_json(edge: Edge) -> list[object]:
    extra = json.loads(edge.extra) if edge.extra else []
    return [f"{edge.source}.{edge.out}", _end(edge), *extra]


def _short(number: float) -> float:
    return int(number) if number == int(number) else round(number, 2)


def save(document: Document, path: Path) -> None:
    """Writes the file whole or not at all.

    Raises:
        UserError: it cannot be written; what was there is untouched.
    """
    write_atomically(path, dumps(document).encode())


def write_atomically(path: Path, content: bytes | memoryview) -> None:
    """Writes a file by a temporary one beside it, flushed to the disk and renamed.

    A link stays one; the file that it leads to is written.

    Raises:
        UserError: it cannot be written; what was there is untouched.
    """
    temporary: str | None = None
    try:
        file = Path(os.path.realpath(path))
        descriptor, temporary = tempfile.mkstemp(prefix=f".{file.name[:40]}.", dir=file.parent)
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        os.chmod(temporary, file.stat().st_mode & 0o777 if file.exists() else 0o644)
        os.replace(temporary, file)
        temporary = None
    except OSError as error:
        reason = error.strerror or str(error)
        raise UserError(
            f"{path} cannot be written: {reason}. Nothing was changed there."
        ) from error
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def clip_to_text(clip: Clip) -> str:
    """Copied blocks as text, so that they can be pasted into a chat and back."""
    data = {
        "torchloom-clip": VERSION,
        "nodes": [_node_json(node) for node in clip.nodes],
        "edges": [_edge_json(edge) for edge in clip.edges],
    }
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def clip_from_text(text: str) -> Clip:
    """The blocks in a text.

    Raises:
        UserError: the text holds no blocks.
    """
    refused = UserError("The clipboard holds no blocks; copy some blocks first.")
    try:
        data = json.loads(text) if len(text) < LARGEST_BYTES else None
        if not isinstance(data, dict) or "torchloom-clip" not in data:
            raise refused
        nodes = _nodes(_expect(data, "nodes", list, [], "it"))
        edges = list(_wires(_expect(data, "edges", list, [], "it")))
    except (ValueError, RecursionError, _Malformed):
        raise refused from None
    if _has_half_characters(data):
        raise refused
    there = [edge for edge in edges if {edge.source, edge.target} <= nodes.keys()]
    return Clip(tuple(nodes.values()), tuple(there))
