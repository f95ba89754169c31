"""The code of ten networks of the gallery as it is meant to read.

`make golden` writes it anew after a wanted change; what changed is then read in the diff.
"""

from __future__ import annotations

from pathlib import Path

from backends.pytorch.source import print_source
from graph.gallery import find
from graph.infer import infer
from graph.lower import lower

FOLDER = Path(__file__).parents[2] / "golden"
NAMES = (
    "perceptron", "lenet-5", "resnet-18", "densenet-121", "googlenet", "lstm", "seq2seq",
    "transformer", "gpt-2", "vae",
)  # fmt: skip


def path_of(name: str) -> Path:
    """Where the listing of an entry is kept."""
    return FOLDER / f"{name.replace('-', '_')}.py"


def text_of(name: str) -> str:
    """The code of an entry as it was published."""
    document = find(name).build()
    return print_source(lower(document, infer(document))).text


def write_all() -> None:
    """Writes every listing, and takes away those that are no longer kept."""
    wanted = {path_of(name) for name in NAMES}
    for path in FOLDER.glob("*.py"):
        if path not in wanted:
            path.unlink()
    for name in NAMES:
        path_of(name).write_text(text_of(name), "utf-8")


if __name__ == "__main__":
    write_all()
