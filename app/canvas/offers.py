"""Which blocks a search on the canvas offers, and why some of them would not fit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from app.i18n import tr
from graph.block import Block, Role
from graph.edits import NO_PARAMS
from graph.feeding import TARGET_PORT
from graph.infer import arguments
from graph.model import Document
from graph.params import Plain, Value
from graph.problems import Refusal, UserError
from graph.registry import Registry
from graph.tensor import TensorType

MOST_RECENT = 4
ENDS = (Role.LOSS, Role.METRIC)


@dataclass(frozen=True)
class Offer:
    """A block that can be chosen.

    Attributes:
        reason: why it would refuse what it is for, with its parameters as they are; or empty.
        takes: what it is to take; None where that is not known.
    """

    block: type[Block]
    reason: str = ""
    takes: TensorType | None = None

    def why_not(self, values: Mapping[str, Value], variables: Mapping[str, Plain]) -> str:
        """Why it would refuse what it is for once these parameters are set; or empty."""
        if not values or self.takes is None:
            return self.reason
        return why_not_take(self.block, self.takes, variables, values)


def offers_of(blocks: Iterable[type[Block]]) -> list[Offer]:
    """All of these blocks."""
    return [Offer(block) for block in blocks]


def offers_taking(
    blocks: Iterable[type[Block]], type_: TensorType | None, variables: Mapping[str, Plain]
) -> list[Offer]:
    """The blocks that a wire can lead into; those that refuse what it carries come last."""
    found = [
        Offer(block, why_not_take(block, type_, variables), type_)
        for block in blocks
        if block.inputs
    ]
    return sorted(found, key=lambda offer: bool(offer.reason))


def offers_giving(blocks: Iterable[type[Block]], into: Block | None, port: str) -> list[Offer]:
    """The blocks that a wire into a port can come from; losses and metrics, which end it, last.

    Only a port that joins many, such as the one of Add, may well take losses.
    """
    joins = into is not None and any(p.many for p in into.inputs if p.name == port)
    found = [
        Offer(block, "" if joins else why_not_give(block)) for block in blocks if block.outputs
    ]
    return sorted(found, key=lambda offer: bool(offer.reason))


def meant_for(into: Block | None, port: str) -> tuple[str, ...]:
    """The kinds that stand before all others in a search for what feeds a port."""
    is_goal = into is not None and into.kind.role in ENDS
    return ("target",) if is_goal and port == TARGET_PORT else ()


def is_end(block: type[Block]) -> bool:
    """Whether a block ends a drawing, as losses and metrics do: it feeds no layer."""
    return block.kind.role in ENDS


def why_not_give(block: type[Block]) -> str:
    """Why a block hardly feeds another, as a sentence; empty where it may."""
    if not is_end(block):
        return ""
    return tr("{block} ends a drawing: it feeds no layer.", block=tr(block.kind.title))


def why_not_take(
    block: type[Block],
    type_: TensorType | None,
    variables: Mapping[str, Plain],
    values: Mapping[str, Value] = NO_PARAMS,
) -> str:
    """Why a new block of this kind refuses a type, as a sentence; empty where that is not known."""
    required = [port for port in block.inputs if not port.optional]
    if type_ is None or len(required) > 1:
        return ""
    port = (required or block.inputs)[0]
    # a block that joins many mostly wants two at least
    given = {port.name: [type_, type_]} if port.many else {port.name: type_}
    try:
        built = block.build(values, variables)
        assert isinstance(built, Block)
        built.output_types(*arguments(block, given))
    except Refusal as refusal:
        text = refusal.text.rstrip(".")
        return tr("{block} {refusal}.", block=tr(block.kind.title), refusal=text)
    except UserError:
        return ""
    return ""


def recent_kinds(opened: Document, document: Document, registry: Registry) -> list[str]:
    """The kinds that were added to a document since it was opened, the newest first."""
    found: dict[str, None] = {}
    for node in reversed(list(document.graph.nodes.values())):
        block = registry.find(node.kind)
        if block is not None and node.id not in opened.graph.nodes:
            found.setdefault(block.kind.name)
        if len(found) == MOST_RECENT:
            break
    return list(found)
