"""The samples of a data source, whichever it is."""

from __future__ import annotations

from collections.abc import Callable

from backends.data.browsing.arrays import array_samples
from backends.data.browsing.files import image_samples, mask_samples, sound_samples
from backends.data.browsing.samples import Apart, Samples
from backends.data.browsing.tables import table_samples
from backends.data.image_folder import ImageFolder
from backends.data.mask_folder import MaskFolder
from backends.data.sound_folder import SoundFolder
from backends.data.source import refusing, source_of
from backends.data.table import TableSource
from graph.data import DataSpec


def samples_of(
    spec: DataSpec,
    apart: Apart,
    report: Callable[[float], None],
    cancelled: Callable[[], bool],
) -> Samples:
    """What a document's data holds, before any step between data and model.

    Args:
        apart: says which of the rows to train on validate.

    Raises:
        UserError: the data is not there or cannot be used.
        Cancelled: `cancelled` answered True.
    """
    source = source_of(spec)
    with refusing():
        match source:
            case TableSource():
                return table_samples(source, apart, report, cancelled)
            case ImageFolder():
                return image_samples(source, apart)
            case MaskFolder():
                return mask_samples(source, apart)
            case SoundFolder():
                return sound_samples(source, apart)
        info = source.describe()
        return array_samples(info, source.load(report, cancelled), apart, report, cancelled)
