"""Answers what trusted code gives, by running it in a process that may hang or die."""

from __future__ import annotations

import atexit
import contextlib
import json
import queue
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from backends import sizes
from graph import probes, trust
from graph.infer import Typing, infer
from graph.model import Document
from graph.probes import Answer, Question
from graph.registry import Registry
from graph.tensor import Dim, TensorType, symbols_in

STARTS_IN_S = 60.0
ANSWERS_IN_S = 20.0
STARTS = (5, 37)  # of the symbols: small, and again longer where that is too short for the code
KIND = "custom"
MOST_ROUNDS = 1000
VARIES = "gives another kind of tensor"
Json = dict[str, Any]  # Any: what JSON holds


class _Died(Exception):
    """The process ended or did not answer in time; the text says which."""


class _Ended(_Died):
    """It had ended, perhaps before it was asked."""


class _Process:
    """The process that runs the code; started when it is first needed, and anew after it ended."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[str] | None = None
        self._heard: queue.SimpleQueue[str] = queue.SimpleQueue()

    def ask(self, question: Json) -> Json:
        """The answer of the process.

        Raises:
            _Died: there is none.
        """
        fresh = self._child is None or self._child.poll() is not None
        if fresh:
            self.stop()  # what has ended by itself still has its pipes open
            self._start()
        try:
            return self._exchange(question)
        except _Died as died:
            self.stop()
            if fresh or not isinstance(died, _Ended):
                raise
        return self.ask(question)  # it may have ended because nothing was asked for long

    def _start(self) -> None:
        heard: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._heard = heard
        self._child = child = subprocess.Popen(
            [sys.executable, "-m", "backends.pytorch.probe"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            text=True, encoding="utf-8", cwd=Path(__file__).parents[1],
        )  # fmt: skip
        threading.Thread(target=_listen, args=(child, heard), name="probe", daemon=True).start()
        if not self._hear(STARTS_IN_S).get("ready"):
            raise _Died("cannot be tried: PyTorch does not start")

    def _exchange(self, question: Json) -> Json:
        assert self._child is not None and self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(question) + "\n")
            self._child.stdin.flush()
        except OSError as error:
            raise _Ended("ends the process that tries it") from error
        return self._hear(ANSWERS_IN_S)

    def _hear(self, seconds: float) -> Json:
        try:
            line = self._heard.get(timeout=seconds)
        except queue.Empty:
            raise _Died(f"does not come to an end within {seconds:g} s when it is tried") from None
        if not line:
            raise _Ended("ends the process that tries it")
        answer: Json = json.loads(line)
        return answer

    def stop(self) -> None:
        """Ends the process."""
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for stream in (child.stdin, child.stdout):
            with contextlib.suppress(OSError):
                if stream is not None:
                    stream.close()


def _listen(child: subprocess.Popen[str], heard: queue.SimpleQueue[str]) -> None:
    with contextlib.suppress(ValueError, OSError):  # closed when the process is stopped
        for line in child.stdout or ():
            heard.put(line)
    heard.put("")


_process = _Process()
_one_at_a_time = threading.Lock()
atexit.register(_process.stop)


def stop() -> None:
    """Ends the process that tries code; the next question starts another."""
    with _one_at_a_time:
        _process.stop()


def answer(questions: Iterable[Question]) -> None:
    """Finds the answers and makes them known. Takes seconds: call it off the UI thread."""
    for question in questions:
        if trust.is_trusted(question.code):  # asked again here, where it would be run
            with _one_at_a_time:
                found = _answer(question)
            probes.tell(question, found)


def settled(document: Document, registry: Registry | None = None) -> Typing:
    """The typing of a document in which no code is left to be tried."""
    if not any(node.kind == KIND for graph in document.graphs() for node in graph.nodes.values()):
        return infer(document, None, registry)
    for _ in range(MOST_ROUNDS):
        with probes.listening() as asked:
            typing = infer(document, None, registry)
        trusted = [question for question in asked if trust.is_trusted(question.code)]
        if not trusted:
            return typing
        answer(trusted)
    return typing


def _answer(question: Question) -> Answer:
    names = sorted({n for _, t in question.inputs for dim in t.shape for n in symbols_in(dim)})
    if len(names) > sizes.MOST_SYMBOLS:
        return Answer(refusal=f"has inputs with more than {sizes.MOST_SYMBOLS} open sizes")
    first: Answer | None = None
    for start in STARTS[: None if names else 1]:
        found = _tried(question, names, [start + 2 * place for place in range(len(names))])
        first = first or found
        if not found.refusal or found.refusal.startswith(VARIES):
            return found
    assert first is not None
    return first


def _tried(question: Question, names: list[str], starts: list[int]) -> Answer:
    points = sizes.points(starts)
    try:
        told = _process.ask(_question(question, names, points))
    except _Died as died:
        return Answer(refusal=str(died))
    if "refusal" in told:
        return Answer(refusal=str(told["refusal"]))
    found = dict(zip(points, told["found"], strict=True))
    outputs = []
    for place in range(question.outputs):
        types = {point: each["types"][place] for point, each in found.items()}
        made = _type(names, starts, types)
        if isinstance(made, str):
            return Answer(refusal=made)
        outputs.append(made)
    flops = {point: int(each["multiply_adds"]) for point, each in found.items()}
    work: Dim | None = sizes.formula(names, starts, flops)
    return Answer(tuple(outputs), int(told["parameters"]), 0 if work is None else work)


def _type(
    names: list[str],
    starts: list[int],
    types: dict[sizes.Point, Any],  # Any: types as JSON
) -> TensorType | str:
    """The type of an output, or why it has none."""
    ranks = {len(shape) for shape, _ in types.values()}
    dtypes = {dtype for _, dtype in types.values()}
    if len(ranks) > 1 or len(dtypes) > 1:
        return f"{VARIES} when {' or '.join(names)} is larger"
    shape: list[Dim] = []
    for axis in range(ranks.pop()):
        size = sizes.formula(names, starts, {p: shape[axis] for p, (shape, _) in types.items()})
        if size is None:
            return (
                f"gives a tensor whose axis {axis} grows with {' and '.join(names)} in no plain way"
            )
        shape.append(size)
    return TensorType(tuple(shape), dtypes.pop())


def _question(question: Question, names: list[str], points: list[sizes.Point]) -> Json:
    return {
        "code": "\n" * (question.first_line - 1) + question.code,
        "name": question.name,
        "arguments": dict(question.arguments),
        "inputs": [(name, type_.dtype) for name, type_ in question.inputs],
        "many": question.many,
        "outputs": question.outputs,
        "sizes": [
            [
                list(type_.at(dict(zip(names, point, strict=True))).shape)
                for _, type_ in question.inputs
            ]
            for point in points
        ],
    }
