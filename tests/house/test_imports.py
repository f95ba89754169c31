"""The walls between packages, where only a fresh interpreter can tell."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
HEAVY = ("torch", "numpy", "PySide6", "pyqtgraph", "PIL", "safetensors", "pandas")


def loaded_after(code: str) -> set[str]:
    """Which heavy libraries a fresh interpreter has loaded after this code."""
    code = (
        f"import json, sys\n{code}\nprint(json.dumps([m for m in {HEAVY!r} if m in sys.modules]))"
    )
    ran = subprocess.run(  # noqa: PLW1510  the code is judged below
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert ran.returncode == 0, ran.stderr
    return set(json.loads(ran.stdout.splitlines()[-1]))


def imported_by(path: Path) -> set[str]:
    """The modules that a file names in its import statements, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update((node.module, *(f"{node.module}.{alias.name}" for alias in node.names)))
    return found


def test_the_graph_with_every_block_loads_no_torch_no_qt_and_no_numpy() -> None:
    code = (
        "import graph, importlib, pkgutil\n"
        "for found in pkgutil.walk_packages(graph.__path__, 'graph.'):\n"
        "    importlib.import_module(found.name)\n"
        "from graph.registry import default_registry\n"
        "assert len(default_registry().blocks()) > 40"
    )
    assert loaded_after(code) == set()


def test_the_window_loads_neither_torch_nor_the_plots() -> None:
    assert loaded_after("import app.window") <= {"numpy", "PySide6"}


@pytest.mark.parametrize(
    "module", ["backends.protocol", "backends.loader", "backends.pytorch.source", "app.cli"]
)
def test_what_the_window_asks_the_engine_through_loads_nothing_heavy(module: str) -> None:
    assert loaded_after(f"import {module}") == set()


@pytest.mark.parametrize("command", ["check", "stats"])
def test_commands_that_only_read_need_neither_qt_nor_torch(command: str, tmp_path: Path) -> None:
    file = tmp_path / "some.loom"
    file.write_text('{"torchloom": 1}', "utf-8")
    code = f"from app.cli import main\nmain(['{command}', {str(file)!r}])"
    assert not {"torch", "PySide6", "pyqtgraph"} & loaded_after(code)


def test_blocks_do_not_import_each_other() -> None:
    folder = ROOT / "graph" / "blocks"
    families = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")}
    for path in folder.glob("*.py"):
        others = families - {path.stem}
        assert not {f"graph.blocks.{name}" for name in others} & imported_by(path), path.name


def test_the_training_loop_needs_torch_and_the_standard_library_only() -> None:
    waiting, seen = {"backends.pytorch.loop"}, set()
    while waiting:
        module = waiting.pop()
        seen.add(module)
        for name in imported_by(ROOT / (module.replace(".", "/") + ".py")):
            if name.partition(".")[0] == "backends":
                is_file = (ROOT / (name.replace(".", "/") + ".py")).exists()
                waiting |= {name} - seen if is_file else set()
            else:
                top = name.partition(".")[0]
                assert top == "torch" or top in sys.stdlib_module_names, f"{module}: {name}"
