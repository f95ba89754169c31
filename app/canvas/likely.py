"""Which blocks mostly take what a port carries, by its type alone."""

from __future__ import annotations

from collections.abc import Sequence

from graph.registry import default_registry
from graph.tensor import INTEGERS, Sym, TensorType

BATCH = Sym.named("N")
IMAGE = ("conv2d", "normalize", "batch_norm", "patch_embedding", "flatten")
VOLUME = ("conv3d", "normalize", "batch_norm", "max_pool3d", "flatten")
SIGNAL = ("conv1d", "normalize", "batch_norm", "flatten")
SEQUENCE = ("lstm", "gru", "transformer_encoder_layer", "layer_norm")
FEATURES = ("dense", "batch_norm", "normalize", "layer_norm", "dropout")
TOKENS = ("embedding", "one_hot", "cast")
TRUTHS = ("cast", "logical_not", "masked_fill")
FEW_CHANNELS = 2


def likely_after(type_: TensorType | None) -> Sequence[str]:
    """The kinds that stand first in a search after a port of a type, the likeliest first."""
    if type_ is None:
        return ()
    if type_.dtype in INTEGERS:
        return TOKENS
    if type_.dtype == "bool":
        return TRUTHS
    axes = [dim for dim in type_.shape if dim != BATCH]
    match len(axes):
        case 1:
            return FEATURES
        case 2:
            if not isinstance(axes[0], int):
                return SEQUENCE
            return SIGNAL if axes[0] <= FEW_CHANNELS else (*SEQUENCE[:2], "conv1d", *SEQUENCE[2:])
        case 3:
            return IMAGE
        case 4:
            return VOLUME
    return ()


def usual_after(kind: str, type_: TensorType | None, following: Sequence[str]) -> Sequence[str]:
    """What usually stands behind a block: behind a source of data what takes its type.

    Args:
        following: what stands behind blocks of its kind in the gallery, the most usual first.
    """
    block = default_registry().find(kind)
    if block is None or block.inputs:
        return following
    return tuple(dict.fromkeys([*likely_after(type_), *following]))
