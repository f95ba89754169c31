"""What a tooltip on the canvas says."""

from __future__ import annotations

from app.canvas import hits
from app.canvas.mirror import Mirror
from app.canvas.port_kinds import kind_of
from app.canvas.ports import PortRef, Spot
from app.i18n import tr
from graph.model import Edge
from graph.tensor import TensorType

MOST_NAMED, MOST_WRONG, LONGEST_NAME = 8, 3, 40


def tip_at(mirror: Mirror, x: float, y: float) -> str:
    """What is told about a place of the canvas; empty where there is nothing to tell."""
    id = hits.badge_at(mirror, x, y)
    if id is not None:
        return tr(mirror.badges[id].text)
    found = hits.spot_at(mirror, x, y)
    if found is not None:
        return port_tip(mirror, *found)
    if hits.node_at(mirror, x, y) is not None:
        return ""
    edge = hits.edge_at(mirror, x, y)
    if edge is None:
        return bar_tip(mirror, x, y)
    text = edge_tip(mirror, edge)
    if hits.point_at(mirror, x, y) is not None:
        text += "\n" + tr("Drag the point to lead the wire; a double click removes it.")
    return text


def bar_tip(mirror: Mirror, x: float, y: float) -> str:
    """What a collapsed frame hides, and what is wrong with that; empty where none is."""
    grip = mirror.remarks.grip_at(x, y, 1.0)
    nodes, frame_of = mirror.document.graph.nodes, mirror.folds.frame
    hidden = [id for id in nodes if frame_of.get(id) == grip.id] if grip and frame_of else []
    if not hidden:
        return ""
    named = ", ".join(nodes[id].name[:LONGEST_NAME] for id in hidden[:MOST_NAMED])
    more = len(hidden) - MOST_NAMED
    lines = [named if more <= 0 else tr("{names} and {n} more", names=named, n=more)]
    wrong = [tr(mirror.badges[id].text) for id in hidden if id in mirror.badges]
    return "\n".join([*lines, *wrong[:MOST_WRONG], tr("A double click opens it.")])


def port_tip(mirror: Mirror, port: PortRef, spot: Spot) -> str:
    """A port's name, what it is for, and the type that flows through it."""
    lines = [tr("Input {name}", name=port.name) if port.is_input else _output_name(port)]
    if spot.is_free:
        lines[0] += tr(" (takes any number of wires)")
    elif spot.optional:
        lines[0] += tr(" (optional)")
    if spot.help:
        lines.append(tr(spot.help))
    type_ = _type_at(mirror, port)
    if type_ is not None:
        lines.append(f"{type_text(type_)}  ({tr(kind_of(type_).title)})")
    problem = mirror.refusals.get((port.node, port.name)) if port.is_input else None
    if problem is not None:
        lines.append(tr(problem.text))
    return "\n".join(line for line in lines if line)


def edge_tip(mirror: Mirror, edge: Edge) -> str:
    """What an edge joins, the type that flows along it, and why its target refuses it."""
    nodes = mirror.document.graph.nodes
    ends = f"{nodes[edge.source].name}.{edge.out} → {nodes[edge.target].name}.{edge.into}"
    type_ = mirror.typing.edge_type(edge) if mirror.typing else None
    lines = [ends, type_text(type_) or tr("Type not known yet")]
    problem = mirror.refusals.get((edge.target, edge.into))
    if problem is not None:
        lines.append(tr(problem.text))
    return "\n".join(lines)


def type_text(type_: TensorType | None) -> str:
    """A type in full, such as `N×3×28×28 float32`; empty where it is not known."""
    if type_ is None:
        return ""
    shape = "×".join(str(dim) for dim in type_.shape) if type_.shape else tr("scalar")
    return f"{shape}  {type_.dtype}"


def _output_name(port: PortRef) -> str:
    return tr("Output {name}", name=port.name)


def _type_at(mirror: Mirror, port: PortRef) -> TensorType | None:
    if mirror.typing is None:
        return None
    if not port.is_input:
        return mirror.typing.type_of(port.node, port.name)
    edges = mirror.document.graph.edges_into(port.node, port.name)
    here = [edge for edge in edges if edge.slot == port.slot]
    return mirror.typing.edge_type(here[0]) if here else None
