"""In which order a search offers blocks, and what the words typed behind a name would set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from app.block_search import score, splits_of
from app.canvas.offers import Offer
from graph.params import Plain
from graph.typing_in import Reading, read_words

MOST_USUAL = 5
NOTHING: Mapping[str, Plain] = {}


@dataclass(frozen=True)
class Order:
    """What stands before other blocks that fit a query as well.

    Attributes:
        meant: kinds that the place asks for, before all others.
        usual: kinds that mostly stand there in the gallery, the most usual first.
        recent: kinds that were used last, the newest first.
    """

    meant: Sequence[str] = ()
    usual: Sequence[str] = ()
    recent: Sequence[str] = ()

    def place(self, kind: str) -> tuple[int, int, int]:
        """Sorts kinds while nothing is typed: the first few usual ones, then those used last."""
        usual = self.usual[:MOST_USUAL]
        return (_place(kind, self.meant), _place(kind, usual), _place(kind, self.recent))

    def place_of_equals(self, kind: str) -> tuple[int, int, int]:
        """Sorts kinds that fit what is typed equally well: those used last, then usual ones."""
        return (_place(kind, self.meant), _place(kind, self.recent), _place(kind, self.usual))


@dataclass(frozen=True)
class Proposal:
    """A block that is offered, and what the words behind its name set.

    `reason` is why it would not fit then; empty where it would.
    """

    offer: Offer
    reading: Reading = field(default_factory=Reading)
    reason: str = ""


def proposals(
    query: str,
    offers: Iterable[Offer],
    order: Order,
    variables: Mapping[str, Plain] = NOTHING,
) -> list[Proposal]:
    """The blocks that a query finds, the best first.

    What is typed in full is meant, even where it does not fit; of others those that fit come
    first, then those that understand most of what is typed behind the name.
    """
    offers = list(offers)
    if not query.strip():
        found = sorted(offers, key=lambda o: (bool(o.reason), order.place(o.block.kind.name)))
        return [Proposal(offer, reason=offer.reason) for offer in found]
    splits = splits_of(query, [offer.block for offer in offers])
    ranked = []
    for offer in offers:
        kind = offer.block.kind.name
        ways = []
        for likelihood, (name, words) in enumerate(splits):
            points = score(name, offer.block)
            if points is None:
                continue
            reading = read_words(words, offer.block, variables)
            is_exact = points == 0
            reason = offer.why_not(reading.values, variables)
            key = (
                bool(reason) and not is_exact, not is_exact, reading.misread, int(points),
                likelihood, order.place_of_equals(kind), points,
            )  # fmt: skip
            ways.append((key, Proposal(offer, reading, reason)))
        if ways:
            ranked.append(min(ways, key=lambda way: way[0]))
    return [proposal for _, proposal in sorted(ranked, key=lambda way: way[0])]


def _place(kind: str, kinds: Sequence[str]) -> int:
    return kinds.index(kind) if kind in kinds else len(kinds)
