"""Where a training run computes: device, threads, memory format and random numbers."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass

import torch
from torch import Tensor, nn

MIXED = {"bfloat16": torch.bfloat16, "float16": torch.float16}


class CannotTrain(Exception):
    """The model, the data or the device does not allow the run."""


def pick_device(wanted: str) -> torch.device:
    """The device of that name; `auto` takes the fastest there is."""
    found = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available()}
    if wanted == "auto":
        wanted = next((name for name, there in found.items() if there), "cpu")
    if not found.get(wanted, True):
        raise CannotTrain(f"This computer has no device “{wanted}” that PyTorch can use.")
    return torch.device(wanted)


def pick_threads(wanted: int, work: int) -> int:
    """Processor threads: as wanted, or all cores but one; tiny work is faster on a single one."""
    affinity = getattr(os, "sched_getaffinity", None)
    cores = len(affinity(0)) if affinity else os.cpu_count() or 1
    processes = int(os.environ.get("LOCAL_WORLD_SIZE", "1"))  # that torchrun has started here
    return wanted or (1 if work < 1 << 18 else max(1, (cores - 1) // processes))


def pick_memory_format(wanted: str, model: nn.Module, device: torch.device) -> torch.memory_format:
    """How images lie in memory.

    Channels last is taken for 2D convolutions: steps of small ones at batch 64 took 0.72 to 0.82
    of the time on a CPU, and CUDA's tensor cores want it. It is a rule, not a race at run time,
    because the two round differently and runs are to be repeatable.
    """
    convolves = any(isinstance(part, (nn.Conv2d, nn.ConvTranspose2d)) for part in model.modules())
    last = convolves and device.type != "mps" if wanted == "auto" else wanted == "channels-last"
    return torch.channels_last if last else torch.contiguous_format


@dataclass(frozen=True)
class Place:
    """Where a model lies: its device, the threads it computes with, and how images lie there."""

    device: torch.device
    threads: int
    images: torch.memory_format


def place_model(
    model: nn.Module, device: str, threads: int, memory_format: str, batch_size: int
) -> Place:
    """Moves the model to the device and sets the threads that this thread computes with."""
    target = pick_device(device)
    images = pick_memory_format(memory_format, model, target)
    work = batch_size * sum(weight.numel() for weight in model.parameters())
    place = Place(target, pick_threads(threads, work), images)
    torch.set_num_threads(place.threads)
    model.to(target)
    for weight in model.parameters():
        if weight.dim() == 4:  # `model.to` would try volumes too, and fail
            # `contiguous` would leave a single channel as it is, and so the layer in doubt
            weight.data = weight.data.to(memory_format=images)
    return place


@contextmanager
def computing(precision: str, *, deterministic: bool) -> Iterator[None]:
    """How all of PyTorch computes as long as a run goes on."""
    before = torch.get_float32_matmul_precision()
    was = torch.are_deterministic_algorithms_enabled()
    torch.set_float32_matmul_precision("high" if precision == "tf32" else before)
    if deterministic:
        os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # or CUDA would refuse
        torch.use_deterministic_algorithms(True)
    try:
        yield
    finally:
        torch.set_float32_matmul_precision(before)
        torch.use_deterministic_algorithms(was)


def autocast(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """Computes in half as many bits where that does no harm, if that is the precision."""
    if precision not in MIXED:
        return nullcontext()
    return torch.autocast(device.type, MIXED[precision])


def seed_random(seed: int, device: torch.device) -> None:
    """Starts the random numbers of the processor and of the device anew.

    `torch.manual_seed` would look at all devices, which takes as long as two small steps.
    """
    torch.default_generator.manual_seed(seed)
    if device.type != "cpu":
        getattr(torch, device.type).manual_seed(seed)


def random_state(device: torch.device) -> dict[str, Tensor]:
    """Where the random numbers of the processor and of the device stand."""
    state = {"cpu": torch.get_rng_state()}
    if device.type != "cpu":
        state[device.type] = getattr(torch, device.type).get_rng_state()
    return state


def set_random_state(state: Mapping[str, Tensor]) -> None:
    """Goes back to where random numbers stood."""
    torch.set_rng_state(state["cpu"])
    for name in ("cuda", "mps"):
        if name in state and getattr(torch, name).is_available():
            getattr(torch, name).set_rng_state(state[name])
