"""What kind of values a port carries, and the colour that each kind has in a theme."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from app.canvas.mirror import Mirror
from app.theme import Theme
from graph.model import NodeId
from graph.tensor import INTEGERS, Sym, TensorType

BATCH = Sym.named("N")


class Kind(Enum):
    """A kind of values: the letter it is marked by, and what it is called."""

    ANY = ("", "Not known yet, or of any shape")
    IMAGE = ("I", "Image, volume")
    SEQUENCE = ("S", "Sequence, signal")
    VECTOR = ("V", "Vector of features")
    TOKENS = ("T", "Tokens, classes, masks")
    NUMBER = ("L", "Loss, single number")

    def __init__(self, letter: str, title: str) -> None:
        self.letter = letter
        self.title = title


# Found by a search for the largest distance between any two of them, and the grey of ANY, in CIELAB
# to normal, protan, deutan and tritan eyes, at 3 to 1 with the ground (4.5 in high contrast).
_TONES: Mapping[str, tuple[str, str, str, str, str]] = {
    "dark": ("#5E8DFB", "#8F65AE", "#5DFECF", "#F1C261", "#C16F4A"),
    "light": ("#0080EB", "#4C2B67", "#0D5549", "#957C4D", "#721503"),
    "contrast-dark": ("#5787F1", "#A17DA4", "#95FA99", "#F0A506", "#D04D35"),
    "contrast-light": ("#2B3C63", "#7A41B8", "#0A8760", "#987007", "#6A2107"),
}


def tones(theme: Theme) -> dict[Kind, str]:
    """The colour of each kind as `#rrggbb`."""
    return dict(zip(Kind, (theme.port, *_TONES[theme.name]), strict=True))


def kind_of(type_: TensorType | None) -> Kind:
    """The kind of a type: by its dtype, and by its axes beside the batch."""
    if type_ is None:
        return Kind.ANY
    if type_.dtype in INTEGERS or type_.dtype == "bool":
        return Kind.TOKENS
    axes = sum(dim != BATCH for dim in type_.shape)
    return (Kind.NUMBER, Kind.VECTOR, Kind.SEQUENCE, Kind.IMAGE)[min(axes, 3)]


class PortKinds:
    """The kinds of a mirror's ports, worked out when they are first seen."""

    def __init__(self, mirror: Mirror) -> None:
        self._mirror = mirror
        self._version = -1
        self._found: dict[int, tuple[Kind, ...]] = {}
        self._kinds: dict[int, tuple[TensorType | None, Kind]] = {}

    def of(self, row: int) -> tuple[Kind, ...]:
        """The kind of each spot of a block."""
        if self._version != self._mirror.version:
            self._version = self._mirror.version
            self._found.clear()
            self._kinds.clear()
        found = self._found.get(row)
        if found is None:
            found = self._found[row] = self._look(row)
        return found

    def _kind(self, type_: TensorType | None) -> Kind:
        """The kind of a type; equal types of a drawing are mostly the same value."""
        known = self._kinds.get(id(type_))
        if known is None:
            known = self._kinds[id(type_)] = (type_, kind_of(type_))
        return known[1]

    def _look(self, row: int) -> tuple[Kind, ...]:
        mirror = self._mirror
        spots, typing, id = mirror.layouts[row].spots, mirror.typing, mirror.ids[row]
        if typing is None:
            return (Kind.ANY,) * len(spots)
        graph, made = mirror.document.graph, typing.types.get(id)
        known = {
            (True, edge.into, edge.slot): self._kind(typing.edge_type(edge))
            for edge in graph.inputs_of(id)
        }
        if made is not None:
            known |= {(False, out, 0): self._kind(type_) for out, type_ in made.items()}
        else:  # a bypassed block makes nothing, but its wires carry what goes past it
            for edge in graph.consumers_of(id):
                known[False, edge.out, 0] = self._kind(typing.edge_type(edge))
        return tuple(known.get(spot.key, Kind.ANY) for spot in spots)


def kind_at(mirror: Mirror, id: NodeId, key: tuple[bool, str, int]) -> Kind:
    """The kind of one spot of a block."""
    row = mirror.row[id]
    places = [spot.key for spot in mirror.layouts[row].spots]
    return PortKinds(mirror).of(row)[places.index(key)] if key in places else Kind.ANY
