"""Heads of attention, which share the features equally."""

from __future__ import annotations

from typing import Any

from graph.params import param
from graph.problems import Hint, Refusal, SetParam, SetUpstream


def heads_param() -> Any:  # Any: as `param`, whose answers these are
    return param(default=4, ge=1, help="How many things are looked for at once, each in a share.")


def causal_param() -> Any:
    return param(default=False, help="No place sees what comes after it, as in language models.")


def show_heads(count: int, is_causal: bool) -> str:
    """Heads as summaries show them."""
    return f"{count} head{'s' if count > 1 else ''}" + ("  causal" if is_causal else "")


def need_heads(features: int, heads: int, port: str) -> None:
    """Refuses heads that do not divide the features; offers the nearest that do.

    Raises:
        Refusal: as above.
    """
    if features % heads == 0:
        return
    fewer = next(n for n in range(min(heads, features), 0, -1) if features % n == 0)
    more = next((n for n in range(heads + 1, features + 1) if features % n == 0), fewer)
    nearest = sorted({fewer, more}, key=lambda n: abs(n - heads))
    hints: list[Hint] = [SetParam("heads", n) for n in nearest]
    hints.append(SetUpstream(port, "features", -(-features // heads) * heads))
    hints.append(SetUpstream(port, "dimension", -(-features // heads) * heads))
    raise Refusal(
        f"splits {features} features among {heads} heads, which do not get equal shares",
        port=port,
        short=f"{features} % {heads}",
        hints=tuple(hints),
    )
