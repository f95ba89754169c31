"""The colours of code in each theme."""

from __future__ import annotations

from collections.abc import Mapping

from app.editor.python import Kind
from app.theme import Theme

DARK: Mapping[Kind, str] = {
    Kind.KEYWORD: "#C792EA",
    Kind.STRING: "#9BD6A3",
    Kind.NUMBER: "#F5A97F",
    Kind.COMMENT: "#8B95A7",
    Kind.NAME: "#6EA8FE",
    Kind.CALL: "#7CCBE8",
    Kind.SELF: "#E5A3B3",
    Kind.GAP: "#F5B83D",
}
LIGHT: Mapping[Kind, str] = {
    Kind.KEYWORD: "#7C3AED",
    Kind.STRING: "#0B7A55",
    Kind.NUMBER: "#B4460A",
    Kind.COMMENT: "#667085",
    Kind.NAME: "#1D4ED8",
    Kind.CALL: "#0B6A94",
    Kind.SELF: "#A8324F",
    Kind.GAP: "#8A5A00",
}


def code_colours(theme: Theme) -> Mapping[Kind, str]:
    """The colour of each kind of part."""
    return DARK if theme.is_dark else LIGHT
