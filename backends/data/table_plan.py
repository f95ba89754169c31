"""Which columns of a table are used and how, by what a person chose and what the table holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from backends.data.csv_notes import odd_number
from backends.data.csv_survey import MOST_CATEGORIES, MOST_DISTINCT, CsvColumn, Kind, Survey
from backends.data.readers.cells import LARGEST_NUMBER, NUMBER
from graph.problems import UserError

MOST_WHOLE_CLASSES = 20
MOST_NAMED = 50
UNUSABLE: dict[Kind, str] = {
    "text": "text",
    "date": "date",
    "empty": "empty",
    "ignored": "ignored",
    "nested": "lists, records or bytes",
}


@dataclass(frozen=True)
class Keys:
    """The columns by which rows are parted; empty where they are not."""

    group: str = ""
    order_by: str = ""
    stage: str = ""

    def names(self) -> list[str]:
        """Those that are chosen."""
        return [name for name in (self.group, self.order_by, self.stage) if name]


@dataclass(frozen=True)
class Plan:
    """Which columns of a table are used and how; `left_out` says which are not, and why."""

    survey: Survey
    numbers: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]
    target: CsvColumn
    classes: tuple[str, ...]
    left_out: tuple[str, ...] = ()
    dates: tuple[str, ...] = ()
    more_targets: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keys: Keys = Keys()

    def used(self) -> list[CsvColumn]:
        """The columns that x and y are made of."""
        names = {*self.numbers, *self.dates, *self.categories, *self.answers()}
        return [column for column in self.survey.columns if column.name in names]

    def answers(self) -> dict[str, tuple[str, ...]]:
        """The columns to predict with their classes; none for those that are numbers."""
        return {self.target.name: self.classes, **self.more_targets}

    def with_gaps(self) -> tuple[str, ...]:
        """The columns to learn from that have gaps."""
        answers = self.answers()
        return tuple(c.name for c in self.used() if c.missing and c.name not in answers)


def plan(
    survey: Survey,
    target: str,
    columns: tuple[str, ...] = (),
    kind: str = "auto",
    *,
    more: tuple[str, ...] = (),
    kinds: Mapping[str, Kind] = MappingProxyType({}),
    keys: Keys = Keys(),
) -> Plan:
    """Which columns to use and how.

    Args:
        columns: the features; empty for all that can be used.
        kind: "class", "number", or "auto" to choose by the target's values.
        more: further columns to predict.
        kinds: what the person says that columns hold.

    Raises:
        UserError: an unknown column, or one that cannot be used.
    """
    survey = retyped(survey, kinds)
    answer = _column(survey, target, "The target")
    further = [_column(survey, name, "A further target") for name in more]
    answers = [answer, *further]
    chosen = [_column(survey, name, "A chosen column") for name in columns]
    for column in answers:
        if column in chosen:
            raise UserError(
                f"“{column.name}” is the target; take it out of the columns to learn from."
            )
        if answers.count(column) > 1:
            raise UserError(f"“{column.name}” is named twice as a target; once is enough.")
        if column in further and column.name in ("x", "y"):
            raise UserError(
                f"A further target cannot be called “{column.name}”, as features are x and the "
                "first target is y; rename the column in the file."
            )
    keys = Keys(*(_key(survey, name) for name in (keys.group, keys.order_by, keys.stage)))
    apart = {*keys.names()} - {column.name for column in answers}
    features, left_out = (chosen, []) if chosen else _all_usable(survey, answers, apart)
    for column in features:
        _check_usable(column)
    if not features:
        raise UserError(
            f"“{survey.path.name}” has no column to learn from besides “{answer.name}”: "
            f"{', '.join(left_out) or 'there is only one column'}."
        )
    of_kind = {
        each: [column for column in features if column.kind == each]
        for each in ("number", "date", "category")
    }
    return Plan(
        survey,
        tuple(column.name for column in of_kind["number"]),
        {column.name: column.values for column in of_kind["category"]},
        answer,
        _classes(answer, survey.rows, kind),
        tuple(left_out),
        tuple(column.name for column in of_kind["date"]),
        {column.name: _classes(column, survey.rows, "auto") for column in further},
        keys,
    )


def retyped(survey: Survey, kinds: Mapping[str, Kind]) -> Survey:
    """The survey with columns of the kinds that a person says they have.

    Raises:
        UserError: an unknown column, or one that cannot be of that kind.
    """
    said = {_column(survey, name, "A column of kinds").name: kind for name, kind in kinds.items()}
    columns = tuple(
        replace(column, kind=said[column.name], counts_rows=False, is_said=True)
        if column.name in said
        else column
        for column in survey.columns
    )
    for column in columns:
        if said.get(column.name) == "category" and column.distinct >= MOST_DISTINCT:
            raise UserError(
                f"“{column.name}” has {MOST_DISTINCT} different values or more, too many for a "
                "category; use it as a number, or ignore it."
            )
    return replace(survey, columns=columns)


def _key(survey: Survey, name: str) -> str:
    return _column(survey, name, "A column to part rows by").name if name else ""


def _all_usable(
    survey: Survey, targets: list[CsvColumn], apart: set[str]
) -> tuple[list[CsvColumn], list[str]]:
    """The columns to learn from where none are chosen, and which are left out, with the reason."""
    others = [c for c in survey.columns if c not in targets and c.name not in apart]
    odd = {c.name: odd_number(c, survey.dialect.decimal) for c in others if c.kind == "text"}
    unusable = {c.name: odd.get(c.name) or UNUSABLE[c.kind] for c in others if c.kind in UNUSABLE}
    said = {c.name for c in others if c.kind == "date" and c.is_said}
    unusable = {name: reason for name, reason in unusable.items() if name not in said}
    usable = [column for column in others if column.name not in unusable]
    features = [column for column in usable if not column.counts_rows] or usable
    learned = {column.name for column in features}
    reasons = {
        c.name: unusable.get(c.name, "counts the rows") for c in others if c.name not in learned
    }
    return features, [f"“{name}” ({reason})" for name, reason in reasons.items()]


def _column(survey: Survey, name: str, what: str) -> CsvColumn:
    found = survey.find(name)
    if found is None:
        names = survey.names()
        more = f" and {len(names) - MOST_NAMED:,} more" if len(names) > MOST_NAMED else ""
        raise UserError(
            f"{what} “{name}” is no column of “{survey.path.name}”; "
            f"it has {', '.join(names[:MOST_NAMED])}{more}."
        )
    return found


def _check_usable(column: CsvColumn) -> None:
    if column.kind == "number" and column.text_at is not None:
        raise _has_text(column)
    if column.kind in ("text", "empty", "ignored", "nested"):
        holds = {
            "text": f"{column.distinct} different texts; at most {MOST_CATEGORIES} can be used",
            "empty": "nothing",
            "ignored": "what you said is to be ignored",
            "nested": "lists, records or bytes, where one value is needed",
        }[column.kind]
        raise UserError(f"Column “{column.name}” cannot be used: it holds {holds}. Leave it out.")


def _has_text(column: CsvColumn) -> UserError:
    row, cell = column.text_at or (0, "")
    if NUMBER.fullmatch(cell.replace(",", ".")):
        return UserError(
            f"Column “{column.name}” has the number “{cell[:40]}” in row {row}, which is too "
            f"large; numbers go up to {LARGEST_NUMBER:.2g}. Correct that, or leave the column out."
        )
    more = f"; {column.texts} of its cells are no numbers" if column.texts > 1 else ""
    return UserError(
        f"Column “{column.name}” has text in row {row} (“{cell[:40]}”){more}. "
        "Correct that, or leave the column out."
    )


def _classes(target: CsvColumn, rows: int, kind: str) -> tuple[str, ...]:
    few_whole = target.whole and target.distinct <= min(MOST_WHOLE_CLASSES, rows / 5)
    number = target.kind == "number" and (kind == "number" or not few_whole)
    if target.kind == "nested":
        raise UserError(
            f"The target “{target.name}” holds lists, records or bytes; what is predicted must be "
            "one class or number in each row."
        )
    if target.kind == "empty":
        raise UserError(f"The target “{target.name}” is empty in every row; choose another column.")
    if kind == "number" or (kind == "auto" and number):
        if target.text_at is not None:
            raise _has_text(target)
        return ()
    if target.distinct >= MOST_DISTINCT:
        raise UserError(
            f"The target “{target.name}” has {MOST_DISTINCT} different values or more; "
            "classes need fewer. Predict it as a number, or choose another column."
        )
    if target.distinct < 2:
        raise UserError(
            f"The target “{target.name}” has only the value “{target.values[0]}”; "
            "there must be at least two classes."
        )
    return target.values
