"""What the budget tells, as rows of words."""

from __future__ import annotations

from app.budget.bars import Part
from app.human import byte_count, duration, grouped, short_count
from app.i18n import tr, tr_count
from graph.budget import Budget, Plan
from graph.model import Document
from graph.typed import Typing

Fact = tuple[str, str]
SHORTEST_S = 1e-3


def training_parts(found: Budget) -> list[Part]:
    """What training needs, part by part; what there is none of is left out."""
    parts = [
        Part(tr("weights"), found.weights, "linear"),
        Part(
            tr("master weights"), found.master_weights, "norm",
            tr("The copy in float32 that the optimizer changes."),
        ),
        Part(tr("gradients"), found.gradients, "conv"),
        Part(
            tr("optimizer states"), found.optimizer_states, "pool",
            tr("What the optimizer keeps for each weight, such as means of its gradients."),
        ),
        Part(
            tr("activations"), found.activations, "act",
            tr("What is kept of the forward pass until the backward pass."),
        ),
        Part(
            tr("computed again"), found.recomputed, "merge",
            tr("What comes back for a while of the largest block that is computed twice."),
        ),
        Part(
            tr("weight averages"), found.averages, "attention",
            tr("The mean of each weight that EMA or SWA keeps."),
        ),
    ]  # fmt: skip
    return [part for part in parts if part.bytes or part.colour in ("linear", "act")]


def inference_parts(found: Budget) -> list[Part]:
    """What using it needs."""
    cache = Part(
        tr("KV cache"), found.kv_cache, "attention",
        tr("Keys and values of all tokens so far, kept while a text is generated."),
    )  # fmt: skip
    working = Part(
        tr("working memory"), found.working, "merge",
        tr("The inputs and outputs of the block that has most."),
    )  # fmt: skip
    weights = Part(tr("weights"), found.weights, "linear")
    return [weights, *([cache] if found.kv_cache else []), working]


def verdict(found: Budget) -> str:
    """Whether training fits."""
    needed, there = byte_count(found.training), byte_count(found.device_bytes)
    if found.fits:
        return tr("{needed} of {there}", needed=needed, there=there)
    return tr("{needed} does not fit {there}", needed=needed, there=there)


def training_facts(found: Budget, plan: Plan, batch: int, of_batch: Budget) -> list[Fact]:
    """The largest batch, what that of the recipe takes, and the work of a step."""
    needed = byte_count(of_batch.training)
    facts = [
        (tr("largest batch"), rows(found.largest_batch)),
        (tr("batch of the recipe"), tr("{rows}: {needed}", rows=grouped(batch), needed=needed)),
    ]
    if plan.devices > 1 and found.largest_batch:
        everywhere = found.largest_batch * plan.devices
        facts.append((tr("on all devices"), rows(everywhere)))
    facts.append((tr("work of a step"), operations(found.training_flops)))
    if found.step_seconds is not None:
        facts.append((tr("time of a step, at least"), _time(found.step_seconds)))
    return facts


def _time(seconds: float) -> str:
    return duration(seconds) if seconds >= SHORTEST_S else tr("under 1 ms")


def inference_facts(found: Budget) -> list[Fact]:
    """The sum, the largest batch, and the work of a pass."""
    needed, there = byte_count(found.inference), byte_count(found.device_bytes)
    return [
        (tr("together"), tr("{needed} of {there}", needed=needed, there=there)),
        (tr("largest batch"), rows(found.largest_inference)),
        (tr("work of a pass"), operations(found.forward_flops)),
    ]


def rows(count: int | None) -> str:
    """A number of rows."""
    if count is None:
        return tr("any")
    return grouped(count) if count else tr("not even 1")


def operations(count: int) -> str:
    """A number of operations: `2.2 TFLOP`."""
    number, _, suffix = short_count(count).partition(" ")
    return f"{number} {suffix}FLOP"


def missing_note(document: Document, typing: Typing) -> str:
    """How many blocks are not counted, because their types are not known."""
    count = len(typing.graph.nodes) - len(typing.types)
    if not document.graph.nodes:
        return tr("Nothing is drawn yet.")
    if not count:
        return ""
    return tr_count(
        count,
        "1 block is not counted, because it is not finished.",
        "{n} blocks are not counted, because they are not finished.",
    )
