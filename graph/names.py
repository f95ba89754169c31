"""Names of nodes: identifiers that read well in the generated code and differ in one graph."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container, Iterable
from functools import lru_cache

from graph.problems import UserError

LONGEST_NAME = 60
# Attributes of nn.Module, and the names and functions that generated text uses: a layer called so
# would break it.
RESERVED = frozenset(
    {
        "ClassToken", "F", "GaussianNoise", "GroupedQueryAttention", "LearnedEncoding",
        "MelFilterBank", "MixtureOfExperts", "Model", "Ramp", "RelativeBias", "Reparameterize",
        "RotaryAttention", "SelectiveStateSpace", "SinusoidalEncoding", "Spectrogram",
        "StochasticDepth", "T_destination", "Tensor", "TrainOrEvaluate",
        "WeightStandardisedConv2d", "add_module",
        "apply", "attend_linearly", "attend_linearly_so_far", "batch", "bfloat16", "bool",
        "buffers", "call_super_init", "causal_mask", "children", "class_counts", "compile", "cpu",
        "cuda", "dice_distance", "dict", "double", "dump_patches", "encode_steps", "enumerate",
        "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
        "get_parameter", "get_submodule", "half", "int", "ipu", "isinstance", "len", "list",
        "load_state_dict", "loss", "math", "max", "metrics", "min", "model", "modules", "mtia",
        "mu_law_decode", "mu_law_encode", "named_buffers", "named_children", "named_modules",
        "named_parameters", "nn", "objective", "pair_surprise", "parameters", "range",
        "register_buffer", "register_module", "register_parameter", "requires_grad_", "reversed",
        "rotate_halves", "rotate_pairs", "self", "set_extra_state", "set_submodule",
        "share_memory", "slice", "state_dict", "str", "subtract_distances", "sum", "super", "to",
        "to_empty", "torch", "train", "training", "tuple", "type", "view_surprise", "xpu",
        "zero_grad", "zip",
    }
)  # fmt: skip


@lru_cache(1 << 16)  # a drawing asks for all its names after every edit
def is_usable(name: str) -> bool:
    """Whether a name can stand in code: an ASCII identifier, no keyword, nothing reserved."""
    return (
        name.isascii()
        and name.isidentifier()
        and not name.startswith(("_", "register_"))
        and not keyword.iskeyword(name)
        and len(name) <= LONGEST_NAME
        and name not in RESERVED
    )


def check_name(name: str) -> str:
    """The name, stripped.

    Raises:
        UserError: it cannot stand in code; the text offers one that can.
    """
    name = name.strip()
    if is_usable(name):
        return name
    raise UserError(
        f"“{name[:LONGEST_NAME]}” cannot name a block: a name has letters, digits and _, starts "
        f"with a letter and is no word of Python or PyTorch; “{usable(name)}” would do."
    )


def usable(text: str, fallback: str = "block") -> str:
    """A name that can stand in code, as near to the text as possible."""
    name = re.sub(r"\W+", "_", text, flags=re.ASCII).strip("_").lower()[: LONGEST_NAME - 4]
    if not name:
        return fallback
    if name[0].isdigit():
        name = f"{fallback}_{name}"
    return name if is_usable(name) else f"{name}_1"


def snake(name: str) -> str:
    """The name of a class in the style of attributes: `DenseLayer` is `dense_layer`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()


class Free:
    """Hands out names that differ; for many at once, which `unique` would look for from 2 on."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._taken = set(taken)
        self._next: dict[str, int] = {}

    def take(self, wanted: str) -> str:
        """The wanted name, or what `unique` would make of it; taken from now on."""
        if wanted in self._taken:
            stem = _stem(wanted)
            number = self._next.get(stem, 2)
            while f"{stem}{number}" in self._taken:
                number += 1
            self._next[stem] = number + 1
            wanted = f"{stem}{number}"
        self._taken.add(wanted)
        return wanted


def unique(wanted: str, taken: Container[str]) -> str:
    """The wanted name, or with the first free number behind it: conv, conv2, conv3."""
    if wanted not in taken:
        return wanted
    stem = _stem(wanted)
    number = 2
    while f"{stem}{number}" in taken:
        number += 1
    return f"{stem}{number}"


def _stem(name: str) -> str:
    """The name without its number, with what must stand before another."""
    stem = re.sub(r"_?\d+$", "", name) or name
    return f"{stem}_" if stem[-1].isdigit() else stem
