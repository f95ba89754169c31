"""What goes into an exported `train.py`, whatever the data is."""

from __future__ import annotations

import ast
import pkgutil
import sys

import pytest

import backends.data.readers
from backends.data.source import source_of
from backends.pasting import gathered, repeated_names, text_of
from backends.pytorch.export_text import ERRORS, MODULES, recipe_text, train_text
from backends.pytorch.prepare import prepare
from graph import edits
from graph.data import DataSpec
from graph.params import Expr
from graph.recipe import CHECKPOINTS, Recipe
from tests.backends.pytorch.drawings import classifier, with_recipe

READERS = [info.name for info in pkgutil.iter_modules(backends.data.readers.__path__)]
SHAPES = {"digits": "1, 8, 8", "mnist": "1, 28, 28", "iris": "4", "wine": "13", "penguins": "4",
          "moons": "2", "spirals": "2"}  # fmt: skip


def is_ours(node: ast.ImportFrom) -> bool:
    return (node.module or "").startswith("backends.")


def test_readers_and_loop_define_nothing_twice():
    modules = gathered([*MODULES, *(f"backends.data.readers.{name}" for name in READERS)], is_ours)
    assert repeated_names(map(text_of, modules)) == []


def test_the_loop_needs_nothing_but_torch_and_the_standard_library():

    outside = set()
    for module in gathered(MODULES, is_ours):
        if module == ERRORS:
            continue  # the readers' errors go with the data, which numpy reads
        for node in ast.walk(ast.parse(text_of(module))):
            if isinstance(node, ast.Import):
                outside |= {alias.name.partition(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and not is_ours(node):
                outside.add(str(node.module).partition(".")[0])
    assert outside - sys.stdlib_module_names == {"torch"}


@pytest.mark.parametrize("source", SHAPES)
def test_the_script_of_every_source_compiles(source):
    document = classifier("flatten dense" if source in ("digits", "mnist") else "dense",
                          SHAPES[source], DataSpec(source))  # fmt: skip
    prepared = prepare(document)
    text = train_text(prepared, source_of(document.data).export())
    tree = ast.parse(text)
    defined = [node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert len(defined) == len(set(defined))
    assert {"objective", "load_data", "fit", "main", "DataError"} <= set(defined)
    assert not any(isinstance(n, ast.ImportFrom) and is_ours(n) for n in ast.walk(tree))


def test_the_recipe_holds_what_has_an_effect():
    document = classifier("dense", "4", DataSpec("iris"), optimizer="sgd", momentum=0.5)
    document = with_recipe(document, schedule="step", seed=3)
    values = ast.literal_eval(recipe_text(prepare(document)).partition(" = ")[2])
    form = Recipe.build(document.recipe)
    shown = [each.name for each in form.shown() if each.name not in CHECKPOINTS]
    assert values == {name: getattr(form, name) for name in shown}
    assert values["momentum"] == 0.5
    assert "gamma" in values
    assert "patience" not in values


def test_calculated_recipe_values_are_written_out():

    document = edits.set_variable(classifier("dense", "4", DataSpec("iris")), "n", 3)
    document = edits.set_recipe(document, "epochs", Expr("2 * n"))
    assert '"epochs": 6,' in recipe_text(prepare(document))


def test_names_of_drawings_cannot_end_the_docstring():
    document = edits.rename_document(classifier("dense", "4", DataSpec("iris")), '"""\nimport os #')
    text = train_text(prepare(document), source_of(document.data).export())
    assert "import os #" in ast.get_docstring(ast.parse(text))
