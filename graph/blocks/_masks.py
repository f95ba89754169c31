"""Masks of attention: what is refused, and their code.

A mask of truth values is true where a key may be seen, one of numbers is added to the scores.
`(N, Tk)` says it for all queries (padding), `(N, Tq, Tk)` for each.
"""

from __future__ import annotations

from graph.block import Snippet
from graph.problems import Hint, Refusal, SetUpstream
from graph.tensor import Dim, TensorType, show_shape

HELP = (
    "Which keys may be seen: (N, Tk), or (N, Tq, Tk) for each query. Truth values, or numbers "
    "that are added to the scores."
)

CAUSAL = Snippet(
    "causal_mask",
    '''\
def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """True where a key comes after its query, so that it must not be seen."""
    mask = torch.ones(
        query.shape[-2], key.shape[-2], dtype=torch.bool, device=query.device
    )
    return mask.triu(1)
''',
)


def need_mask(mask: TensorType | None, n: Dim, queries: Dim, keys: Dim, dtype: str) -> None:
    """Refuses a mask of another shape than this many queries and keys want, or of whole numbers.

    Raises:
        Refusal: as above.
    """
    if mask is None:
        return
    if mask.dtype not in ("bool", dtype):
        hints: tuple[Hint, ...] = (SetUpstream("mask", "dtype", "bool"),)
        raise Refusal(
            f"needs a mask of truth values (bool), or of {dtype} to add to the scores, but "
            f"receives {mask.dtype}",
            port="mask",
            short=f"{mask.dtype} ≠ bool",
            hints=hints,
        )
    for_all, for_each = (n, keys), (n, queries, keys)
    if mask.shape not in (for_all, for_each):
        raise Refusal(
            f"needs a mask {show_shape(for_all)}, or {show_shape(for_each)} with a row for each "
            f"query, but receives {show_shape(mask.shape)}",
            port="mask",
            short=f"{show_shape(mask.shape)} ≠ {show_shape(for_each)}",
            hints=_hints_to_shape(mask, for_all, for_each),
        )


def _hints_to_shape(
    mask: TensorType, for_all: tuple[Dim, ...], for_each: tuple[Dim, ...]
) -> tuple[Hint, ...]:
    wanted = for_all if mask.rank <= 2 else for_each
    if mask.shape[:1] != wanted[:1]:
        return ()
    return (SetUpstream("mask", "shape", ", ".join(str(dim) for dim in wanted[1:])),)


def module_options(
    mask: TensorType | None, causal: bool, heads: int, query: str, key: str, names: tuple[str, str]
) -> tuple[list[str], tuple[Snippet, ...]]:
    """The mask arguments of torch's attention modules, whose truth values say what is hidden.

    Args:
        mask: the type at the port `mask`.
        causal: whether no place sees what comes after it.
        heads: how many heads there are.
        query: the placeholder of the queries.
        key: the placeholder of the keys.
        names: of the arguments for all heads and for padding.
    """
    full, padding = names
    after = f"causal_mask({query}, {key})"
    snippets = (CAUSAL,) if causal else ()
    alone = [f"{full}={after}", "is_causal=True"] if causal else []
    if mask is None:
        return alone, snippets
    hides = mask.dtype == "bool"
    if mask.rank == 2 and (hides or not causal):
        return [*alone, f"{padding}={'~' if hides else ''}{{mask}}"], snippets
    text = "{mask}" if mask.rank == 3 else "{mask}[:, None]"
    if hides:
        text = f"~{text} | {after}" if causal else f"~{text}"
    elif causal:
        text = f'{text}.masked_fill({after}, float("-inf"))'
    if heads > 1:
        text = f"({text})" if hides else text
        text += ".repeat_interleave({heads}, dim=0)"
    return [f"{full}={text}"], snippets


def function_options(
    mask: TensorType | None, causal: bool, rank: int
) -> tuple[list[str], tuple[Snippet, ...]]:
    """The mask arguments of `F.scaled_dot_product_attention` for queries of that rank."""
    if mask is None:
        return (["is_causal=True"] if causal else []), ()
    between = ", None" * (rank - mask.rank)
    text = f"{{mask}}[:{between}]" if between else "{mask}"
    if not causal:
        return [f"attn_mask={text}"], ()
    after = "causal_mask({query}, {key})"
    if mask.dtype == "bool":
        return [f"attn_mask={text} & ~{after}"], (CAUSAL,)
    return [f'attn_mask={text}.masked_fill({after}, float("-inf"))'], (CAUSAL,)
