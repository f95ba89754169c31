"""Reads and writes safetensors files with torch alone."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}


def read_weights(path: Path) -> dict[str, Tensor]:
    """The tensors of a safetensors file, by name.

    Raises:
        ValueError: the file is damaged.
    """
    content = bytearray(path.read_bytes())
    try:
        (length,) = struct.unpack_from("<Q", content)
        header = json.loads(bytes(content[8 : 8 + length]))
        found = {}
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            start, end = entry["data_offsets"]
            dtype = DTYPES[entry["dtype"]]
            part = content[8 + length + start : 8 + length + end]
            flat = torch.frombuffer(part, dtype=dtype) if part else torch.empty(0, dtype=dtype)
            found[name] = flat.reshape(entry["shape"]).clone()
    except (struct.error, KeyError, TypeError, ValueError, RuntimeError) as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    return found


def weights_bytes(weights: Mapping[str, Tensor]) -> bytes:
    """The content of a safetensors file with these tensors.

    Raises:
        ValueError: a tensor has a dtype that such files do not know.
    """
    return b"".join(weights_parts(weights))


def weights_parts(weights: Mapping[str, Tensor]) -> Iterator[bytes | memoryview]:
    """The same, piece by piece: what the file holds first, then each tensor.

    Raises:
        ValueError: a tensor has a dtype that such files do not know.
    """
    codes = {dtype: code for code, dtype in DTYPES.items()}
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    offset = 0
    for name, weight in weights.items():
        if weight.dtype not in codes:
            raise ValueError(f"{name} is of {weight.dtype}, which weight files do not hold")
        end = offset + weight.numel() * weight.element_size()
        shape, code = list(weight.shape), codes[weight.dtype]
        header[name] = {"dtype": code, "shape": shape, "data_offsets": [offset, end]}
        offset = end
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    yield struct.pack("<Q", len(text)) + text
    for weight in weights.values():
        flat = weight.detach().cpu().contiguous().flatten()
        if flat.numel():
            # numpy's type does not say that its memory can be looked at
            content: Any = flat.view(torch.uint8).numpy()
            yield memoryview(content)


def write_weights(path: Path, weights: Mapping[str, Tensor]) -> None:
    """Writes a safetensors file whole or not at all."""
    temporary = path.with_name(f".{path.name}.part")
    try:
        temporary.write_bytes(weights_bytes(weights))
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
