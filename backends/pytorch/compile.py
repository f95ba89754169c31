"""From source text to a live model: verified, executed as a named file, mapped to blocks."""

from __future__ import annotations

import itertools
import linecache
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn

from backends.pytorch.paths import Paths
from backends.pytorch.verify import Unsafe, verify

Losses = Tensor | Mapping[str, Tensor]  # one, or one for each Optimizer by its name
Objective = Callable[[nn.Module, Mapping[str, Tensor]], tuple[Losses, dict[str, Tensor]]]
_numbers = itertools.count(1)


@dataclass(frozen=True)
class Module:
    """An executed text: its made-up file name, its names, and which block each line is of."""

    file: str
    names: Mapping[str, Any]  # Any: whatever a module may define
    lines: Mapping[int, str]


def execute(text: str, lines: Mapping[int, str] | None = None) -> Module:
    """Runs a generated text and answers what it defines.

    Tracebacks show its lines, as if it were a file.

    Raises:
        Unsafe: the text holds what generated code never does, or is nested too deep.
    """
    tree = verify(text)
    file = f"<torchloom {next(_numbers)}>"
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    names: dict[str, Any] = {"__name__": file}  # Any: a module's namespace
    try:
        code = compile(tree, file, "exec")
    except RecursionError as error:  # a sum over a thousand wires is nested as deep
        raise Unsafe(
            "The code of this drawing is not executed: one of its statements is nested too deep "
            "for Python. Give the block with the most wires fewer of them."
        ) from error
    exec(code, names)
    return Module(file, names, dict(lines or {}))


@dataclass(frozen=True)
class Built:
    """A live model and what trains it."""

    model: nn.Module
    objective: Objective | None
    modules: tuple[Module, ...] = field(repr=False)

    def explain(self, error: BaseException) -> tuple[str | None, str]:
        """The id of the block in which an error arose, if it arose in one, and the error's text."""
        return _block_of(error, self.modules), str(error).strip() or type(error).__name__


def build(
    model_source: str,
    objective_source: str,
    seed: int,
    model_lines: Mapping[int, str] | None = None,
    objective_lines: Mapping[int, str] | None = None,
) -> Built:
    """The model of these texts, its weights drawn from the seed.

    Raises:
        BuildError: a layer refuses its arguments; it names the block.
    """
    texts = execute(model_source, model_lines)
    modules = [texts]
    objective = None
    if objective_source:
        goal = execute(objective_source, objective_lines)
        modules.append(goal)
        objective = goal.names["objective"]
    torch.manual_seed(seed)
    try:
        model = texts.names["Model"]()
    except Exception as error:  # whatever a layer raises is about the drawing; it gets the block
        raise BuildError(_block_of(error, modules), str(error)) from error
    return Built(model, objective, tuple(modules))


class BuildError(Exception):
    """A layer could not be made; `node` is the id of its block."""

    def __init__(self, node: str | None, text: str) -> None:
        super().__init__(text)
        self.node = node


def _block_of(error: BaseException, modules: Iterable[Module]) -> str | None:
    """The block whose line stands innermost in the traceback."""
    by_file = {module.file: module for module in modules}
    for frame in reversed(traceback.extract_tb(error.__traceback__)):
        module = by_file.get(frame.filename)
        node = module.lines.get(frame.lineno or 0) if module else None
        if node is not None:
            return node
    return None


def to_node_keys(state: Mapping[str, Tensor], paths: Paths) -> dict[str, Tensor]:
    """A state_dict with the paths of blocks for attributes, as `Paths.node_key` has them."""
    return {paths.node_key(key): value for key, value in state.items()}


def keep_weights(model: nn.Module, paths: Paths, kept: Mapping[str, Tensor]) -> list[str]:
    """Copies weights by block and shape into a rebuilt model; answers the keys that were kept.

    What has moved into or out of a definition since, or is repeated now or no more, is found by its
    innermost block the first time, where there is just one such.
    """
    taken = []
    own = to_node_keys(model.state_dict(), paths)
    elsewhere, mine = _by_innermost(kept), _by_innermost(own)
    with torch.no_grad():
        for key, value in own.items():
            old = kept.get(key)
            inner = _innermost(key)
            if old is None and len(mine[inner]) == 1 == len(elsewhere.get(inner, ())):
                old = kept[elsewhere[inner][0]]
            if old is not None and old.shape == value.shape:
                value.copy_(old)
                taken.append(key)
    return taken


def _by_innermost(keys: Iterable[str]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key in keys:
        found.setdefault(_innermost(key), []).append(key)
    return found


def _innermost(key: str) -> str:
    return key.rpartition("/")[2].replace("[0]", "")
