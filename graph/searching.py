"""A search for good values: what may be chosen for which fields of a drawing, and one choice made.

It stands beside the drawing, whose own values stay as they are until a choice is put into it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import prod

from graph import edits
from graph.block import Role
from graph.check import check
from graph.composites.repeating import set_repeat
from graph.data import DataInfo
from graph.data_fields import Params, set_of_data
from graph.infer import Typing, infer
from graph.kinds import kinds_of
from graph.model import Document, NodeId, Repeat
from graph.params import Value
from graph.problems import Severity, UserError
from graph.recipe import Recipe
from graph.search_fields import EXAMPLE, NO_PARAMS, REPEAT, Field, Over, id_of, parse_over
from graph.spaces import Choices, Space, value_text
from graph.surgery import replace_kind
from graph.tuning import Tuning, set_tuning

LOSS = "loss"
GOALS = ("lowest", "highest")
MEDIAN, HALVING, NONE = PRUNERS = ("median", "halving", "none")
MOST_TRIALS = 100_000
# Metrics that are better the smaller they are, as losses.
FALLING = (
    "perplexity", "mean_absolute_error", "mean_absolute_percentage_error", "ctc_error_rate",
)  # fmt: skip
TOLD = 2
Values = tuple[Value, ...]


@dataclass(frozen=True)
class Search:
    """What is looked for.

    Attributes:
        trials: how many choices are trained.
        objective: the loss, or the name of a metric; the validation's where rows are kept apart.
        goal: whether the `lowest` or the `highest` is best.
        pruner: which trials are cut short: those worse than the `median` of the trials before them,
            after `halving` all but the best third of those that came as far, or `none`.
        seed: of the choices; each training has the recipe's.
    """

    over: tuple[Over, ...]
    trials: int = 20
    objective: str = LOSS
    goal: str = "lowest"
    seed: int = 0
    pruner: str = MEDIAN

    @property
    def is_highest(self) -> bool:
        """Whether more is better."""
        return self.goal == "highest"


def make_search(
    document: Document,
    over: Sequence[str],
    *,
    trials: int = 20,
    objective: str = LOSS,
    goal: str = "",
    seed: int = 0,
    pruner: str = MEDIAN,
    source: Params = NO_PARAMS,
    typing: Typing | None = None,
) -> Search:
    """A search that can be made on the drawing; without a goal, the usual one of the objective.

    Args:
        source: the parameters of the source of the data.

    Raises:
        UserError: something of it is refused.
    """
    if not over:
        raise UserError(f"A search needs a field and its choices, for example {EXAMPLE}.")
    if not 1 <= trials <= MOST_TRIALS:
        raise UserError(f"A search makes 1 to {MOST_TRIALS} trials, not {trials}.")
    found = tuple(parse_over(document, text, source) for text in over)
    names = [str(each.field) for each in found]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UserError(f"The search has {twice} twice; put all its choices into one set.")
    usual = objectives(document, typing)
    if objective not in usual:
        raise UserError(
            f"Nothing measures “{objective[:60]}”; a search can go by {', '.join(usual)}."
        )
    if goal and goal not in GOALS:
        raise UserError(f"The goal is lowest or highest, not “{goal[:60]}”.")
    if pruner not in PRUNERS:
        raise UserError(
            f"Weak trials are cut short by {', '.join(PRUNERS)}, not by “{pruner[:60]}”."
        )
    return Search(found, trials, objective, goal or usual[objective], seed, pruner)


def objectives(document: Document, typing: Typing | None = None) -> Mapping[str, str]:
    """What a search can go by, and whether the lowest or the highest of it is best."""
    whole = document.whole()
    typing = typing or infer(whole)
    found = {LOSS: "lowest"}
    for role in (Role.METRIC, Role.LOSS):
        for id in typing.by_role.get(role, ()):
            node = typing.graph.nodes[id]
            is_lowest = role is Role.LOSS or node.kind in FALLING
            found.setdefault(node.name, GOALS[not is_lowest])
    return found


def combinations(search: Search) -> int | None:
    """How many choices there are in all; None where they are without end."""
    counts = [each.space.count for each in search.over]
    return None if None in counts else prod(count or 0 for count in counts)


def all_values(search: Search) -> Iterator[Values]:
    """Every choice, of a search that has an end."""
    yield from product(*(_each(over.space) for over in search.over))


def _each(space: Space) -> Iterator[Value]:
    if isinstance(space, Choices):
        yield from space.values
        return
    for number in range(space.count or 0):
        value = space.low + number * space.step
        yield int(value) if space.is_whole else min(value, space.high)


# a choice made


def choose(document: Document, over: Sequence[Over], values: Sequence[Value]) -> Document:
    """The whole drawing with these values in these fields.

    Raises:
        UserError: one is refused.
    """
    whole = document.whole()
    # what a block is comes first: its parameters are those of its kind
    pairs = sorted(zip(over, values, strict=True), key=lambda pair: not pair[0].field.is_kind)
    ids = {
        each.field: None if each.field.of_data
        else id_of(whole, each.field.block, each.field.inside)
        for each in over
    }  # fmt: skip
    replaced: set[NodeId] = set()
    for each, value in pairs:
        id = ids[each.field]
        if id is not None and id in replaced and _lacks(whole, each.field, id):
            continue  # the kind that was chosen has no such parameter
        before, whole = whole, _chosen(whole, each.field, id, value)
        if id is not None and each.field.is_kind and whole is not before:
            replaced.add(id)
    return whole


def _lacks(whole: Document, field: Field, id: NodeId) -> bool:
    place = whole.inside(field.inside) if field.inside else whole
    block = kinds_of(place).of(place.graph.nodes[id])
    known = (*(block.params if block is not None else ()), REPEAT, *Tuning.params)
    return not field.is_kind and field.name not in known


def _chosen(whole: Document, field: Field, id: NodeId | None, value: Value) -> Document:
    if field.of_data:
        return set_of_data(whole, field.block, field.name, value)
    if not field.block:
        if field.name in Recipe.params:
            return edits.set_recipe(whole, field.name, value)
        return edits.set_variable(whole, field.name, value)  # type: ignore[arg-type]  # a number, by its declaration
    if id is None:
        raise UserError(f"The block “{field.block}” is no longer there.")
    place = whole.inside(field.inside) if field.inside else whole
    return _set(place, field, id, value).whole()


def _set(place: Document, field: Field, id: NodeId, value: Value) -> Document:
    node = place.graph.nodes[id]
    block = kinds_of(place).of(node)
    if field.is_kind:
        return place if node.kind == value else replace_kind(place, id, str(value))
    if block is not None and field.name in block.params:
        return edits.set_param(place, [id], field.name, value)
    if field.name == REPEAT:
        mode = (node.repeat or Repeat()).mode
        return set_repeat(place, [id], Repeat(value, mode))
    return set_tuning(place, [id], field.name, value)


def refusal(document: Document, data: DataInfo | None = None, typing: Typing | None = None) -> str:
    """Why a drawing cannot be trained, told without trying; empty where it can."""
    problems = check(document, typing or infer(document), None, data)
    texts = [problem.text for problem in problems if problem.severity is Severity.ERROR]
    more = f" And {len(texts) - TOLD} more." if len(texts) > TOLD else ""
    return " ".join(texts[:TOLD]) + more


def values_text(over: Sequence[Over], values: Sequence[Value]) -> str:
    """A choice as a person reads it: `features 64, learning_rate 0.01`."""
    return ", ".join(
        f"{each.field} {value_text(value)}" for each, value in zip(over, values, strict=True)
    )
