"""JSON that is judged as it is read, and how it is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from typing import Any, TypeGuard

Json = Mapping[str, Any]  # Any: parsed JSON is judged key by key


class Malformed(Exception):
    """A part of a file that has the wrong form."""


def expect(data: Json, key: str, kind: type, default: object, where: str) -> Any:
    # Any: the checked kind, which the caller names
    value = data.get(key, default)
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        shown = str(value)[:60]
        raise Malformed(f"“{key}” of {where} should be {kind.__name__}, but is {shown!r}")
    return value


def is_whole(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def is_number(value: object) -> bool:
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        return False
    return abs(value) <= sys.float_info.max  # a whole number may be too large for isfinite


def natural(id: str) -> tuple[int, str]:
    return (int(id[1:]) if id[1:].isdecimal() and len(id) < 19 else 0, id)


def rows(rows: list[str]) -> str:
    return "[\n" + ",\n".join(rows) + "\n]" if rows else "[]"


def dump(value: object) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def short(number: float) -> float:
    return int(number) if number == int(number) else round(number, 2)
