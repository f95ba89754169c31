"""What a person reads when a run fails: the block, what is wrong, and what to try."""

from __future__ import annotations

import re
import traceback
from dataclasses import dataclass

import torch

from backends.pytorch.code_lines import line_in_code
from backends.pytorch.compile import Built
from backends.pytorch.place import CannotTrain
from backends.pytorch.prepare import BlockError, Prepared
from graph.edits import label
from graph.model import NodeId
from graph.problems import UserError

# Parts of torch's messages, and what they mean to somebody who drew the model.
MEANINGS = {
    r"Expected more than 1 value per channel": (
        "learns from the spread between rows, but a batch has a single one. "
        "Take a batch size, and data, of at least 2 rows, or use Layer norm"
    ),
    r"Target (-?\d+) is out of bounds": (
        "received the class {0}, for which it has no logit. Classes count from 0: give the layer "
        "before it one output for each class, or correct the data"
    ),
    r"index out of range in self": (
        "received an index outside its table. Indices count from 0: make the vocabulary larger "
        "than the largest index, or correct the data"
    ),
}
NO_GRADIENT = r"does not require grad"
MEMORY = r"can't allocate memory|not enough memory|out of memory|failed to allocate"
LOST_DEVICE = r"device-side assert"
GONE_DEVICE = r"(CUDA|HIP|MPS|XPU|cuDNN|NCCL)( driver)? error: ([^\n]*)"


@dataclass(frozen=True)
class Failure:
    """A failure as a person reads it; `details` is the traceback of what nobody foresaw."""

    text: str
    node: NodeId | None = None
    details: str = ""


def explain(
    error: BaseException, prepared: Prepared | None, built: Built | None, step: int | None = None
) -> Failure:
    """What to tell of an error that ended a run; `step` is the one it was to do next."""
    node = _node(error, built)
    if _is_memory(error):
        return Failure(_memory_text(prepared, node, step), node)
    if isinstance(error, BlockError):
        return Failure(str(error), node)
    if isinstance(error, (UserError, CannotTrain)):
        return Failure(str(error))
    text = str(error).strip()
    if re.search(LOST_DEVICE, text):
        return Failure(
            "The GPU refused an index that is out of range, and cannot be used until the program "
            "is started anew. Train on the CPU once to see the block and the value.",
            node,
        )
    if gone := re.search(GONE_DEVICE, text):
        return Failure(
            f"The device can no longer be used: {gone[1]} says “{gone[3].rstrip('.')}”. Start the "
            "program anew or train on another device; the last checkpoint can be gone on with.",
            node,
            _details(error),
        )
    if re.search(NO_GRADIENT, text):
        return Failure(
            "The loss does not depend on any weight, so there is nothing to learn. Wire it to the "
            "answer of the layers."
        )
    if node is None or prepared is None:
        text = f"Training ended with an unexpected error: {_named(error)}"
        return Failure(text, None, _details(error))
    block = label(prepared.document, node)
    for pattern, meaning in MEANINGS.items():
        found = re.search(pattern, text)
        if found:
            return Failure(f"{block} {meaning.format(*found.groups())}.", node)
    line = line_in_code(error, prepared.document)
    where = f" in line {line} of its code" if line else ""
    return Failure(f"{block} failed{where}: {_named(error)}", node, _details(error))


def _node(error: BaseException, built: Built | None) -> NodeId | None:
    if isinstance(error, BlockError):
        return error.node
    found = built.explain(error)[0] if built else None
    return NodeId(found) if found is not None else None


def _is_memory(error: BaseException | None) -> bool:
    """Whether the error, or what it was raised from, is a want of memory."""
    while error is not None:
        if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
            return True
        if isinstance(error, RuntimeError) and re.search(MEMORY, str(error)):
            return True
        error = error.__cause__
    return False


def _memory_text(prepared: Prepared | None, node: NodeId | None, step: int | None) -> str:
    if prepared is None:
        return "The memory is not enough. Close other programs, or use less data."
    where = f" at step {step}" if step is not None else ""
    where += f", in {label(prepared.document, node)}" if node is not None else ""
    return (
        f"The memory is not enough for a batch size of {prepared.recipe.batch_size}{where}. "
        "Try a smaller batch size, smaller layers, or another device."
    )


def _named(error: BaseException) -> str:
    text = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _details(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
