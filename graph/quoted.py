"""JSON of ours within a text as chats and mails give it back: fenced, quoted, with curly quotes."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator

MOST_READ, LEAST_READ, DEEP = 4, 200, 20_000
"""How often a text is read in all, and how much each try counts at least."""
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
    start, read = -1, 0
    while read <= MOST_READ * len(text):
        start = text.find("{", start + 1)
        if start < 0:
            return None
        try:
            found, end = _DECODER.raw_decode(text, start)
        except json.JSONDecodeError as error:
            read += error.pos - start + LEAST_READ
            continue
        except (ValueError, RecursionError):  # a number of endless digits; nested too deeply
            read += DEEP
            continue
        read += end - start + LEAST_READ
        if isinstance(found, dict) and key in found:
            return found
    return None
