"""Copy and paste: a few blocks and remarks as a value, within a drawing or between two."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from graph import mentions, names
from graph.composites.adopting import adopt, renamed_kind, renamed_kinds, still_here
from graph.composites.uses import needed, refuse_circle
from graph.edits import place, put_edges
from graph.hiding import held_in
from graph.kinds import kinds_of
from graph.leading import shifted
from graph.model import Definition, Document, Edge, Node, NodeId
from graph.remark_edits import with_copies
from graph.remarks import Remark, RemarkId


@dataclass(frozen=True)
class Clip:
    """Copied blocks, the edges among them, the definitions of which they are instances; remarks."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]
    definitions: tuple[Definition, ...] = ()
    remarks: tuple[Remark, ...] = ()


def copy(document: Document, ids: Iterable[NodeId], remarks: Iterable[RemarkId] = ()) -> Clip:
    """These blocks, the edges among them and these remarks, to be pasted here or elsewhere.

    What collapsed frames hide is copied with them.
    """
    written = set(remarks)
    held = held_in(document.graph, written)
    wanted, written = set(ids) | held[0], written | held[1]
    chosen = {id: node for id, node in document.graph.nodes.items() if id in wanted}
    edges = [edge for id in chosen for edge in document.graph.inputs_of(id)]
    known = document.whole().definitions
    used = needed(known, [node.definition for node in chosen.values()])
    return Clip(
        tuple(chosen.values()),
        tuple(edge for edge in edges if edge.source in chosen),
        tuple(known[name] for name in used),
        tuple(remark for id, remark in document.graph.remarks.items() if id in written),
    )


def paste(
    document: Document,
    clip: Clip,
    offset: tuple[float, float] = (24.0, 24.0),
    *,
    linked: bool = False,
) -> tuple[Document, tuple[NodeId, ...]]:
    """The document with copies of what the clip holds, and the ids of the blocks.

    Copies of what is locked are free, so that they can be put where they belong.
    Definitions come along where the document has none that is equal.

    Args:
        linked: the clip is of this document, so that its instances follow the definitions here.

    Raises:
        UserError: a definition would contain itself.
    """
    here = still_here(document, clip.definitions) if linked else {}
    foreign = [each for each in clip.definitions if each.name not in here]
    document, kinds = adopt(document, [renamed_kinds(each, here) for each in foreign])
    kinds = {**here, **kinds}
    clip = replace(clip, nodes=tuple(renamed_kind(node, kinds) for node in clip.nodes))
    for node in clip.nodes:
        refuse_circle(document, node.kind)
    nodes = dict(document.graph.nodes)
    free = names.Free(node.name for node in nodes.values())
    ids: dict[NodeId, NodeId] = {}
    sharing = []
    for number, node in enumerate(clip.nodes, document.next_id):
        fresh = ids[node.id] = NodeId(f"n{number}")
        x, y = place((node.x + offset[0], node.y + offset[1]))
        nodes[fresh] = replace(node, id=fresh, name=free.take(node.name), x=x, y=y, locked=False)
        if node.shares:
            sharing.append(fresh)
    for id in sharing:
        nodes[id] = replace(nodes[id], shares=ids.get(NodeId(nodes[id].shares or "")))
    called = {node.name: nodes[ids[node.id]].name for node in clip.nodes}
    pasted_nodes = {id: nodes[id] for id in ids.values()}
    nodes |= mentions.renamed(pasted_nodes, called, kinds_of(document))
    into = dict(document.graph.wires.into)
    arriving: dict[NodeId, list[Edge]] = {}
    for edge in clip.edges:
        moved = replace(shifted(edge, offset), source=ids[edge.source], target=ids[edge.target])
        arriving.setdefault(moved.target, []).append(moved)
    for id, edges in arriving.items():
        put_edges(into, id, edges)
    wires = document.graph.wires.changed(into, arriving)
    next_id = document.next_id + len(clip.nodes)
    pasted = replace(document.with_graph(nodes, wires), next_id=next_id)
    return with_copies(pasted, clip.remarks, offset, ids), tuple(ids.values())
