"""Clocks at every statement of a generated text: which block takes how long, there and back.

A module of torch could be timed by hooks, but half of the blocks are functions without one. So the
text is executed with each statement of a block in a `with` of its own. On the way back, autograd
numbers its steps in the order in which they were made: the number tells the block of each.
"""

from __future__ import annotations

import ast
import bisect
import itertools
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any

import torch
from torch import Tensor, nn

from backends.data.source import Cancelled
from backends.pytorch.compile import Module
from backends.pytorch.paths import Paths
from backends.pytorch.verify import verify
from backends.times import NodePath
from graph.model import NodeId
from graph.wrapping import INNER

CLOCK = "_clock"
Seconds = dict[NodePath, float]
_numbers = itertools.count(1)


class Clock:
    """Where the pass is now, and what each block has taken so far.

    Attributes:
        is_on: whether blocks are timed, or only the whole.
        forward, backward: seconds by block; a block inside counts for all that it is inside, too.
    """

    def __init__(self, device: torch.device, cancelled: Callable[[], bool]) -> None:
        self.device = device
        self.is_on = True
        self._wait = _waiting(device)
        self._cancelled = cancelled
        self._path: NodePath = ()
        self._marks: list[tuple[int, NodePath]] = []
        self.forward: Seconds = {}
        self.backward: Seconds = {}

    def start(self) -> None:
        """Begins a pass: nothing has been taken yet."""
        self._path, self._marks = (), []
        self.forward, self.backward = {}, {}

    def now(self) -> float:
        """The time at which all work that was given to the device is done."""
        self._wait()
        return time.perf_counter()

    def enter(self, node: NodeId) -> float:
        """Something of a block begins; answers when.

        Raises:
            Cancelled: nobody waits for the measurement any more.
        """
        if self._cancelled():
            raise Cancelled
        self._path = (*self._path, node)
        self._marks.append((_next_number(), self._path))
        return self.now()

    def leave(self, since: float) -> None:
        """What began last is over."""
        _add(self.forward, self._path, self.now() - since)
        self._path = self._path[:-1]
        self._marks.append((_next_number(), self._path))

    def follow_back(self, root: Tensor) -> None:
        """From now on the steps back from `root` are timed, each for the block that it is of."""
        starts = [number for number, _ in self._marks]
        for step in _steps_behind(root):
            place = bisect.bisect_right(starts, step._sequence_nr()) - 1
            path = self._marks[place][1] if place >= 0 else ()
            if path:
                self._time_back(step, path)

    def _time_back(self, step: Any, path: NodePath) -> None:  # Any: a node of autograd
        began = [0.0]

        def begin(_gradients: object) -> None:
            if self._cancelled():
                raise Cancelled
            began[0] = self.now()

        def end(_to_inputs: object, _to_outputs: object) -> None:
            taken = self.now() - began[0]
            for depth in range(1, len(path) + 1):
                _add(self.backward, path[:depth], taken)

        step.register_prehook(begin)
        step.register_hook(end)


class _Timed:
    """A `with` around the statements of a block."""

    def __init__(self, clock: Clock, node: NodeId) -> None:
        self._clock, self._node = clock, node
        self._since: list[float] = []  # it may be inside itself, by a composite

    def __enter__(self) -> None:
        if self._clock.is_on:
            self._since.append(self._clock.enter(self._node))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:  # fmt: skip
        if self._clock.is_on and kind is None:
            self._clock.leave(self._since.pop())


def execute_timed(text: str, lines: Mapping[int, NodeId], clock: Clock) -> Module:
    """Runs a generated text as `compile.execute` does, with a clock at each statement of a block.

    Raises:
        Unsafe: the text holds what generated code never does.
    """
    tree = verify(text)
    file = f"<torchloom timed {next(_numbers)}>"
    nodes = list(dict.fromkeys(node for node in lines.values() if node != INNER))
    place = {node: number for number, node in enumerate(nodes)}
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and function.name in ("forward", "objective"):
            function.body = _with_clocks(function.body, lines, place)
    names: dict[str, Any] = {"__name__": file}  # Any: a module's namespace
    names[CLOCK] = [_Timed(clock, node) for node in nodes]
    exec(compile(ast.fix_missing_locations(tree), file, "exec"), names)
    return Module(file, names, dict(lines))


def _with_clocks(
    body: list[ast.stmt], lines: Mapping[int, NodeId], place: Mapping[NodeId, int]
) -> list[ast.stmt]:
    found = []
    for each in body:
        node = lines.get(each.lineno)
        if node is not None and node in place:
            found.append(_with_clock(each, place[node]))
            continue
        if isinstance(each, (ast.With, ast.For, ast.If)):
            each.body = _with_clocks(each.body, lines, place)
        found.append(each)
    return found


def _with_clock(statement: ast.stmt, number: int) -> ast.stmt:
    timed = ast.Subscript(ast.Name(CLOCK, ast.Load()), ast.Constant(number), ast.Load())
    return ast.copy_location(ast.With([ast.withitem(timed)], [statement]), statement)


def time_chains(model: nn.Module, paths: Paths, clock: Clock) -> None:
    """Puts clocks on the modules of composites that became an `nn.Sequential`, without statements.

    `paths` knows which block each of them is of.
    """
    for module in model.modules():
        places = paths.classes.get(type(module).__name__, {})
        if not isinstance(module, nn.Sequential):
            continue
        for attribute, place in places.items():
            if place.node != INNER:
                _time_module(getattr(module, attribute), _Timed(clock, place.node))


def _time_module(module: nn.Module, timed: _Timed) -> None:
    def begin(_module: nn.Module, _given: object) -> None:
        timed.__enter__()

    def end(_module: nn.Module, _given: object, _made: object) -> None:
        timed.__exit__(None, None, None)

    module.register_forward_pre_hook(begin)
    module.register_forward_hook(end)


def _add(seconds: Seconds, path: NodePath, taken: float) -> None:
    seconds[path] = seconds.get(path, 0.0) + taken


def _steps_behind(root: Tensor) -> list[Any]:  # Any: nodes of autograd
    """All steps that lead back from a tensor, but those that only add up in a weight."""
    found: dict[int, Any] = {}  # Any: as above
    waiting = [root.grad_fn]
    while waiting:
        step = waiting.pop()
        if step is None or id(step) in found:
            continue
        found[id(step)] = step
        waiting += [behind for behind, _ in step.next_functions]
    return [step for step in found.values() if not hasattr(step, "variable")]


def _next_number() -> int:
    """The number that autograd will give to the next step it notes."""
    number: int = torch.autograd._get_sequence_nr()  # type: ignore[attr-defined]  # as its profiler does
    return number


def _waiting(device: torch.device) -> Callable[[], object]:
    """What waits for the work that was given to a device; the processor has done it at once."""
    if device.type == "cuda":
        return lambda: torch.cuda.synchronize(device)
    if device.type == "mps":
        return torch.mps.synchronize
    return lambda: None
