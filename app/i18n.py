"""Every text a person reads passes here, so that a translation can take its place."""

from __future__ import annotations

from collections.abc import Mapping

_translations: Mapping[str, str] = {}


def use_translations(translations: Mapping[str, str]) -> None:
    """Makes `tr` answer these texts from now on; a text that is missing stays English."""
    global _translations
    _translations = translations


def tr(text: str, **values: object) -> str:
    """The text in the language of the user, with `{name}` replaced by the values."""
    translated = _translations.get(text, text)
    return translated.format(**values) if values else translated


def tr_count(number: int, one: str, many: str) -> str:
    """A text with a number in it: `1 error`, `2 errors`; `many` holds `{n}`."""
    return tr(one) if number == 1 else tr(many, n=number)
