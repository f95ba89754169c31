"""The command line on bad input: what it answers, in process or in one of its own."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.cli import main
from tests.house.test_imports import ROOT

FULL, READ_ONLY = "No space left on device", "Read-only file system"
EXAMPLES = ROOT / "assets" / "examples"


@dataclass(frozen=True)
class Answer:
    """What a command left: its exit code, its last line as JSON, and what it told people."""

    code: int
    json: dict[str, Any]  # Any: parsed JSON
    told: str

    @property
    def error(self) -> str:
        """Why it failed; the message is the same for people and programs."""
        text = str(self.json["error"])
        assert text in self.told.replace("torchloom: ", "", 1) or text in self.told
        return text


def _answer(code: int, out: str, told: str) -> Answer:
    assert "Traceback" not in out + told
    lines = out.splitlines()
    assert lines, f"nothing on standard output, but: {told}"
    answer = json.loads(lines[-1])
    assert isinstance(answer, dict)
    return Answer(code, answer, told)


def ask(*words: object) -> Answer:
    """Runs a command with `--json` in this process."""
    out, told = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(told):
        code = main([*map(str, words), "--json"])
    return _answer(code, out.getvalue(), told.getvalue())


def ask_apart(*words: object, **environment: str) -> Answer:
    """Runs a command with `--json` in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "app", *map(str, words), "--json"],
        cwd=ROOT, env={**os.environ, **environment}, capture_output=True, text=True,
        timeout=300, check=False,
    )  # fmt: skip
    return _answer(done.returncode, done.stdout, done.stderr)


def ask_all(file: Path, out: Path) -> dict[str, Answer]:
    """What every command that reads a drawing answers; what they write goes below `out`."""
    return {
        "check": ask("check", file),
        "stats": ask("stats", file),
        "train": ask("train", file, "--runs", out / "runs"),
        "eval": ask("eval", file, "--run", out / "runs" / "none"),
        "export": ask("export", file, "--out", out / "code"),
        "render": ask("render", file, "--out", out / "picture.png"),
    }


def example(name: str, **changes: object) -> dict[str, Any]:  # Any: parsed JSON
    """An example as JSON, quick to train, with other values for some keys."""
    data: dict[str, Any] = json.loads((EXAMPLES / f"{name}.loom").read_text("utf-8"))
    data["recipe"] |= {"epochs": 1, "threads": 1}
    return {**data, **changes}


def block(data: dict[str, Any], name: str) -> dict[str, Any]:  # Any: parsed JSON
    """The block of that name, to be changed."""
    (found,) = (node for node in data["nodes"] if node["name"] == name)
    assert isinstance(found, dict)
    found.setdefault("params", {})
    return found


def drawing(*names: str, wires: str = "", **changes: object) -> dict[str, Any]:  # Any: as above
    """A drawing with blocks `name:kind`, wired as in `a.y>b.x c.y>b.mask`."""
    nodes = [
        {"id": name, "kind": kind, "name": name, "at": [0, 100 * row]}
        for row, (name, kind) in enumerate(word.split(":") for word in names)
    ]
    edges = [wire.split(">") for wire in wires.split()]
    recipe = {"epochs": 1, "threads": 1}
    return {"torchloom": 1, "nodes": nodes, "edges": edges, "recipe": recipe, **changes}


def written(path: Path, content: object) -> Path:
    """A file with that content: bytes, text, or anything else as JSON."""
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_text(text, "utf-8")
    return path


def contents(folder: Path) -> dict[str, bytes]:
    """The files below a folder, runs left out."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "runs" not in path.parts
    }


def words_drawing(data: Path) -> dict[str, Any]:  # Any: as above
    """An Embedding of 5 entries that reads indices from an NPZ file."""
    made = drawing(
        "words:input", "table:embedding", "flat:flatten", "dense:dense", "kind:target",
        "entropy:cross_entropy",
        wires="words.y>table.x table.y>flat.x flat.y>dense.x dense.y>entropy.prediction "
        "kind.y>entropy.target",
        data={"source": "npy", "params": {"path": str(data)}},
    )  # fmt: skip
    block(made, "words")["params"] = {"shape": "2", "dtype": "int64"}
    block(made, "table")["params"] = {"vocabulary": 5}
    return made
