"""MNIST where its files are, and the digits at the same size where they are not."""

from __future__ import annotations

from dataclasses import replace

from backends.data.digits import Digits
from backends.data.idx import Idx
from backends.data.reading import Reading
from backends.data.source import Source
from graph.data import DataInfo
from graph.params import param


class Mnist(Source):
    """MNIST or Fashion-MNIST from a folder; without one, the built-in digits at 28×28 pixels."""

    kind = "mnist"
    title = "MNIST"
    category = "Built in"
    licence = "CC BY-SA 3.0 (MNIST), MIT (Fashion-MNIST); the files are not included"
    origin = "Y. LeCun, C. Cortes, C. Burges; H. Xiao, K. Rasul, R. Vollgraf (2017)"

    folder: str = param(
        default="",
        widget="folder",
        help="The folder with train-images-idx3-ubyte and the other files, packed as .gz or not. "
        "Empty: the built-in handwritten digits, enlarged to 28×28.",
    )

    def describe(self) -> DataInfo:
        """The columns x and y; the note says which images these are."""
        info = self._chosen().describe()
        note = (
            f"MNIST files from “{self.folder}”."
            if self.folder
            else "No folder with MNIST files is chosen: these are the 1,797 built-in handwritten "
            "digits, enlarged from 8×8 to 28×28 pixels."
        )
        return replace(info, title=self.title, note=f"{note} {info.note}".strip())

    def reading(self) -> Reading:
        """That of the source which stands in."""
        return self._chosen().reading()

    def _chosen(self) -> Source:
        return Idx(folder=self.folder) if self.folder else Digits(size="28")
