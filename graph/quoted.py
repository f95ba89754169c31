"""JSON of ours within a text as chats and mails give it back: fenced, quoted, with curly quotes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

MOST_STARTS = 64
LONGEST = 16 * 1024 * 1024
_QUOTE = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
_SPACES = {ord(space): " " for space in "\u00a0\u202f\u2007"}
_CURLY = {ord(mark): '"' for mark in "“”„‟«»＂"} | {ord("‘"): "'", ord("’"): "'"}
_DECODER = json.JSONDecoder(strict=False)


def find_json(text: str, key: str) -> dict[str, object] | None:
    """The first JSON object in a text that has this key; None where there is none.

    What was typed around it, and what a chat did to it, is seen through as far as that is safe:
    curly quotes are made straight only where nothing could be read otherwise.
    """
    if key not in text:
        return None
    for version in _versions(text):
        found = _first(version, key)
        if found is not None:
            return found
    return None


def _versions(text: str) -> Iterator[str]:
    yield text
    if len(text) > LONGEST:
        return
    unquoted = _QUOTE.sub("", text)
    yield unquoted
    clean = unquoted.translate(_INVISIBLE | _SPACES)
    yield clean
    yield clean.translate(_CURLY)
    yield html.unescape(clean)


def _first(text: str, key: str) -> dict[str, object] | None:
    start = -1
    for _ in range(MOST_STARTS):
        start = text.find("{", start + 1)
        if start < 0:
            return None
        try:
            found, _end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and key in found:
            return found
    return None
