"""How a network is to be trained and on what, as a form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from graph.budget import GIB, OPTIMIZERS, Plan, Precision
from graph.params import Form, param
from graph.problems import UserError

DRAWN = "as drawn"
GPU, CPU = "GPU", "CPU"
TERA = 1e12


class PlanForm(Form):
    """Precision, optimizer and devices."""

    precision: str = param(
        default=Precision.FLOAT32.value,
        choices=tuple(each.value for each in Precision),
        help="The numbers that it is trained in; mixed is bfloat16 beside a copy of the weights "
        "and the states of the optimizer in float32.",
    )
    optimizer: str = param(
        default=DRAWN,
        choices=(DRAWN, *OPTIMIZERS),
        help="What keeps numbers for each weight; as drawn is that of the recipe or of the "
        "Optimizer blocks.",
    )
    device: str = param(
        default=GPU, choices=(GPU, CPU),
        help="A GPU fuses attention and keeps dropout as truth values; the CPU keeps more.",
    )  # fmt: skip
    memory: float = param(
        default=80.0, gt=0, le=1e9, unit="GiB", title="Device memory", help="Memory of one device."
    )
    devices: int = param(
        default=1, ge=1, le=1_000_000,
        help="Over how many devices weights, gradients and states are divided, as FSDP and ZeRO 3 "
        "do. Each has a batch of its own.",
    )  # fmt: skip
    speed: float = param(
        default=0.0, ge=0, le=1e9, unit="TFLOP/s",
        help="Operations that one device does in a second, for the time of a step; 0 if unknown.",
    )  # fmt: skip


def plan_text(values: Mapping[str, object]) -> str:
    """The values of the form as text, to be kept; empty while one of them is refused."""
    try:
        form: PlanForm = PlanForm.build(values)
    except UserError:
        return ""
    return json.dumps(form.values())


def plan_values(text: str) -> dict[str, object]:
    """The values that were kept; none where the text tells nothing."""
    try:
        found = json.loads(text)
        form: PlanForm = PlanForm.build(found if isinstance(found, dict) else {})
    except (ValueError, RecursionError, UserError):
        return {}
    return {name: value for name, value in form.values().items() if name in found}


def plan_of(values: Mapping[str, object]) -> Plan:
    """The plan that the values of the form say.

    Raises:
        UserError: one of them is refused.
    """
    form: PlanForm = PlanForm.build(values)
    return Plan(
        Precision(form.precision),
        "" if form.optimizer == DRAWN else form.optimizer,
        int(form.memory * GIB),
        form.devices,
        form.speed * TERA,
        form.device == GPU,
    )
