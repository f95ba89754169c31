"""What torch says of a block's code, and where a drawing may refuse what torch accepts."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

from backends.pytorch.trial import Trial, model_of, run, source_of, tensors_for, type_of
from graph.block import Block
from graph.problems import Refusal
from graph.tensor import T, TensorType

STRICTER: Mapping[str, str] = {
    "needs floating-point": "Some functions of torch convert whole numbers and others refuse them; "
    "a drawing refuses them wherever the result is a real number.",
    "has weights of float32": "Models are made in float32; an input of another float would pass "
    "one layer and not the next.",
    "needs a sequence (N": "Torch takes one sample without a batch axis; drawings always have one.",
    "needs an image (N": "The same.",
    "needs a volume (N": "The same.",
    "leaves nothing": "Torch lets tensors be empty, from which nothing can be learned.",
}
# Torch says so once and goes on; it refuses nothing.
_REMARKS = "Using padding='same' with even kernel lengths"


def is_stricter(block: type[Block], refusal: Refusal) -> bool:
    """Whether this refusal is meant to go further than torch, here or by the block's own word."""
    return any(part in refusal.text for part in (*STRICTER, *block.stricter))


def ask_torch(trial: Trial) -> tuple[TensorType, ...] | Exception:
    """The types torch gives for inputs of known sizes, or the error with which it refuses them.

    The CPU decides, for on the meta device torch overlooks wrong dtypes; the meta device decides
    where the CPU only lacks a kernel for half precision.
    """
    try:
        return _ask(trial, "cpu")
    except Exception as error:  # noqa: BLE001 - torch refuses by errors of every kind
        if not any(half in str(error) for half in ("'Half'", "'BFloat16'")):
            return error
    try:
        return _ask(trial, "meta")
    except Exception as error:  # noqa: BLE001 - as above
        return error


def _ask(trial: Trial, device: str) -> tuple[TensorType, ...]:
    source = source_of(trial, dict.fromkeys(trial.block.output_ports(), T()))
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", _REMARKS)
        found = run(model_of(source, device), tensors_for(trial, device, largest=0))
    return tuple(type_of(tensor) for tensor in found)
