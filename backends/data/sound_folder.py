"""The person's sounds, one folder a class."""

from __future__ import annotations

from backends.data.files import given_folder
from backends.data.image_folder import UNREADABLE
from backends.data.readers.listing import list_files, part_listing
from backends.data.readers.sound import SOUNDS, Hearing
from backends.data.readers.sounds import load_sounds
from backends.data.reading import Own, Reading
from backends.data.source import Source, refusing
from backends.data.splitting import WITHOUT_COLUMNS, Splitting
from graph.data import Column, DataInfo
from graph.params import Form, param


class SoundChoice(Form):
    """Which folder, and how its sounds are heard; forms show this first."""

    folder: str = param(
        default="",
        widget="folder",
        help="The folder that holds a folder of sounds for each class: WAV files, and FLAC and OGG "
        "with the package soundfile. Folders called train and test in between are understood.",
    )
    heard_as: str = param(
        default="loudness",
        choices=("wave", "loudness"),
        title="Heard as",
        help="The wave itself, as the Spectrogram block reads it, or its loudness: how loud each "
        "band of frequencies is, every 10 ms (frames, bands).",
    )
    bands: int = param(
        default=40,
        ge=1,
        le=1000,
        help="How many bands of frequencies a spectrogram has, spaced as the ear hears.",
        show_if=lambda form: form.heard_as == "loudness",
    )
    rate: int = param(
        default=16_000, ge=100, le=192_000, unit="Hz", help="Every sound is resampled to this."
    )
    seconds: float = param(
        default=1.0,
        gt=0,
        le=600,
        unit="s",
        help="How long every sound is; longer ones are cut, shorter ones end in silence.",
    )
    middle: bool = param(
        default=False, help="Cut the middle out of long sounds, instead of taking their beginning."
    )


class SoundFolder(Source, Splitting, SoundChoice):
    """A folder with a folder of sounds for each class, as waves or spectrograms."""

    kind = "sounds"
    title = "Sound folder"
    category = "Your files"

    split: str = param(
        default="auto",
        choices=(*WITHOUT_COLUMNS, "by group"),
        help="Which sounds test and validate, where there is no folder called test. By group keeps "
        "sounds together whose names are equal up to the first dash or underscore.",
    )
    unreadable: str = param(
        default="leave out up to 5 %",
        choices=UNREADABLE,
        title="Unreadable sounds",
        help="What becomes of files that cannot be read; they are counted and named.",
    )
    storage: str = param(
        default="auto",
        choices=("auto", "memory", "stream"),
        help="Where sounds lie in training: in memory, or in their files, to be read whenever they "
        "are needed. Auto takes memory up to 256 MB.",
    )

    def hearing(self) -> Hearing:
        """How sounds are brought to one shape."""
        bands = self.bands if self.heard_as == "loudness" else 0
        return Hearing(self.rate, self.seconds, self.middle, bands)

    def describe(self) -> DataInfo:
        """The columns x and y; the folders are listed, no sound is opened."""
        folder = given_folder(self.folder, self.title)
        with refusing():
            classes, listing, tests = list_files(folder, SOUNDS, "sounds")
            train, test, _ = part_listing(listing, tests, self.split_of())
        what = "Loudness by frame and band." if self.heard_as == "loudness" else "The wave."
        columns = (
            Column("x", self.hearing().shape, "float32", "input", help=what),
            Column("y", (), "int64", "target", classes, "The folder a sound lies in."),
        )
        note = "Sounds that cannot be read are left out when they are read."
        return DataInfo(folder.name, columns, len(train), len(test), note)

    def reading(self) -> Reading:
        """Names the folder and how its sounds are heard."""
        hearing = self.hearing()
        with refusing():
            _, train, test = list_files(given_folder(self.folder, self.title), SOUNDS, "sounds")
        packed = any(path.suffix.lower() != ".wav" for path, _ in train + (test or []))
        arguments = {
            "folder": Own(given_folder(self.folder, self.title), "DATA_FOLDER"),
            "rate": hearing.rate,
            "seconds": hearing.seconds,
            "middle": hearing.middle,
            "bands": hearing.bands,
            "unreadable": self.unreadable,
            "storage": self.storage,
            **self.split_arguments(),
        }
        return Reading(
            load_sounds,
            arguments,
            ("numpy", "soundfile") if packed else ("numpy",),
            reports=True,
            warns=True,
            draws_rows=self.draws_rows(),
        )
