"""Exported diffusion models bring along a script that makes the data that this program makes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from backends.pytorch.export import export
from backends.pytorch.export_sample import sample_text
from backends.pytorch.prepare import prepare
from backends.pytorch.sample import Asked, sample_run
from graph import edits
from graph.gallery import find
from graph.model import Document
from tests.backends.pytorch.test_export import check_lints, python
from tests.backends.pytorch.test_sample import drawing, finished

SMALL_LATENT = {"encoder": (4, 4), "levels": (4, 8), "heads": 2, "groups": 2, "steps": 60}
SMALL_PLANE = {"units": 8, "blocks": 1, "steps": 60}


def sampled(script: Path, *arguments: object, cwd: Path) -> np.ndarray:
    done = python(script, *arguments, cwd=cwd)
    assert done.returncode == 0, done.stderr
    return np.loadtxt(cwd / "samples.csv", delimiter=",")


@pytest.mark.parametrize(
    ("name", "sizes", "told"),
    [
        ("diffusion", SMALL_PLANE, {}),
        pytest.param("latent-diffusion", SMALL_LATENT, {"label": (3, 5)}, marks=[pytest.mark.slow]),
    ],
)
def test_the_exported_script_makes_the_same_data(name, sizes, told, tmp_path):
    document = drawing(1, name, **sizes)
    run = finished(document, tmp_path / "runs")
    folder = tmp_path / "exported"
    written = export(document, folder, run)
    assert "sample.py" in written.files
    check_lints(folder)
    words = [word for key, values in told.items()
             for word in (f"--{key}", ",".join(map(str, values)))]  # fmt: skip
    for method in ("ddim", "ddpm"):
        asked = Asked(count=5, method=method, steps=6, eta=0.3, seed=4, told=told)
        here = sample_run(document, run, asked)
        options = ["--count", 5, "--method", method, "--steps", 6, "--eta", 0.3, "--seed", 4]
        elsewhere = tmp_path / method
        elsewhere.mkdir()
        found = sampled(folder / "sample.py", *options, *words, cwd=elsewhere)
        # roundings, which differ with the number of threads, grow from step to step
        assert np.allclose(found, here.reshape(5, -1), rtol=1e-3, atol=1e-4)


def test_what_the_denoiser_is_told_must_be_said(tmp_path):
    export(drawing(1, "latent-diffusion", **SMALL_LATENT), tmp_path / "exported")
    done = python(tmp_path / "exported" / "sample.py", cwd=tmp_path)
    assert done.returncode == 2
    assert "--label" in done.stderr


def test_other_drawings_have_no_such_script(tmp_path):
    exported = export(find("mlp").build(), tmp_path / "exported")
    assert "sample.py" not in exported.files


def _called(document: Document, name: str) -> Document:
    denoiser = next(n.id for n in document.graph.nodes.values() if n.name == "noisy")
    return edits.rename(document, denoiser, name)


@pytest.mark.parametrize("name", ["main", pytest.param("Recipe", marks=[pytest.mark.slow])])
def test_blocks_may_be_called_like_parts_of_the_script(name, tmp_path):
    document = _called(drawing(1, **SMALL_PLANE), name)
    text = sample_text(prepare(document))
    assert text is not None
    export(document, tmp_path / "exported")
    found = sampled(tmp_path / "exported" / "sample.py", "--count", 2, cwd=tmp_path)
    assert found.shape == (2, 2)


def _defined_as(document: Document, name: str) -> Document:
    """The same with its definition Denoiser called otherwise."""
    renamed = replace(document.definitions["Denoiser"], name=name)
    others = {key: value for key, value in document.definitions.items() if key != "Denoiser"}
    nodes = {
        id: replace(node, kind=f"def:{name}") if node.kind == "def:Denoiser" else node
        for id, node in document.graph.nodes.items()
    }
    return replace(document.with_graph(nodes), definitions={**others, name: renamed})


def test_a_definition_may_be_called_like_a_part(tmp_path):
    document = _defined_as(drawing(1, **SMALL_PLANE), "Denoising")
    export(document, tmp_path / "exported")
    check_lints(tmp_path / "exported")
    found = sampled(tmp_path / "exported" / "sample.py", "--count", 2, cwd=tmp_path)
    assert found.shape == (2, 2)


def test_there_is_no_script_where_a_definition_is_called_like_something_of_it(tmp_path):
    document = _defined_as(drawing(1, **SMALL_PLANE), "Recipe")
    assert sample_text(prepare(document)) is None
