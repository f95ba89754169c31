"""What queries, keys and values must have in common."""

from __future__ import annotations

from graph.blocks._common import need_floats
from graph.problems import Refusal, SetUpstream
from graph.tensor import Dim, TensorType, show_shape

STRICTER = {
    "at least a batch": "Torch takes the batch for a sequence; samples would see each other.",
    "a value for each key": "Torch overlooks it on some devices and reads what is not there.",
    "the axes before (T, features)": "Torch repeats axes of size 1 only on some devices.",
}


def need_batch_of_sequences(x: TensorType, port: str) -> None:
    """Refuses what has not at least three axes (N, …, T, features) of floats.

    Raises:
        Refusal: as above.
    """
    need_floats(x, port)
    if x.rank < 3:
        raise Refusal(
            "needs at least a batch of sequences (N, T, features), but receives "
            f"{show_shape(x.shape)}",
            port=port,
            short=f"rank {x.rank} < 3",
        )


def need_query_key_value(query: TensorType, key: TensorType, value: TensorType) -> None:
    """Refuses queries, keys and values that cannot attend to each other.

    Raises:
        Refusal: as above.
    """
    need_batch_of_sequences(query, "query")
    for port, type_ in (("key", key), ("value", value)):
        _need_alike(type_, query, port)
    if key.shape[-1] != query.shape[-1]:
        raise Refusal(
            f"needs keys with as many features as queries, {query.shape[-1]}, but receives "
            f"{show_shape(key.shape)}",
            port="key",
            short=f"{key.shape[-1]} ≠ {query.shape[-1]}",
            hints=_hints_to_features(query.shape[-1]),
        )
    if value.shape[-2] != key.shape[-2]:
        raise Refusal(
            f"needs a value for each key, but receives {show_shape(key.shape)} and "
            f"{show_shape(value.shape)}",
            port="value",
            short=f"{value.shape[-2]} ≠ {key.shape[-2]}",
        )


def _need_alike(x: TensorType, query: TensorType, port: str) -> None:
    """Refuses what differs from the query in dtype or in the axes before the sequence."""
    if x.dtype != query.dtype:
        raise Refusal(
            f"needs all in one dtype, {query.dtype}, but receives {x.dtype}",
            port=port,
            short=f"{x.dtype} ≠ {query.dtype}",
            hints=(SetUpstream(port, "dtype", query.dtype),),
        )
    if x.rank != query.rank or x.shape[:-2] != query.shape[:-2]:
        before = show_shape(query.shape[:-2])
        raise Refusal(
            f"needs the axes before (T, features) to be {before} as in the query, but receives "
            f"{show_shape(x.shape)}",
            port=port,
            short=f"{show_shape(x.shape[:-2])} ≠ {before}",
        )


def _hints_to_features(features: Dim) -> tuple[SetUpstream, ...]:
    return (SetUpstream("key", "features", features),) if isinstance(features, int) else ()
