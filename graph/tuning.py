"""How the weights of a block start and learn, where that is not as in the rest of the drawing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from graph import edits
from graph.block import Snippet
from graph.fixes import problem_at
from graph.freezing import can_freeze
from graph.model import Document, Node, NodeId
from graph.params import Expr, Form, Plain, Value, param
from graph.problems import Fix, Problem, UserError

DEFAULT = "default"
WITH_GAIN = ("xavier-uniform", "xavier-normal", "orthogonal")
WITH_STD = ("normal", "truncated-normal")


class Tuning(Form):
    """What is said of the weights of a block, or of all that is inside it."""

    learning_rate: float = param(
        default=1.0, ge=0, le=1000, title="Learning rate ×",
        help="What the learning rate is multiplied by for the weights of this block.",
    )  # fmt: skip
    weight_decay: float = param(
        default=1.0, ge=0, le=1000, title="Weight decay ×",
        help="What the weight decay is multiplied by; 0 is none.",
    )  # fmt: skip
    initial: str = param(
        default=DEFAULT,
        choices=(
            DEFAULT, "xavier-uniform", "xavier-normal", "kaiming-uniform", "kaiming-normal",
            "orthogonal", "normal", "truncated-normal", "zeros",
        ),
        title="First weights",
        help="How weights are drawn before the first step; biases are then zero. The default is "
        "that of PyTorch. Xavier suits tanh, Kaiming ReLU.",
    )  # fmt: skip
    gain: float = param(
        default=1.0, gt=0, le=1000, help="What the weights are multiplied by.",
        show_if=lambda form: form.initial in WITH_GAIN,
    )  # fmt: skip
    std: float = param(
        default=0.02, gt=0, le=1000, title="Deviation", help="Standard deviation of the weights.",
        show_if=lambda form: form.initial in WITH_STD,
    )  # fmt: skip
    recompute: bool = param(
        default=False, title="Compute twice",
        help="Keeps what goes in, and computes the rest again for the gradients: much less memory "
        "for about a third more time. Of a block that follows itself each is by itself.",
    )  # fmt: skip


COMPOSITE_ONLY = ("recompute",)


@dataclass(frozen=True)
class Tuned:
    """What a tuning says, as the code has it.

    Attributes:
        learning_rate, weight_decay: what those of the recipe are multiplied by.
        function: what draws the weights of a module; none where they stay as torch draws them.
        argument: what it is given beside the module.
        recompute: whether the block is computed again in the backward pass.
    """

    learning_rate: float = 1.0
    weight_decay: float = 1.0
    function: Snippet | None = None
    argument: float | None = None
    recompute: bool = False


AS_EVER = Tuned()


def tuned(node: Node, variables: Mapping[str, Plain]) -> Tuned:
    """What is said of the weights of a node; a value that is refused says nothing."""
    if not node.tuning:
        return AS_EVER
    try:
        form: Tuning = Tuning.build(node.tuning, variables)
    except UserError:
        return AS_EVER
    argument = form.gain if form.initial in WITH_GAIN else None
    argument = form.std if form.initial in WITH_STD else argument
    function = None if form.initial == DEFAULT else _function(form.initial)
    return Tuned(form.learning_rate, form.weight_decay, function, argument, form.recompute)


def _function(initial: str) -> Snippet:
    """A function that draws the weights of a module in that way."""
    name = f"init_{initial.replace('-', '_')}"
    given, call, about = {
        "xavier-uniform": (", gain: float", "xavier_uniform_(weight, gain)", "Glorot's"),
        "xavier-normal": (", gain: float", "xavier_normal_(weight, gain)", "Glorot's"),
        "kaiming-uniform": (
            "", 'kaiming_uniform_(weight, nonlinearity="relu")', "He's, for ReLU",
        ),
        "kaiming-normal": ("", 'kaiming_normal_(weight, nonlinearity="relu")', "He's, for ReLU"),
        "orthogonal": (", gain: float", "orthogonal_(weight, gain)", "orthogonal"),
        "normal": (", std: float", "normal_(weight, std=std)", "normally distributed"),
        "truncated-normal": (
            ", std: float", "trunc_normal_(weight, std=std, a=-2 * std, b=2 * std)",
            "normally distributed within two deviations",
        ),
        "zeros": ("", "zeros_(weight)", "zero"),
    }[initial]  # fmt: skip
    return Snippet(
        name,
        f'''def {name}(module: nn.Module{given}) -> nn.Module:
    """Makes first weights that are {about}, and biases that are zero."""
    for name, weight in module.named_parameters():
        if weight.dim() > 1:
            nn.init.{call}
        elif "bias" in name:
            nn.init.zeros_(weight)
    return module
''',
    )


def set_tuning(document: Document, ids: Iterable[NodeId], name: str, value: Value) -> Document:
    """The document with one value of the tuning of these blocks set; a default is not stored.

    Blocks without weights are passed over; those that use the same weights follow.

    Raises:
        UserError: the value is refused, or none of the blocks has weights.
    """
    declared = Tuning.params[name]
    if not isinstance(value, Expr):
        value = declared.check(value)
    nodes = dict(document.graph.nodes)
    chosen = [id for id in ids if can_freeze(document, nodes[id])]
    if not chosen:
        raise UserError("None of these blocks has weights that could start or learn otherwise.")
    for id in edits.sharing(document, chosen):
        values = {key: old for key, old in nodes[id].tuning.items() if key != name}
        if value != declared.default:
            values[name] = value
        nodes[id] = replace(nodes[id], tuning=values)
    return document.with_graph(nodes)


def problems_of_tuning(document: Document) -> Iterator[Problem]:
    """Values of tunings that are refused."""
    is_tuned = document.graph.census.is_tuned
    for node in document.graph.nodes.values() if is_tuned else ():
        for name, value in node.tuning.items():
            declared = Tuning.params.get(name)
            if declared is None:
                continue  # of a later version; it is kept
            try:
                declared.resolve(value, document.variables)
            except UserError as error:
                reset = partial(set_tuning, ids=[node.id], name=name, value=declared.default)
                fix = Fix(f"Set {declared.title} back to {declared.default}", reset)
                text = f"has weights that cannot learn so: {error}"
                yield problem_at(document, node.id, "tuning", text, fixes=(fix,))
