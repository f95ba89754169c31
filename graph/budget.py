"""What it takes to train a drawing and to use it: memory by part, the largest batch, the time."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph.needs import Needs
from graph.optimizing import Optimizing
from graph.saved import at_sizes

GIB = 1 << 30
MOST_ROWS = 1 << 30
BATCH = "N"
FLOPS_OF_A_PRODUCT = 2
TRAINING_PASSES = 3
"""A forward pass, and one as long for the gradients of the inputs and for those of the weights."""


class Precision(StrEnum):
    """In what numbers a network is trained.

    Mixed is what large models are trained in: weights, gradients and activations in bfloat16,
    beside a copy of the weights and the states of the optimizer in float32.
    """

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"
    MIXED = "mixed"

    @property
    def number_bytes(self) -> int:
        """What a weight, a gradient or an activation takes."""
        return 4 if self is Precision.FLOAT32 else 2

    @property
    def state_bytes(self) -> int:
        """What a number takes that the optimizer keeps."""
        return 2 if self is Precision.BFLOAT16 else 4


OPTIMIZERS: Mapping[str, int] = {
    "sgd": 0,
    "sgd with momentum": 1,
    "rmsprop": 1,
    "rmsprop with momentum": 2,
    **{
        name: Optimizing(optimizer=name).states()
        for name in ("adam", "adamw", "nadam", "radam", "adagrad", "lion", "muon",
                     "schedule-free-adamw", "schedule-free-sgd")
    },
}  # fmt: skip
"""How many numbers an optimizer keeps for each weight."""


@dataclass(frozen=True)
class Plan:
    """How a network is to be trained, and on what.

    Attributes:
        optimizer: one of `OPTIMIZERS`; empty for that of the drawing.
        device_bytes: the memory of one device.
        devices: over how many the weights, gradients and states are divided, as FSDP and ZeRO 3
            do; each has a batch, and the activations of it, of its own.
        device_flops: operations a second that one device does; 0 where that is not known.
        on_gpu: whether the devices are GPUs, which fuse what the CPU keeps in between.
    """

    precision: Precision = Precision.FLOAT32
    optimizer: str = ""
    device_bytes: int = 80 * GIB
    devices: int = 1
    device_flops: float = 0.0
    on_gpu: bool = True


@dataclass(frozen=True)
class Budget:
    """Bytes on each device, operations, and what fits.

    Attributes:
        master_weights: the copy in float32 that mixed precision keeps.
        averages: the means of weights that the recipe asks for.
        recomputed: the most that comes back at once of blocks that are computed twice.
        kv_cache: what attention remembers while a sequence is generated.
        working: the largest inputs and outputs of one block, which a forward pass needs at once.
        largest_batch: rows on each device with which training fits; 0 where not one does, None
            where there may be any number.
        largest_inference: rows with which a forward pass fits, likewise.
        forward_flops: operations of a forward pass, a product and a sum being two.
        training_flops: operations of a training step on each device.
        step_seconds: how long such a step takes at full speed; None where that is not known.
    """

    weights: int
    master_weights: int
    gradients: int
    optimizer_states: int
    averages: int
    activations: int
    recomputed: int
    kv_cache: int
    working: int
    device_bytes: int
    largest_batch: int | None
    largest_inference: int | None
    forward_flops: int
    training_flops: int
    step_seconds: float | None

    @property
    def training(self) -> int:
        """All that training needs on each device."""
        divided = self.weights + self.master_weights + self.gradients + self.optimizer_states
        return divided + self.averages + self.activations + self.recomputed

    @property
    def inference(self) -> int:
        """All that a forward pass without gradients needs on each device."""
        return self.weights + self.kv_cache + self.working

    @property
    def fits(self) -> bool:
        """Whether training fits the memory of a device."""
        return self.training <= self.device_bytes


def budget(needs: Needs, sizes: Mapping[str, int], plan: Plan) -> Budget:
    """What a drawing takes at these sizes, of which N is the batch of each device."""
    here = needs.at({name: size for name, size in sizes.items() if name != BATCH})
    rows = sizes.get(BATCH, 1)
    number, state = plan.precision.number_bytes, plan.precision.state_bytes
    trainable = here.parameters - here.frozen
    kept = here.states if not plan.optimizer else OPTIMIZERS[plan.optimizer] * trainable
    is_mixed = plan.precision is Precision.MIXED

    def share(numbers: int, each: int) -> int:
        return -(-numbers * each // plan.devices)

    weights = share(here.parameters, number)
    masters = share(trainable, state) if is_mixed else 0
    gradients = share(trainable, number)
    states = share(kept, state)
    averages = share(here.averages, state)

    def activations(n: int) -> int:
        return here.activations.at({BATCH: n}, number, plan.on_gpu)

    def recomputed(n: int) -> int:
        again = (part.at({BATCH: n}, number, plan.on_gpu) for part in here.again)
        return max(again, default=0)

    def cached(n: int) -> int:
        return at_sizes(here.kv_cache, {BATCH: n}) * number

    def working(n: int) -> int:
        return max((step.at({BATCH: n}, number) for step in here.steps), default=0)

    left = plan.device_bytes - (weights + masters + gradients + states + averages)
    left_without_gradients = plan.device_bytes - weights
    products = at_sizes(here.products, {BATCH: rows})
    flops = FLOPS_OF_A_PRODUCT * products
    training_flops = TRAINING_PASSES * flops
    return Budget(
        weights,
        masters,
        gradients,
        states,
        averages,
        activations(rows),
        recomputed(rows),
        cached(rows),
        working(rows),
        plan.device_bytes,
        largest_batch(lambda n: activations(n) + recomputed(n), left),
        largest_batch(lambda n: cached(n) + working(n), left_without_gradients),
        flops,
        training_flops,
        training_flops / plan.device_flops if plan.device_flops > 0 else None,
    )


def largest_batch(needed: Callable[[int], int], left: int) -> int | None:
    """The most rows whose memory is not more than what is left; None if a billion fit too."""
    if needed(1) > left:
        return 0
    if needed(MOST_ROWS) <= left:
        return None
    low, high = 1, MOST_ROWS
    while high - low > 1:
        middle = (low + high) // 2
        if needed(middle) <= left:
            low = middle
        else:
            high = middle
    return low
