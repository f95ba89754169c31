"""Names of nodes: identifiers that read well in the generated code and differ in one graph."""

from __future__ import annotations

import keyword
import re
from collections.abc import Container

from graph.problems import UserError

LONGEST_NAME = 60
# Attributes of nn.Module, and the names and functions that generated text uses: a layer called so
# would break it.
RESERVED = frozenset(
    {
        "F", "LearnedEncoding", "Model", "SinusoidalEncoding", "T_destination", "Tensor",
        "add_module", "apply", "batch", "bfloat16", "bool", "buffers", "call_super_init",
        "causal_mask", "children", "compile", "cpu", "cuda", "dict", "double", "dump_patches",
        "enumerate", "eval", "extra_repr", "float", "forward", "get_buffer", "get_extra_state",
        "get_parameter", "get_submodule", "half", "int", "ipu", "isinstance", "len", "list",
        "load_state_dict", "loss", "math", "max", "metrics", "min", "model", "modules", "mtia",
        "named_buffers", "named_children", "named_modules", "named_parameters", "nn", "objective",
        "parameters", "range", "register_buffer", "register_module", "register_parameter",
        "requires_grad_", "reversed", "self", "set_extra_state", "set_submodule", "share_memory",
        "slice", "state_dict", "str", "sum", "super", "to", "to_empty", "torch", "train",
        "training", "tuple", "type", "xpu", "zero_grad", "zip",
    }
)  # fmt: skip


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


def unique(wanted: str, taken: Container[str]) -> str:
    """The wanted name, or with the first free number behind it: conv, conv2, conv3."""
    if wanted not in taken:
        return wanted
    stem = re.sub(r"_?\d+$", "", wanted) or wanted
    separator = "_" if stem[-1].isdigit() else ""
    number = 2
    while f"{stem}{separator}{number}" in taken:
        number += 1
    return f"{stem}{separator}{number}"
