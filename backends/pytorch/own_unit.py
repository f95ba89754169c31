"""Of which column of the data new data are, so that they come in its unit."""

from __future__ import annotations

from torch import Tensor

from backends.pytorch.prepare import Prepared, load_columns
from backends.pytorch.stepping import in_own_unit, learned_from
from graph.denoising import Denoising
from graph.infer import infer
from graph.tensor import Dim


def denoised_column(prepared: Prepared, parts: Denoising) -> str:
    """The column that a denoiser makes, or its decoder where it makes codes; empty if unknown."""
    if parts.decoder is not None:
        typing = infer(parts.decoder)
        last = list(typing.graph.nodes)[-1]  # its Output
        types = [typing.edge_type(edge) for edge in typing.graph.inputs_of(last)]
        return column_shaped(prepared, types[0].shape[1:]) if types and types[0] else ""
    edges = prepared.document.graph.edges_into(parts.schedule, "x")
    feeds = (*prepared.program.inputs, *prepared.program.targets)
    found = [feed.column for feed in feeds if edges and feed.node == edges[0].source]
    return found[0] if found else ""


def column_shaped(prepared: Prepared, shape: tuple[Dim, ...]) -> str:
    """The only column of numbers that has this shape a row; empty where there are several."""
    columns = [prepared.data.column(name) for name in prepared.columns]
    found = [
        each.name for each in columns if each and each.dtype == "float32" and each.shape == shape
    ]
    return found[0] if len(found) == 1 else ""


def is_scaled(prepared: Prepared, column: str) -> bool:
    """Whether a step must be undone for a column to be in its own unit."""
    return any(column in each.columns and each.is_to_learn for each in prepared.recipe.steps)


def back_in_unit(prepared: Prepared, column: str, made: Tensor) -> Tensor:
    """What was made in place of a column in its own unit; reads the data where that is needed."""
    if not is_scaled(prepared, column):
        return made
    recipe = learned_from(prepared.recipe, load_columns(prepared).train)
    return in_own_unit(recipe, column, made)
