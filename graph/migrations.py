"""Older files brought to the present format, one step a version. Steps are added, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]  # Any: parsed JSON
VERSION = 2

# STEPS[n] turns format n into format n + 1.
# Format 2 brought definitions, repeats and shared weights, which a drawing need not have.
STEPS: Mapping[int, Callable[[Json], Json]] = {1: lambda data: data}


def migrate(data: Json) -> Json:
    """The file's content in the present format."""
    version = data["torchloom"]
    while version < VERSION and version in STEPS:
        data = STEPS[version](data)
        version += 1
    return data
