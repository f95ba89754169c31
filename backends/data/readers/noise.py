"""Numbers without meaning, in any shape."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted


def load_noise(
    shape: tuple[int, ...] = (3, 32, 32),
    answers: str = "class",
    classes: int = 10,
    rows: int = 64,
    seed: int = 0,
    test_fraction: float = 0.25,
) -> tuple[Arrays, Arrays]:
    """Normal numbers x (N, …shape), and y drawn without a look at them.

    Args:
        answers: `class` is one for each row, `class of every place` one for each place behind
            the first axis, `numbers` are as many as in x.
    """
    random = np.random.RandomState([seed, 1])
    size = (rows, *shape)
    x = random.standard_normal(size).astype(np.float32)
    kept = None
    if answers == "numbers":
        y = random.standard_normal(size).astype(np.float32)
    elif answers == "class of every place":
        y = random.randint(0, classes, (rows, *shape[1:])).astype(np.int64)
    else:
        y = kept = random.permutation(np.arange(rows, dtype=np.int64) % classes)
    return parted({"x": x, "y": y}, mask_for_test(rows, test_fraction, seed, kept))
