"""What a run remembers of its data, so that a later one can tell that it has changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from backends.data.audit import fingerprint
from backends.data.source import Splits
from backends.runs import folder
from graph.data import DataSpec
from graph.params import to_json
from graph.problems import UserError

DATA = "data.json"
LOOKED_AT = 50  # runs before this one


def keep_data(run: Path, spec: DataSpec, splits: Splits, warn: Callable[[str], None]) -> None:
    """Writes what the data is into the folder of a run; tells where it was another before."""
    params = {name: to_json(value) for name, value in sorted(spec.params.items())}
    named = json.loads(json.dumps({"source": spec.source, "params": params}))
    now = fingerprint(splits)
    for path, earlier in _earlier(run):
        if {key: earlier.get(key) for key in named} != named:
            continue
        if earlier.get("fingerprint") != now:
            when = "this run began" if path == run else f"the run {path.name}"
            warn(
                f"The data has changed since {when}: the same source now holds other rows or "
                "numbers, so scores cannot be compared."
            )
        break
    folder.write_json(run / DATA, {**named, "fingerprint": now, "rows": _rows(splits)})


def need_as_many_rows(run: Path, splits: Splits) -> None:
    """Refuses to go on within an epoch whose rows are no longer those that it began with.

    Raises:
        UserError: there are more rows to train on now, or fewer.
    """
    try:
        before, now = folder.read_json(run / DATA).get("rows"), _rows(splits)["train"]
    except UserError:
        return  # it was never written, or is damaged
    known = before.get("train") if isinstance(before, dict) else None
    if isinstance(known, int) and known != now:
        raise UserError(
            f"The run {run.name} cannot be gone on with: it stopped within an epoch of {known:,} "
            f"rows, but the data has {now:,} rows to train on now. Put the data back, or start a "
            "new run, which may begin with the weights of this one."
        )


def _rows(splits: Splits) -> dict[str, int]:
    parts = {"train": splits.train, "test": splits.test}
    return {part: len(next(iter(held.values()), ())) for part, held in parts.items()}


def _earlier(run: Path) -> list[tuple[Path, dict[str, object]]]:
    """What runs before this one remember, the latest first, and this one itself before them."""
    found: list[tuple[Path, dict[str, object]]] = []
    try:
        beside = sorted((path.name for path in run.parent.iterdir() if path != run), reverse=True)
    except OSError:
        beside = []
    for path in (run, *(run.parent / name for name in beside[:LOOKED_AT])):
        try:
            if (path / DATA).exists():
                found.append((path, folder.read_json(path / DATA)))
        except (OSError, UserError):
            continue  # a damaged folder of another run is no reason to refuse this one
    return found
