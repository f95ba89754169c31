"""How a source parts its rows: declared once for every source that a person can part."""

from __future__ import annotations

from backends.data.readers.splitting import Split
from graph.params import Form, param

WITHOUT_COLUMNS = ("auto", "random", "stratified", "in order")
WITH_COLUMNS = (*WITHOUT_COLUMNS, "by group", "as given")


def _has_share(form: Splitting) -> bool:
    return not form.folds and form.split != "as given"


class SplitKind(Form):
    """By what rows are parted; forms show the columns that this may need right behind it."""

    split: str = param(
        default="auto",
        choices=WITHOUT_COLUMNS,
        help="Which rows test and validate. Auto keeps the same share of each class for the test "
        "and validates at random; stratified does both by class; in order takes the last rows.",
    )


class Splitting(SplitKind):
    """Which rows are for the test, which validate, and how the others are drawn."""

    test_fraction: float = param(
        default=0.2,
        ge=0,
        le=0.9,
        title="Test share",
        help="The share of rows kept for the test.",
        show_if=_has_share,
    )
    folds: int = param(
        default=0,
        ge=0,
        le=1000,
        help="Cut the rows into so many parts, of which one tests; 0 keeps a share for the test.",
        show_if=lambda form: form.split != "as given",
    )
    fold: int = param(
        default=1,
        ge=1,
        le=1000,
        help="Which of the folds tests.",
        show_if=lambda form: form.folds > 0 and form.split != "as given",
    )
    seed: int = param(default=0, ge=0, le=2**32 - 1, help="Which rows are drawn for the test.")
    balanced: bool = param(
        default=False,
        title="Balance classes",
        help="Draw each class equally often in training, rare ones several times an epoch.",
    )

    def split_of(self) -> Split:
        """The split as readers take it."""
        return Split(
            self.split, self.test_fraction, self.seed, self.folds, self.fold, self.balanced
        )

    def split_arguments(self) -> dict[str, object]:
        """The arguments of a reader that parts rows."""
        return {name: getattr(self, name) for name in Splitting.params}

    def draws_rows(self) -> bool:
        """Whether the training rows say how they are drawn."""
        return self.balanced or self.split != "auto" or self.folds > 0
