"""The Evoformer: what relatives of a protein tell of it, and which of its parts are near."""

from __future__ import annotations

from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Form, param


class EvoformerForm(Form):
    """Parameters of an Evoformer."""

    blocks: int = param(default=1, ge=1, le=48, help="Blocks behind each other; 48 in the paper.")
    msa_channels: int = param(
        default=256, ge=1, title="Channels of sequences", help="Numbers of each place of each one."
    )
    pair_channels: int = param(
        default=128, ge=1, title="Channels of pairs", help="Numbers of each pair of places."
    )
    single_channels: int = param(
        default=384, ge=1, title="Channels of the answer",
        help="Numbers of each place that are given at the end.",
    )  # fmt: skip
    heads: int = param(default=8, ge=1, help="Heads of the attention along sequences.")
    pair_heads: int = param(
        default=4, ge=1, title="Heads of pairs", help="Heads of the attention among pairs."
    )
    head_channels: int = param(
        default=32, ge=1, title="Channels of a head", help="Numbers in which each head compares."
    )
    outer_channels: int = param(
        default=32, ge=1, title="Channels of products", help="Channels of the outer product mean."
    )
    msa_dropout: float = param(
        default=0.15, ge=0, le=1, title="Dropout of sequences", help="Chance to drop a number."
    )
    pair_dropout: float = param(
        default=0.25, ge=0, le=1, title="Dropout of pairs", help="Chance to drop a number."
    )


def _evoformer(d: Drawing, form: EvoformerForm) -> None:
    m = d.add("input", name="msa", shape=f"S, R, {form.msa_channels}")
    z = d.add("input", name="pair", shape=f"R, R, {form.pair_channels}")
    for number in range(1, form.blocks + 1):
        with d.section(f"block{number}"):
            m, z = _block(d, m, z, form)
    first = d.add("select", m, name="first_row", axis=1, index=0)
    single = d.add("dense", first, name="to_single", features=form.single_channels)
    d.add("output", single, name="single")
    d.add("output", m, name="new_msa")
    d.add("output", z, name="new_pair")
    d.sizes(S=128, R=256)


def _block(d: Drawing, m: Out, z: Out, form: EvoformerForm) -> tuple[Out, Out]:
    """Algorithm 6, lines 2 to 10."""
    with d.section("row_attention"):
        x = _row_attention(d, m, z, form)
        m = _beside(d, m, x, form.msa_dropout)
    with d.section("column_attention"):
        m = _beside(d, m, _column_attention(d, m, form))
    with d.section("msa_transition"):
        m = _beside(d, m, _transition(d, m, form.msa_channels))
    with d.section("outer_product_mean"):
        z = _beside(d, z, _outer_product_mean(d, m, form))
    for name, equation in _TRIANGLES.items():
        with d.section(name):
            x = _triangle_multiplication(d, z, equation, form.pair_channels)
            z = _beside(d, z, x, form.pair_dropout)
    for name, axis in (("starting_node", 1), ("ending_node", 2)):
        with d.section(name):
            x = _triangle_attention(d, z, form, is_ending=axis == 2)
            z = _beside(d, z, x, form.pair_dropout, axis)
    with d.section("pair_transition"):
        z = _beside(d, z, _transition(d, z, form.pair_channels))
    return m, z


def _beside(d: Drawing, x: Out, update: Out, dropout: float = 0.0, axis: int = 1) -> Out:
    """The sum with what a layer found, of which rows or columns drop the same."""
    if dropout:
        update = d.add("shared_dropout", update, p=dropout, axis=axis)
    return d.add("add", x, update, name="add")


def _dense(d: Drawing, x: Out, name: str, features: int, bias: bool = False) -> Out:
    return d.add("dense", x, name=name, features=features, bias=bias)


def _row_attention(d: Drawing, m: Out, z: Out, form: EvoformerForm) -> Out:
    """Algorithm 7: each sequence looks at itself, with a bias from the pairs."""
    m = d.add("layer_norm", m, name="norm")
    bias = d.add("layer_norm", z, name="pair_norm")
    bias = _pair_bias(d, bias, form.heads)
    heads = _heads(d, m, form.heads, form.head_channels, "n s r (h c) -> n s h r c", bias)
    joined = d.add("rearrange", heads, name="joined", pattern="n s h r c -> n s r (h c)")
    return _gated(d, m, joined, form.heads * form.head_channels, form.msa_channels)


def _column_attention(d: Drawing, m: Out, form: EvoformerForm) -> Out:
    """Algorithm 8: each place looks at itself in all sequences."""
    m = d.add("layer_norm", m, name="norm")
    heads = _heads(d, m, form.heads, form.head_channels, "n s r (h c) -> n r h s c")
    joined = d.add("rearrange", heads, name="joined", pattern="n r h s c -> n s r (h c)")
    return _gated(d, m, joined, form.heads * form.head_channels, form.msa_channels)


def _pair_bias(d: Drawing, z: Out, heads: int, pattern: str = "n i j h -> n 1 h i j") -> Out:
    bias = _dense(d, z, "bias", heads)
    return d.add("rearrange", bias, name="bias_of_heads", pattern=pattern)


def _heads(
    d: Drawing, x: Out, heads: int, channels: int, split: str, bias: Out | None = None
) -> Out:
    """What each head takes in."""
    parts = []
    for name in ("query", "key", "value"):
        part = _dense(d, x, name, heads * channels)
        part = d.add("rearrange", part, name=f"{name}_heads", pattern=split, sizes=f"h={heads}")
        parts.append(part)
    if bias is None:
        return d.add("attention", *parts)
    return d.add("attention", *parts, mask=bias)


def _gated(d: Drawing, x: Out, found: Out, wide: int, channels: int) -> Out:
    """What was found, as far as a gate lets it through."""
    gate = d.add("sigmoid", _dense(d, x, "gate", wide, bias=True), name="open")
    gated = d.add("multiply", gate, found, name="gated")
    return _dense(d, gated, "out", channels, bias=True)


def _transition(d: Drawing, x: Out, channels: int) -> Out:
    """Algorithms 9 and 15: two dense layers with four times the channels between them."""
    x = d.add("layer_norm", x, name="norm")
    x = d.add("relu", _dense(d, x, "wide", 4 * channels, bias=True))
    return _dense(d, x, "narrow", channels, bias=True)


def _outer_product_mean(d: Drawing, m: Out, form: EvoformerForm) -> Out:
    """Algorithm 10: how two places vary together in all sequences."""
    m = d.add("layer_norm", m, name="norm")
    left = _dense(d, m, "left", form.outer_channels, bias=True)
    right = _dense(d, m, "right", form.outer_channels, bias=True)
    x = d.add("einsum", left, right, name="products", equation="nsic,nsjd->nijcd", average=True)
    x = d.add("flatten", x, start_axis=3)
    return _dense(d, x, "out", form.pair_channels, bias=True)


_TRIANGLES = {
    "outgoing": "nikc,njkc->nijc",
    "incoming": "nkic,nkjc->nijc",
}


def _triangle_multiplication(d: Drawing, z: Out, equation: str, channels: int) -> Out:
    """Algorithms 11 and 12: a pair learns from the two other edges of each triangle."""
    z = d.add("layer_norm", z, name="norm")
    edges = []
    for name in ("left", "right"):
        gate = d.add(
            "sigmoid", _dense(d, z, f"{name}_gate", channels, bias=True), name=f"{name}_open"
        )
        edge = _dense(d, z, name, channels, bias=True)
        edges.append(d.add("multiply", gate, edge, name=f"{name}_edge"))
    x = d.add("einsum", *edges, name="triangles", equation=equation)
    x = d.add("layer_norm", x, name="norm_triangles")
    x = _dense(d, x, "out", channels, bias=True)
    gate = d.add("sigmoid", _dense(d, z, "gate", channels, bias=True), name="open")
    return d.add("multiply", gate, x, name="gated")


def _triangle_attention(d: Drawing, z: Out, form: EvoformerForm, is_ending: bool) -> Out:
    """Algorithms 13 and 14: a pair looks at those that start, or end, where it does."""
    z = d.add("layer_norm", z, name="norm")
    split, joined = "n i j (h c) -> n i h j c", "n i h j c -> n i j (h c)"
    bias = "n i j h -> n 1 h i j"
    if is_ending:
        split, joined = "n i j (h c) -> n j h i c", "n j h i c -> n i j (h c)"
        bias = "n k i h -> n 1 h i k"
    bias_of_heads = _pair_bias(d, z, form.pair_heads, bias)
    heads = _heads(d, z, form.pair_heads, form.head_channels, split, bias_of_heads)
    found = d.add("rearrange", heads, name="joined", pattern=joined)
    return _gated(d, z, found, form.pair_heads * form.head_channels, form.pair_channels)


evoformer = Entry(
    name="evoformer",
    title="Evoformer",
    family=Family.STRUCTURE,
    summary=(
        "The trunk of AlphaFold 2. It reads a protein beside its relatives (msa) and keeps a "
        "picture of every pair of its places (pair). Attention along each sequence is led by the "
        "pairs; pairs learn from what varies together in the sequences, and from triangles: if "
        "two edges are short, the third cannot be long. It brings no data along: proteins and "
        "their relatives must come from files."
    ),
    source=(
        "Highly Accurate Protein Structure Prediction with AlphaFold. J. Jumper and others, 2021. "
        "Supplement, algorithms 6 to 15, without masks for what is missing."
    ),
    form=EvoformerForm,
    draw=_evoformer,
    small={
        "msa_channels": 16, "pair_channels": 8, "single_channels": 12, "heads": 2,
        "pair_heads": 2, "head_channels": 4, "outer_channels": 4,
    },
    order=2021,
)  # fmt: skip
