"""Which columns of a Parquet file hold no single values."""

from __future__ import annotations

from pathlib import Path


def nested_columns(path: Path) -> frozenset[int]:
    """The places of the columns that hold lists, records or bytes in each row."""
    from pyarrow import parquet, types

    return frozenset(
        place
        for place, column in enumerate(parquet.read_schema(path))
        if types.is_nested(column.type)
        or types.is_binary(column.type)
        or types.is_large_binary(column.type)
        or types.is_fixed_size_binary(column.type)
    )
