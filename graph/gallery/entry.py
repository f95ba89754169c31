"""An entry of the gallery: a named network, its sizes as parameters, and how it is drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Generic, TypeVar

from graph import edits
from graph.gallery.draw import Drawing
from graph.layout import layout
from graph.model import Document
from graph.params import Form, Plain
from graph.problems import UserError

ASPECT = 1.7
F = TypeVar("F", bound=Form)


class Family(StrEnum):
    """Which shelf of the gallery an entry stands on, in the order in which they are shown."""

    PERCEPTRONS = "Perceptrons"
    CONVOLUTIONAL = "Convolutional networks"
    RECURRENT = "Recurrent networks"
    TRANSFORMERS = "Transformers"
    GENERATIVE = "Generative networks"
    SOUND = "Speech and sound"
    STRUCTURE = "Structures"


@dataclass(frozen=True)
class Entry(Generic[F]):
    """A network that has a name.

    Attributes:
        name: what the command line calls it, such as `resnet-18`.
        summary: one paragraph: what it is, what was new, what it is good for.
        source: title, authors and year of what describes it.
        form: its sizes as declared parameters; the defaults make the published network.
        draw: puts its blocks and wires on an empty drawing.
        small: values of the form that make it train in minutes on data that is always there.
        order: its year, which places it among those of its family.
    """

    name: str
    title: str
    family: Family
    summary: str
    source: str
    form: type[F]
    draw: Callable[[Drawing, F], None]
    small: Mapping[str, Plain] = field(default_factory=dict)
    order: int = 0

    def build(self, **values: object) -> Document:
        """The network as a document that is laid out; what is not named takes its default.

        Raises:
            UserError: there is no parameter of that name, or a value is refused.
        """
        unknown = self.form.unknown_names(values)
        if unknown:
            known = ", ".join(self.form.params) or "none"
            raise UserError(
                f"{self.title} has no parameter called {unknown[0]}; its parameters are: {known}."
            )
        drawing = Drawing()
        self.draw(drawing, self.form.build(values))
        document = replace(drawing.document, name=self.title, description=self.description)
        for name in document.definitions:
            inner = document.inside(name)
            document = edits.move(inner, layout(inner.graph, aspect=ASPECT)).whole()
        return edits.move(document, layout(document.graph, aspect=ASPECT))

    @property
    def description(self) -> str:
        """What the document says of itself."""
        return f"{self.summary}\n\nSource: {self.source}"
