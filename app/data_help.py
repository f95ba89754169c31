"""The help on data: how rows are parted, and every source with its parameters.

`python -m app.data_help` writes the page anew from what the sources declare.
"""

from __future__ import annotations

import importlib
import inspect
from itertools import groupby
from typing import TYPE_CHECKING

from app.i18n import tr
from graph.fileio import write_atomically
from graph.steps import step_kinds

if TYPE_CHECKING:
    from app.window import Window

NAME = "data.md"
INTRODUCTION = """\
# Data

Under *Data* in the Training panel you choose where rows come from. Under *Preview* you see them;
there the menu of a column's title says what it is for: to be predicted, alone or with others, what
it holds, or to be left out. A drawing names its data and keeps none of it; an exported script reads
the same bits.

## Which rows test and validate

| split | what it does |
|---|---|
| auto | keeps the same share of each class for the test, and validates at random |
| random | draws both at random |
| stratified | gives the test and the validation each class in its share |
| in order | tests the last rows and validates those before, by a column of times if you wish |
| by group | keeps rows together that are equal in a column, or files named alike |
| as given | reads a column that says train, validation or test |

Files are named alike that are equal up to the first dash or underscore, as those of one person
may be. With **folds** the rows are cut into so many parts, of which one tests: train once for each
to cross-validate. Folders called train and test, arrays whose names end in _train and _test, and a
second table are splits as given, too. The seed says which rows are drawn, here and in the exported
script. How many rows validate is a number of the recipe.

**Balance classes** draws each class equally often. *Run › Weigh classes in losses* instead wires
weights to the losses, by how rare classes are.

## Browsing

*Run › Browse the data* (Shift+F6), or the button under *Data*, shows every sample: pictures, masks
and series side by side, tables and texts as rows, each with the part that it is in. The search
looks for text in every column, for a class, a file or the number of a row; filters keep one part,
one class, samples with gaps or that cannot be read, or numbers and lengths in a range; a click on a
heading sorts. Ctrl+F goes to the search, Return from there to the samples, arrow keys from sample
to sample, Return to what is known of one, F5 reads the data again. *Overview* sums up: how many
samples of each class are in each part, ranges, means, gaps, lengths, and why files cannot be read.

*Try the model* (F9) asks the model, with the weights of its last run, for its answer to every
sample: the answer, its certainty and whether it is right become columns, wrong samples can be
filtered, and beside the chosen sample are the classes that the model thinks likeliest. Of numbers
it tells how far they are off.

## What is told

Rows of the test that are also among the rows to train on, classes that a part lacks, numbers that
are none, columns that give the answer away, and rows that are all equal are told under *Data*, and
when a run begins; numbers to predict that are so large that other losses drown in them, under
*Data* alone. A run remembers a hash of its data, and the next one says so where the same source
holds something else.

## What does not fit into memory

Images, masks and sounds up to 256 MB lie in memory. Above that, images are decoded once into a file
of the cache, from which batches are read; with *stream* nothing is kept, and a few threads decode
files while the model learns. Either way the memory that is needed does not grow with the folder.

## Python code as data

A Dataset class of yours runs in this program, and only once you have read and trusted its file,
which is known by its hash: other code, even by one letter, is asked about anew. On the command line
`--trust` lets it run once.

## Steps before the model

Rows can go through steps, in the order of a list, before the model receives them. *Add step* under
*Data* adds one behind the chosen one; Alt+Up and Alt+Down move it, Space turns it off and on, and
Delete removes it. Below the list are some rows before and after.

A step acts **always**, or **while training** only: the validation and the test see rows that are
not varied. Steps change a whole batch at a time, on the device that trains: on a GPU they cost the
processor nothing. *Normalise* measures on the rows that are trained on, and on no others. What a
model makes of normalised columns, such as samples and predicted numbers, is told in the unit of the
data. Where another source is chosen, steps that do not suit it are turned off. Random numbers
follow from the seed of the recipe and the step of the run, so a run repeats, goes on after a stop,
and is the same in an exported script, bit for bit. Resize and Random crop change what Inputs
expect, and masks of the same size move with their pictures. Mixup and CutMix make a probability for
each class of the target: Cross-entropy takes them, and a metric those behind an Argmax, which the
problem of each such metric offers to insert.

## Gaps in tables

Empty cells, NA, NaN, null, ?, -, infinite numbers and the like are gaps. Where such a word is a
value, such as a class called INF, say under *Kinds of columns* that the column is a category, which
reads all words as they are, or say under *Words for gaps* which words alone stand for one.
"""


def page() -> str:
    """The text of the page, as Markdown."""
    sources = importlib.import_module("backends.data.source").sources()
    parts = [INTRODUCTION, _steps()]
    for category, held in groupby(sources.values(), lambda cls: str(cls.category)):
        parts.append(f"## {category}\n")
        for cls in held:
            parts.append(f"### {cls.title}\n\n{inspect.cleandoc(cls.__doc__ or '')}\n")
            rows = [f"| {p.title} | {p.help} |" for p in cls.params.values()]
            if rows:
                parts.append("\n".join(["| parameter | |", "|---|---|", *rows]) + "\n")
    return "\n".join(parts)


def _steps() -> str:
    rows = []
    for cls in step_kinds().values():
        doc = inspect.cleandoc(cls.__doc__ or "").partition("\n")[0]
        acts = "always" if cls.acts == "always" else "training"
        rows.append(f"| {cls.title} | {acts} | {doc} It changes {cls.wants}. |")
    return "\n".join(["| step | acts | |", "|---|---|---|", *rows]) + "\n"


def show_data_help(window: Window) -> None:
    """Shows the page about data."""
    from app.page_help import FOLDER, PageHelp

    PageHelp(tr("Data"), FOLDER / NAME, window.theme, window).open()


if __name__ == "__main__":
    from app.page_help import FOLDER

    write_atomically(FOLDER / NAME, page().encode())
