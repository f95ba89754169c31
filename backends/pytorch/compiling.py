"""Compiles a model ahead of the first step, or tells why it trains as it is."""

from __future__ import annotations

from collections.abc import Callable

import torch

from backends.pytorch.place import random_state, set_random_state
from backends.pytorch.run import Run


def compile_network(run: Run, learn: Callable[[], object]) -> str:
    """Compiles what training calls; answers why where it cannot be done, and leaves it as it is.

    Args:
        learn: computes gradients of a batch, in which all is compiled; nothing of it stays.
    """
    plain, random = run.network, random_state(run.place.device)
    counted = {buffer: buffer.clone() for buffer in run.model.buffers()}
    run.network = torch.compile(plain)  # type: ignore[assignment]  # a module, as its stubs hide
    run.model.train()
    try:
        learn()
    except RuntimeError as error:  # what compilers raise; what is wrong with the model comes again
        run.network = plain
        torch.compiler.reset()
        reason = str(error).partition("\n")[0].rstrip(".")
        return f"The model trains without being compiled: {reason}."
    finally:
        for learner in run.learners:
            learner.clear()
        with torch.no_grad():
            for buffer, value in counted.items():
                buffer.copy_(value)
        set_random_state(random)
    return ""
