"""A process of its own that runs code to see what it gives: `python -m backends.pytorch.probe`.

It reads questions as lines of JSON, and answers each with one. What the code prints goes nowhere,
and what it breaks is this process, not the window.
"""

from __future__ import annotations

import faulthandler
import json
import math
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from typing import IO, Any

import torch
import torch.nn.functional as F  # noqa: N812  as everyone calls it
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

FILE = "<custom code>"
MEMORY_BYTES = 4 << 30
MOST_NUMBERS = 1 << 26  # in one input that is made for real
IDLE_S = 120.0
LONGEST_S = 60.0
Json = dict[str, Any]  # Any: what JSON holds


class _Refused(Exception):
    """What the code does cannot be used; the text goes on after a block's name."""


def main() -> None:
    """Answers until no more is asked."""
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    with open(os.devnull, "r+b") as nowhere:  # noqa: PTH123  a device, not a file
        os.dup2(nowhere.fileno(), 1)
        os.dup2(nowhere.fileno(), 2)
    _bound_memory()
    torch.set_num_threads(1)
    _say(answers, {"ready": True})
    for line in _lines():
        _say(answers, answer(json.loads(line)))


def _say(answers: IO[str], value: Json) -> None:
    answers.write(json.dumps(value) + "\n")
    answers.flush()


def _lines() -> Iterator[str]:
    """The lines of standard input; a long silence ends the process, and so does a long answer.

    Whoever asked may be gone by then.
    """
    while True:
        faulthandler.dump_traceback_later(IDLE_S, exit=True)
        line = sys.stdin.readline()
        if not line:
            return
        faulthandler.dump_traceback_later(LONGEST_S, exit=True)
        yield line


def _bound_memory() -> None:
    try:
        import resource  # there is none on Windows
    except ImportError:
        return
    most = resource.getrlimit(resource.RLIMIT_DATA)[1]
    limit = MEMORY_BYTES if most == resource.RLIM_INFINITY else min(MEMORY_BYTES, most)
    resource.setrlimit(resource.RLIMIT_DATA, (limit, most))


def answer(question: Json) -> Json:
    """What the code gives at each of the sizes, or why it cannot be used."""
    try:
        made = _defined(question)
    except BaseException as error:  # noqa: BLE001  a border: the code may raise anything
        return {"refusal": _told(error)}
    refusal = ""
    for device in ("meta", "cpu"):
        try:
            return _tried(made, question, device)
        except BaseException as error:  # noqa: BLE001  as above
            # what the meta device cannot do at all says nothing of the code
            refusal = _told(error) if device == "cpu" or not refusal else refusal
    return {"refusal": refusal}


def _defined(question: Json) -> type[nn.Module]:
    names: dict[str, Any] = {"__name__": FILE}  # Any: a module's namespace
    names |= {"torch": torch, "nn": nn, "F": F, "math": math, "Tensor": Tensor}
    exec(compile(question["code"], FILE, "exec"), names)
    made: type[nn.Module] = names[question["name"]]
    return made


def _tried(made: type[nn.Module], question: Json, device: str) -> Json:
    arguments = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in question["arguments"].items()
    }
    torch.manual_seed(0)
    with torch.device(device):
        model = made(**arguments)
    if not isinstance(model, nn.Module):
        raise _Refused("makes no nn.Module")
    weights = sum(each.numel() for each in model.parameters() if each.requires_grad)
    found = []
    for sizes in question["sizes"]:
        for training in (True, False):
            model.train(training)
            types, flops = _run(model, question, sizes, device)
            if training:
                first = types
            elif types != first:
                raise _Refused(f"gives {_show(first)} the first time, but {_show(types)} the next")
        found.append({"types": types, "multiply_adds": flops // 2})
    return {"found": found, "parameters": weights}


def _run(
    model: nn.Module, question: Json, sizes: list[list[int]], device: str
) -> tuple[list[Any], int]:
    # Any: types as JSON
    given: dict[str, Tensor] = {}
    many: list[Tensor] = []
    for (name, dtype), shape in zip(question["inputs"], sizes, strict=True):
        tensor = _tensor(shape, getattr(torch, dtype), device)
        if name == question["many"]:
            many.append(tensor)
        else:
            given[name] = tensor
    call: Callable[[], Any] = lambda: model(*given.values(), *many) if many else model(**given)  # noqa: E731  Any: whatever the code gives
    with torch.no_grad(), torch.device(device), FlopCounterMode(display=False) as counter:
        result = call()
    return _types(result, question["outputs"]), counter.get_total_flops()


def _tensor(shape: Sequence[int], dtype: torch.dtype, device: str) -> Tensor:
    if device == "meta":
        return torch.empty(shape, dtype=dtype, device=device)
    if math.prod(shape) > MOST_NUMBERS:
        raise _Refused(f"cannot be tried on {math.prod(shape):,} numbers; make its input smaller")
    if dtype.is_floating_point or dtype.is_complex:
        return torch.randn(shape).to(dtype)
    made = torch.zeros(shape, dtype=dtype)
    return made + 1 if dtype == torch.bool else made  # the index 0 is in every table


def _types(result: object, count: int) -> list[Any]:  # Any: types as JSON
    values = list(result) if isinstance(result, (tuple, list)) else [result]
    if len(values) != count:
        raise _Refused(f"returns {len(values)} values, but declares {count}")
    return [_type(value) for value in values]


def _type(value: object) -> list[Any]:  # Any: a type as JSON
    if not isinstance(value, Tensor):
        raise _Refused(f"must return tensors, but returns {type(value).__name__}")
    return [list(value.shape), str(value.dtype).removeprefix("torch.")]


def _show(types: list[Any]) -> str:  # Any: types as JSON
    return ", ".join("×".join(map(str, shape)) or "scalar" for shape, _ in types)


def _told(error: BaseException) -> str:
    """What went wrong, with the line of the code where that is known."""
    if isinstance(error, _Refused):
        return str(error)
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == FILE
    ]
    text = str(error).strip().partition("\n")[0]
    text = f"{type(error).__name__}: {text}" if text else type(error).__name__
    where = f" in line {lines[-1]}" if lines and lines[-1] else ""
    return f"fails{where} when it is tried: {text[:400]}"


if __name__ == "__main__":
    main()
