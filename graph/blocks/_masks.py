"""Masks of attention: what is refused, and their code.

A mask of truth values is true where a key may be seen, one of numbers is added to the scores.
`(N, Tk)` says it for all queries (padding), `(N, Tq, Tk)` for each, `(N, heads, Tq, Tk)` for each
head too.
"""

from __future__ import annotations

from typing import NamedTuple

from graph.block import Snippet
from graph.problems import Hint, Refusal, SetUpstream
from graph.tensor import Dim, Shape, TensorType, show_shape

HELP = (
    "Which keys may be seen: (N, Tk), (N, Tq, Tk) for each query, or (N, heads, Tq, Tk) for each "
    "head too. Truth values, or numbers that are added to the scores."
)
TRUTHS = (
    "Which keys may be seen, as truth values: (N, Tk), (N, Tq, Tk) for each query, or "
    "(N, heads, Tq, Tk) for each head too."
)
STRICTER = {
    "needs a mask of truth values (bool), but": "Torch gives other numbers without gradients.",
    "needs a mask": "Torch repeats masks of size 1, where a mistake in the shape would go unseen.",
}

CAUSAL = Snippet(
    "causal_mask",
    '''\
def causal_mask(query: Tensor, key: Tensor) -> Tensor:
    """True where a key comes after its query, so that it must not be seen."""
    size = query.shape[-2], key.shape[-2]
    return torch.ones(size, dtype=torch.bool, device=query.device).triu(1)
''',
)


def need_mask(
    mask: TensorType | None,
    n: Dim,
    queries: Dim,
    keys: Dim,
    dtype: str,
    port: str = "mask",
    heads: Shape = (),
) -> None:
    """Refuses a mask of another shape than this many queries and keys want, or of whole numbers.

    Args:
        heads: the axes between the batch and the queries in a mask of each head.

    Raises:
        Refusal: as above.
    """
    if mask is None:
        return
    if mask.dtype not in ("bool", dtype):
        hints: tuple[Hint, ...] = (SetUpstream(port, "dtype", "bool"),)
        raise Refusal(
            f"needs a mask of truth values (bool), or of {dtype} to add to the scores, but "
            f"receives {mask.dtype}",
            port=port,
            short=f"{mask.dtype} ≠ bool",
            hints=hints,
        )
    for_all, for_each = (n, keys), (n, queries, keys)
    if mask.shape not in (for_all, for_each) and not _is_of_heads(mask, n, heads, queries, keys):
        of_heads = f", or {show_shape((n, *heads, queries, keys))} for each head" if heads else ""
        raise Refusal(
            f"needs a mask {show_shape(for_all)}, or {show_shape(for_each)} with a row for each "
            f"query{of_heads}, but receives {show_shape(mask.shape)}",
            port=port,
            short=f"{show_shape(mask.shape)} ≠ {show_shape(for_each)}",
            hints=_hints_to_shape(mask, for_all, for_each, port),
        )


def need_truth_mask(mask: TensorType | None, x: TensorType, heads: int) -> None:
    """The same for torch's encoders, which mistake masks of numbers where no gradients are kept.

    Raises:
        Refusal: as above.
    """
    if mask is not None and mask.dtype != "bool":
        hints: tuple[Hint, ...] = (SetUpstream("mask", "dtype", "bool"),)
        raise Refusal(
            f"needs a mask of truth values (bool), but receives {mask.dtype}; use Multi-head "
            "attention to add numbers to the scores",
            port="mask",
            short=f"{mask.dtype} ≠ bool",
            hints=hints,
        )
    need_mask(mask, x.shape[0], x.shape[1], x.shape[1], x.dtype, heads=(heads,))


def _is_of_heads(mask: TensorType, n: Dim, heads: Shape, queries: Dim, keys: Dim) -> bool:
    """Whether a mask has all axes; those of heads may be 1, which says that all share it."""
    if not heads or mask.rank != len(heads) + 3 or mask.shape[0] != n:
        return False
    between = zip(mask.shape[1:-2], heads, strict=True)
    return mask.shape[-2:] == (queries, keys) and all(own in (1, of) for own, of in between)


def _hints_to_shape(
    mask: TensorType, for_all: tuple[Dim, ...], for_each: tuple[Dim, ...], port: str
) -> tuple[Hint, ...]:
    wanted = for_all if mask.rank <= 2 else for_each
    if mask.shape[:1] != wanted[:1]:
        return ()
    return (SetUpstream(port, "shape", ", ".join(str(dim) for dim in wanted[1:])),)


class MaskCode(NamedTuple):
    """Statements before a call, arguments of the call, and functions both need."""

    statements: tuple[str, ...]
    words: tuple[str, ...]
    snippets: tuple[Snippet, ...]

    def before(self, call: str) -> str:
        """The statements, then the call."""
        return "\n".join((*self.statements, call))


def module_code(
    mask: TensorType | None, causal: bool, heads: int, query: str, key: str, names: tuple[str, str]
) -> MaskCode:
    """The masks of torch's attention modules, whose truth values say what is hidden.

    Args:
        mask: the type at the port `mask`.
        causal: whether no place sees what comes after it.
        heads: how many heads there are.
        query: the placeholder of the queries.
        key: the placeholder of the keys.
        names: of the arguments for each query and for padding.
    """
    each, padding = names
    after = f"causal_mask({query}, {key})"
    snippets = (CAUSAL,) if causal else ()
    alone = (f"{each}={after}", "is_causal=True") if causal else ()
    if mask is None:
        return MaskCode((), alone, snippets)
    hides = mask.dtype == "bool"
    if mask.rank == 4:
        return _code_of_heads(mask, heads, after if causal else "", each, snippets)
    if mask.rank == 2 and (hides or not causal):
        return MaskCode((), (*alone, f"{padding}={'~' if hides else ''}{{mask}}"), snippets)
    if hides:
        text = f"~{{mask}} | {after}" if causal else "~{mask}"
    else:
        text = "{mask}" if mask.rank == 3 else "{mask}[:, None]"
        text += f'.masked_fill({after}, float("-inf"))' if causal else ""
    given = "{_mask}.repeat_interleave({heads}, dim=0)" if heads > 1 else "{_mask}"
    return MaskCode((f"{{_mask}} = {text}",), (f"{each}={given}",), snippets)


def _code_of_heads(
    mask: TensorType, heads: int, after: str, name: str, snippets: tuple[Snippet, ...]
) -> MaskCode:
    """The same for a mask of each head, which torch wants in one axis with the batch."""
    shared = mask.shape[1] == 1
    text = "{mask}.repeat_interleave({heads}, dim=1)" if shared and heads > 1 else "{mask}"
    text += ".flatten(0, 1)"
    if mask.dtype == "bool":
        text = f"~{text} | {after}" if after else f"~{text}"
    elif after:  # two statements: black lays a long chain of calls out in its own way
        hidden = f'{{_mask}} = {{_scores}}.masked_fill({after}, float("-inf"))'
        return MaskCode((f"{{_scores}} = {text}", hidden), (f"{name}={{_mask}}",), snippets)
    return MaskCode((f"{{_mask}} = {text}",), (f"{name}={{_mask}}",), snippets)


def function_code(mask: TensorType | None, causal: bool, rank: int) -> MaskCode:
    """The masks of `F.scaled_dot_product_attention` for queries of that rank."""
    if mask is None:
        return MaskCode((), ("is_causal=True",) if causal else (), ())
    between = ", None" * (rank - mask.rank)
    text = f"{{mask}}[:{between}]" if between else "{mask}"
    if not causal:
        return MaskCode((), (f"attn_mask={text}",), ())
    after = "causal_mask({query}, {key})"
    if mask.dtype == "bool":
        text += f" & ~{after}"
    else:
        text += f'.masked_fill({after}, float("-inf"))'
    return MaskCode((f"{{_mask}} = {text}",), ("attn_mask={_mask}",), (CAUSAL,))
