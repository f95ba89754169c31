"""What can be wrong with the recipe of a drawing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from graph import edits
from graph.block import Role
from graph.infer import Typing
from graph.model import Document
from graph.problems import Fix, Problem, Severity, UserError
from graph.recipe import Recipe

MEASURING = (Role.METRIC, Role.LOSS, Role.OPTIMIZER)


def problems_of_recipe(document: Document, typing: Typing) -> Iterator[Problem]:
    """Values that are unknown or refused, and a metric that nothing measures."""
    for name, value in document.recipe.items():
        declared = Recipe.params.get(name)
        if declared is None:
            text = f"The recipe has a value “{name}” that this version does not know."
            yield Problem("recipe", text, Severity.WARNING)
            continue
        try:
            declared.resolve(value, document.variables)
        except UserError as error:
            reset = partial(edits.set_recipe, name=name, value=declared.default)
            fix = Fix(f"Set {declared.title.lower()} back to {declared.default}", reset)
            yield Problem("recipe", f"The training recipe: {error}", fixes=(fix,))
    if document.scope is None:
        yield from _unknown_metric(document, typing)


def _unknown_metric(document: Document, typing: Typing) -> Iterator[Problem]:
    """A metric that is to end the run and that nothing measures."""
    name = str(document.recipe.get("stop_metric", ""))
    measuring = (id for role in MEASURING for id in typing.by_role.get(role, ()))
    known = {"loss", *(typing.graph.nodes[id].name for id in measuring)}
    if name and name not in known:
        text = (
            f"The training recipe stops at the metric “{name[:60]}”, which nothing measures. "
            f"There is {', '.join(sorted(known))}."
        )
        reset = partial(edits.set_recipe, name="stop_metric", value="")
        fixes = (Fix("Stop at no metric", reset),)
        yield Problem("stop-metric", text, Severity.WARNING, fixes=fixes)
