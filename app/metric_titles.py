"""What the measured values of a run are called: `MSE` and not “mse”, `Cross-entropy 2`."""

from __future__ import annotations

import re
from functools import lru_cache

from app.i18n import tr
from graph.registry import default_registry


@lru_cache(maxsize=256)
def metric_title(name: str) -> str:
    """The title of what a block measured, by the name of the block.

    A block that was never renamed is called as its kind is, with a number where there are several;
    a name that a person gave is theirs, with a capital.
    """
    stem, number = re.fullmatch(r"(.*?)_?(\d*)", name, re.DOTALL).groups()  # type: ignore[union-attr]  # every text matches
    registry = default_registry()
    block = registry.find(name) or registry.find(stem)
    if block is None:
        words = name.replace("_", " ")
        return tr(words[:1].upper() + words[1:])
    title = tr(block.kind.title)
    return title if registry.find(name) or not number else f"{title} {number}"


def metric_word(name: str) -> str:
    """The same within a sentence: `accuracy`, `cross-entropy`, but `MSE`."""
    title = metric_title(name)
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
