"""What of a drawing may change while it trains: some values of its recipe. No Qt in here."""

from __future__ import annotations

from dataclasses import replace

from app.training.record import optimizer_nodes
from backends.probing import settled
from backends.pytorch.frozen import frozen_modules
from backends.pytorch.recipe import FROZEN, KNOBS
from backends.pytorch.source import print_source
from graph import edits
from graph.freezing import frozen_as, frozen_behind_losses
from graph.lower import lower
from graph.model import Document
from graph.params import Value
from graph.problems import UserError
from graph.recipe import Recipe
from graph.registry import default_registry

RATE = "learning_rate"
Knobs = dict[str, float | str]


def knobs_of(document: Document) -> Knobs:
    """The values that may change, as numbers and words; none while one of them is refused."""
    try:
        form: Recipe = Recipe.build(document.recipe, document.variables)
        found: Knobs = {name: getattr(form, name) for name in KNOBS}
        for node in optimizer_nodes(document):
            block = default_registry().kinds[node.kind].build(node.params, document.variables)
            found[f"{node.name}.{RATE}"] = block.values()[RATE]
    except UserError:
        return {}
    if len(found) > len(KNOBS):
        del found[RATE]  # each Optimizer has its own
    return found


def turned(before: Document, now: Document) -> Knobs:
    """The values that differ, as they are now."""
    old = knobs_of(before)
    found = {name: value for name, value in knobs_of(now).items() if old.get(name, value) != value}
    return found | frozen(before, now)


def frozen(before: Document, now: Document) -> Knobs:
    """Which modules are frozen now, where others are than before and something still learns."""
    changed = frozen_as(before, now)
    if changed == before or frozen_behind_losses(settled(changed)):
        return {}
    paths = print_source(lower(before, settled(before))).paths
    modules = frozen_modules(paths, changed)
    return {} if modules == frozen_modules(paths, before) else {FROZEN: modules}


def following(before: Document, now: Document) -> Document:
    """The document that trains, with the values that may change as they are in the drawing now."""
    recipe: dict[str, Value] = {n: v for n, v in before.recipe.items() if n not in KNOBS}
    recipe |= {name: value for name, value in now.recipe.items() if name in KNOBS}
    found = replace(before, recipe=recipe)
    if not frozen_behind_losses(settled(frozen_as(before, now))):
        found = frozen_as(found, now)
    rates = {node.id: node.params.get(RATE) for node in optimizer_nodes(now)}
    for node in optimizer_nodes(before):
        value = rates.get(node.id, node.params.get(RATE))
        if value is not None and value != node.params.get(RATE):
            found = edits.set_param(found, [node.id], RATE, value)
    return found
