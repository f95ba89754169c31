"""Colouring of generated code, line by line."""

from __future__ import annotations

from app.editor.python import Kind, spans, string_starts


def parts(line: str, *, starts_in_string: bool = False) -> list[tuple[str, Kind]]:
    """The texts of the parts that are not plain."""
    found = spans(line, starts_in_string=starts_in_string)
    return [(line[start : start + length], kind) for start, length, kind in found]


def test_a_statement_shows_self_calls_numbers_and_its_comment() -> None:
    line = '        x = self.conv(x, 2, eps=1e-05, mode="same")  # N×32×26×26'
    assert parts(line) == [
        ("self", Kind.SELF),
        ("conv", Kind.CALL),
        ("2", Kind.NUMBER),
        ("1e-05", Kind.NUMBER),
        ('"same"', Kind.STRING),
        ("# N×32×26×26", Kind.COMMENT),
    ]


def test_a_definition_shows_its_name_and_its_types_as_plain_words() -> None:
    assert parts("    def forward(self, x: Tensor) -> None:") == [
        ("def", Kind.KEYWORD),
        ("forward", Kind.NAME),
        ("self", Kind.SELF),
        ("None", Kind.NUMBER),
    ]


def test_a_hash_inside_a_string_starts_no_comment() -> None:
    assert parts('name = "a # b"') == [('"a # b"', Kind.STRING)]


def test_digits_inside_a_name_are_no_number() -> None:
    assert parts("conv1 = x2") == []


def test_a_string_of_several_lines_goes_on_to_its_end() -> None:
    lines = ['"""Title.', "", "More # and 12.", '"""', "x = 1"]
    assert string_starts(lines) == [False, True, True, True, False]
    assert parts(lines[2], starts_in_string=True) == [("More # and 12.", Kind.STRING)]
    assert parts('end""" + 1', starts_in_string=True) == [
        ('end"""', Kind.STRING),
        ("1", Kind.NUMBER),
    ]


def test_quotes_in_a_comment_open_no_string() -> None:
    assert string_starts(['    # Conv “"""” is left out', "x = 1"]) == [False, False]
