"""Files: `*.loom` as sorted JSON, a node a line; unknown things are kept; writes are atomic."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import re
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from graph.clipboard import Clip
from graph.composites.views import over_graphs
from graph.data import DataSpec
from graph.fileparts import (
    definition_text,
    definitions_of,
    graph_rows,
    json_values,
    node_json,
    nodes_of,
    remarks_json,
    remarks_of,
    values_of,
)
from graph.jsonparts import Json, Malformed, dump, expect, is_number, is_whole, natural, rows
from graph.migrations import VERSION, migrate
from graph.model import DEFAULT_SIZES, Definition, Document, Graph, Node, NodeId
from graph.problems import UserError
from graph.quoted import find_json
from graph.recipe import Recipe
from graph.remarks import Remark, RemarkId
from graph.stepping import steps_json, steps_of
from graph.wireparts import edge_json, wires_of

SUFFIX = ".loom"
WHOLE, CLIP = "torchloom", "torchloom-clip"
LARGEST_BYTES = 256 * 1024 * 1024
LARGEST_ID = 10**15
_HALF_CHARACTER = re.compile(r"\\u[dD][89a-fA-F]")


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
    version = data.get(WHOLE) if isinstance(data, dict) else None
    if not is_whole(version) or version < 1:
        raise UserError(
            f"{source} is JSON but no drawing: it lacks the key “torchloom” with a version number."
        )
    newer = (
        f"{source} was written by a newer Torchloom (format {version}; this one knows {VERSION})."
    )
    try:
        if _HALF_CHARACTER.search(text) and _has_half_characters(data):
            raise Malformed("it holds half a character, \\ud800 to \\udfff")
        with _uncollected():
            document = _document(migrate(data) if version <= VERSION else data)
    except Malformed as error:
        if version > VERSION:
            raise UserError(f"{newer} It cannot be read here: {error}.") from None
        raise UserError(f"{source} is damaged: {error}.") from None
    if version > VERSION:
        note = f"{newer} It is open for reading only; save it under another name to change it."
        return Loaded(document, (note,), note)
    return Loaded(document)


@contextlib.contextmanager
def _uncollected() -> Iterator[None]:
    """Looks for no garbage meanwhile: much is made, and all of it stays."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def _has_half_characters(data: object) -> bool:
    """Whether a text in it is no Unicode, so that it could neither be shown nor saved."""
    try:
        json.dumps(data, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return True
    return False


_DOCUMENT_KEYS = frozenset(
    {"torchloom", "name", "description", "variables", "sizes", "data", "recipe", "nodes", "edges",
     "frames", "notes", "definitions", "next_id"}
)  # fmt: skip
_DATA_KEYS = frozenset({"source", "params", "steps"})


def _document(data: Json) -> Document:
    nodes = nodes_of(expect(data, "nodes", list, [], "the drawing"))
    definitions = definitions_of(expect(data, "definitions", list, [], "the drawing"))
    remarks = remarks_of(data, "the drawing")
    every = _all_ids(nodes, definitions)
    drawn = [remarks, *(each.graph.remarks for each in definitions.values())]
    every |= dict.fromkeys((id for there in drawn for id in there), "")
    next_id = expect(data, "next_id", int, 1, "the drawing")
    if next_id > LARGEST_ID:
        raise Malformed(f"“next_id” of the drawing should be at most {LARGEST_ID:,}")
    variables = expect(data, "variables", dict, {}, "the drawing")
    for name, value in variables.items():
        if not is_number(value):
            raise Malformed(f"the variable {name} should be a number, but is {str(value)[:60]!r}")
    sizes = expect(data, "sizes", dict, dict(DEFAULT_SIZES), "the drawing")
    for name, value in sizes.items():
        if not is_whole(value) or value < 1:
            raise Malformed(f"the size {name} should be a whole number above 0, but is {value!r}")
    spec = expect(data, "data", dict, {}, "the drawing")
    source = expect(spec, "source", str, DataSpec().source, "the data")
    document = Document(
        graph=Graph(nodes, wires_of(expect(data, "edges", list, [], "the drawing")), remarks),
        name=expect(data, "name", str, "Untitled", "the drawing"),
        description=expect(data, "description", str, "", "the drawing"),
        definitions=definitions,
        variables=variables,
        sizes=sizes,
        data=DataSpec(
            source,
            values_of(expect(spec, "params", dict, {}, "the data")),
            {key: value for key, value in spec.items() if key not in _DATA_KEYS},
            steps_of(expect(spec, "steps", list, [], "the data")),
        ),
        recipe=Recipe.renamed(values_of(expect(data, "recipe", dict, {}, "the drawing"))),
        next_id=max([1, next_id, *(natural(id)[0] + 1 for id in every)]),
        extra={key: value for key, value in data.items() if key not in _DOCUMENT_KEYS},
    )
    return _with_own_ids(document)


def _all_ids(nodes: Mapping[NodeId, Node], definitions: Mapping[str, Definition]) -> dict[str, str]:
    """The ids of all blocks in the file and where each stands.

    Raises:
        Malformed: one stands in two places.
    """
    found: dict[str, str] = dict.fromkeys(nodes, "the drawing")
    for name, definition in definitions.items():
        for id in definition.graph.nodes:
            if id in found:
                raise Malformed(f"{found[id]} and {name} both have a block with the id {id!r}")
            found[id] = name
    return found


def _with_own_ids(document: Document) -> Document:
    """The document in which each frame and note has an id of its own, which nothing refers to."""
    taken: set[str] = {id for graph in document.graphs() for id in graph.nodes}
    following = document.next_id

    def renumbered(graph: Graph) -> Graph:
        nonlocal following
        found: dict[RemarkId, Remark] = {}
        for id, remark in graph.remarks.items():
            if id in taken:
                id, following = RemarkId(f"r{following}"), following + 1
            taken.add(id)
            found[id] = replace(remark, id=id)
        return graph if found.keys() == graph.remarks.keys() else replace(graph, remarks=found)

    return replace(over_graphs(document, renumbered), next_id=following)


def dumps(document: Document) -> str:
    """The text of a file: keys sorted, a node and an edge a line, equal for equal documents."""
    document = document.whole()
    data = {
        WHOLE: VERSION,
        "name": document.name,
        "description": document.description,
        "variables": dict(document.variables),
        "sizes": dict(document.sizes),
        "data": {
            **document.data.extra,
            "source": document.data.source,
            "params": json_values(document.data.params),
            **steps_json(document.data.steps),
        },
        "recipe": json_values(document.recipe),
        "next_id": document.next_id,
        **document.extra,
    }
    lines = {key: dump(value) for key, value in data.items()} | graph_rows(document.graph)
    if document.definitions:
        written = [definition_text(each) for each in document.definitions.values()]
        lines["definitions"] = rows(written)
    body = ",\n".join(f"{dump(key)}: {lines[key]}" for key in sorted(lines))
    return f"{{\n{body}\n}}\n"


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
        CLIP: VERSION,
        "nodes": [node_json(node) for node in clip.nodes],
        "edges": [edge_json(edge) for edge in clip.edges],
    }
    data |= remarks_json(clip.remarks)
    if clip.definitions:
        written = rows([definition_text(each) for each in clip.definitions])
        data["definitions"] = json.loads(written)
    return json.dumps(data, ensure_ascii=False, sort_keys=True)


def clip_from_text(text: str) -> Clip:
    """The blocks in a text, which may be quoted or stand among other words.

    Raises:
        UserError: the text holds no blocks.
    """
    refused = UserError("The clipboard holds no blocks; copy some blocks first.")
    try:
        data = find_json(text, CLIP) if len(text) < LARGEST_BYTES else None
        if data is None:
            raise refused
        nodes = nodes_of(expect(data, "nodes", list, [], "it"))
        edges = list(wires_of(expect(data, "edges", list, [], "it")))
        definitions = definitions_of(expect(data, "definitions", list, [], "it"))
        remarks = remarks_of(data, "it")
    except (ValueError, RecursionError, Malformed):
        raise refused from None
    if _has_half_characters(data):
        raise refused
    there = [edge for edge in edges if {edge.source, edge.target} <= nodes.keys()]
    blocks, written = tuple(nodes.values()), tuple(remarks.values())
    return Clip(blocks, tuple(there), tuple(definitions.values()), written)
