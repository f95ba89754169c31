"""Rotary positions: the functions that turn pairs of features by where they are."""

from __future__ import annotations

from graph.block import Snippet

PAIRS = Snippet(
    "rotate_pairs",
    '''\
def rotate_pairs(x: Tensor, base: float) -> Tensor:
    """Turns neighbouring features by angles that grow with the place."""
    places = torch.arange(x.shape[-2], device=x.device)
    even = torch.arange(0, x.shape[-1], 2, device=x.device)
    angles = places[:, None] * base ** (-even / x.shape[-1])
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    left, right = x.unflatten(-1, (-1, 2)).unbind(-1)
    turned = [left * cos - right * sin, right * cos + left * sin]
    return torch.stack(turned, dim=-1).flatten(-2)
''',
)
HALVES = Snippet(
    "rotate_halves",
    '''\
def rotate_halves(x: Tensor, base: float) -> Tensor:
    """Turns features of both halves by angles that grow with the place."""
    places = torch.arange(x.shape[-2], device=x.device)
    even = torch.arange(0, x.shape[-1], 2, device=x.device)
    angles = places[:, None] * base ** (-even / x.shape[-1])
    cos, sin = angles.cos().to(x.dtype), angles.sin().to(x.dtype)
    left, right = x.chunk(2, dim=-1)
    return torch.cat([left * cos - right * sin, right * cos + left * sin], dim=-1)
''',
)
