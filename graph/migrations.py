"""Older files brought to the present format, one step a version. Steps are added, never changed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Json = Mapping[str, Any]  # Any: parsed JSON
VERSION = 1

# STEPS[n] turns format n into format n + 1.
STEPS: Mapping[int, Callable[[Json], Json]] = {}


def migrate(data: Json) -> Json:
    """The file's content in the present format."""
    version = data["torchloom"]
    while version < VERSION and version in STEPS:
        data = STEPS[version](data)
        version += 1
    return data
