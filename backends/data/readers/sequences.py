"""Short tasks on sequences of digits: tokens to read, tokens to write, and those that follow."""

import numpy as np

from backends.data.readers.errors import Arrays
from backends.data.readers.split import mask_for_test, parted

BEGIN, END, FIRST_DIGIT, PLUS = 0, 1, 2, 12
SEQUENCE_TOKENS = ("begin", "end", *"0123456789", "+")


def load_sequences(
    task: str = "reverse",
    length: int = 8,
    rows: int = 10_000,
    seed: int = 0,
    test_fraction: float = 0.1,
) -> tuple[Arrays, Arrays]:
    """Random digits and what a task makes of them: source (N, S), written and following (N, T).

    What is to be written has a mark before it in `written`, and a mark behind it in `following`.

    Args:
        task: "copy", "reverse" or "sort" so many digits, or "add" two numbers of so many digits.
    """
    random = np.random.RandomState([seed, 2])
    if task == "add":
        source, answer = _sums(random, rows, length)
    else:
        digits = random.randint(0, 10, (rows, length))
        made = {"copy": digits, "reverse": digits[:, ::-1], "sort": np.sort(digits, axis=1)}
        source, answer = digits + FIRST_DIGIT, made[task] + FIRST_DIGIT
    begin, end = np.full((rows, 1), BEGIN), np.full((rows, 1), END)
    columns = {
        "source": source.astype(np.int64),
        "written": np.concatenate([begin, answer], axis=1).astype(np.int64),
        "following": np.concatenate([answer, end], axis=1).astype(np.int64),
    }
    return parted(columns, mask_for_test(rows, test_fraction, seed))


def _sums(random: np.random.RandomState, rows: int, digits: int) -> tuple[np.ndarray, np.ndarray]:
    """Both numbers with a plus between them, and their sum; all with leading zeros."""
    numbers = random.randint(0, 10, (rows, 2, digits))
    total = np.zeros((rows, digits + 1), np.int64)
    carry = np.zeros(rows, np.int64)
    for place in range(digits, 0, -1):
        value = numbers[:, 0, place - 1] + numbers[:, 1, place - 1] + carry
        total[:, place], carry = value % 10, value // 10
    total[:, 0] = carry
    plus = np.full((rows, 1), PLUS - FIRST_DIGIT)
    source = np.concatenate([numbers[:, 0], plus, numbers[:, 1]], axis=1)
    return source + FIRST_DIGIT, total + FIRST_DIGIT
