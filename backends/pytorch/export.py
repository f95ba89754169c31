"""Writes a drawing as a folder that trains without this program."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from backends.data.reading import DataExport
from backends.data.source import refusing, source_of
from backends.protocol import Turned
from backends.pytorch.export_folder import write_folder
from backends.pytorch.export_readme import file_names, readme_text, requirements_text
from backends.pytorch.export_sample import sample_text
from backends.pytorch.export_text import FORMAT, train_text
from backends.pytorch.export_weights import weights_of
from backends.pytorch.frozen import as_frozen
from backends.pytorch.prepare import Prepared, prepare
from backends.pytorch.recipe import FROZEN, Change, Recipe
from backends.pytorch.weights_file import weights_bytes
from backends.runs.folder import METRICS
from backends.runs.metrics import changes_of
from graph.cost import costs
from graph.edits import label
from graph.infer import infer
from graph.model import Document, NodeId


@dataclass(frozen=True)
class Exported:
    """What an export wrote.

    Attributes:
        files: their paths in the folder.
        note: what a person should know of it, in full sentences; empty where all is as asked.
    """

    folder: Path
    files: tuple[str, ...]
    note: str


def export(document: Document, folder: Path, run: Path | None = None) -> Exported:
    """Writes model, training script, weights, requirements, README and data into a folder.

    Args:
        run: the run whose kept weights go along; without one they are drawn from the seed.

    Raises:
        UserError: the drawing has errors, the data or the run cannot be read, or the folder holds
            files of somebody else or cannot be written. What was there is untouched.
    """
    folder = folder.expanduser().absolute()
    prepared = prepare(document)
    if run is not None:
        prepared = begun(prepared, changes_of(run / METRICS))
        document = prepared.document
    weights, unfit = weights_of(prepared, run)
    data = source_of(document.data).export() if prepared.program.is_trainable else None
    parameters = costs(document, infer(document)).total.parameters
    whence = _whence(prepared, run, unfit)
    sample = sample_text(prepared)
    texts = {
        "README.md": readme_text(prepared, parameters, whence, data, sample is not None),
        "model.py": prepared.source.model,
        "pyproject.toml": FORMAT,
        "requirements.txt": requirements_text(data),
    }
    if data is not None:
        texts["train.py"] = train_text(prepared, data)
    if sample is not None:
        texts["sample.py"] = sample
    files = {name: text.encode() for name, text in texts.items()}
    files["weights.safetensors"] = weights_bytes(weights)
    with refusing():
        files |= {name: path.read_bytes() for name, path in file_names(data).items()}
    write_folder(folder, files)
    return Exported(folder, tuple(sorted(files)), _note(prepared, run, unfit, data))


def begun(prepared: Prepared, turned: Sequence[Turned]) -> Prepared:
    """What a run began with, before a person changed it while it went on, and the changes."""
    first = next((each.before for each in turned if each.name == FROZEN), prepared.recipe.frozen)
    if first != prepared.recipe.frozen:
        prepared = prepare(as_frozen(prepared.source.paths, prepared.document, str(first)))
    return replace(prepared, recipe=as_begun(prepared.recipe, turned))


def as_begun(recipe: Recipe, turned: Sequence[Turned]) -> Recipe:
    """The recipe as it was before a person changed it while the run went on, and the changes."""
    changes = tuple(Change(each.step, each.name, each.value) for each in turned)
    for each in reversed(turned):
        part, _, name = each.name.rpartition(".")
        if part:
            parts = (
                replace(old, **{name: each.before}) if old.name == part else old  # type: ignore[arg-type]  # a value that it had
                for old in recipe.parts
            )
            recipe = replace(recipe, parts=tuple(parts))
        else:
            recipe = replace(recipe, **{name: each.before})  # type: ignore[arg-type]  # as above
    return replace(recipe, changes=changes)


def _whence(prepared: Prepared, run: Path | None, unfit: list[NodeId]) -> str:
    fresh = f"fresh weights, drawn from the seed {prepared.recipe.seed}"
    if run is None:
        return fresh
    if not unfit:
        return f"the weights of the run {run.name}"
    return f"the weights of the run {run.name}; {fresh}, in {_labels(prepared, unfit)}"


def _labels(prepared: Prepared, nodes: list[NodeId]) -> str:
    return ", ".join(label(prepared.document, node) for node in nodes)


def _note(
    prepared: Prepared, run: Path | None, unfit: list[NodeId], data: DataExport | None
) -> str:
    notes = []
    if run is not None and unfit:
        notes.append(
            f"The run {run.name} has no weights that fit {_labels(prepared, unfit)}; "
            "fresh ones were written there."
        )
    if data is None:
        notes.append("The drawing has no loss, so there is no train.py.")
    return " ".join(notes)
