"""The Evoformer: what relatives of a protein tell of it, and which of its parts are near."""

from __future__ import annotations

from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.model import Repeat
from graph.params import Expr, Form, Value, param

PROTEINS = "proteins"
DIGITS = "digits"
DIGITS_PX = 8
HIDDEN = 0.15


class EvoformerForm(Form):
    """Parameters of an Evoformer."""

    data: str = param(
        default=PROTEINS, choices=(PROTEINS, DIGITS),
        help="Proteins of your own, or the handwritten digits that are built in: rows of pixels "
        "stand for sequences, and some pixels are hidden for it to guess.",
    )  # fmt: skip
    blocks: int = param(default=48, ge=1, le=48, help="Blocks behind each other; 48 in the paper.")
    msa_channels: int = param(
        default=256, ge=1, title="Channels of sequences", help="Numbers of each place of each one."
    )
    pair_channels: int = param(
        default=128, ge=1, title="Channels of pairs", help="Numbers of each pair of places."
    )
    single_channels: int = param(
        default=384, ge=1, title="Channels of the answer",
        help="Numbers of each place that are given at the end.",
        show_if=lambda form: form.data == PROTEINS,
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
    _define(d, form)
    if form.data == DIGITS:
        _guess_pixels(d, form)
        return
    d.data("npy")
    m = d.add("input", name="msa", shape=_msa(form))
    z = d.add("input", name="pair", shape=_pair(form))
    m, _ = _trunk(d, m, z, form)
    first = d.add("select", m, name="first_row", axis=1, index=0)
    single = d.add("dense", first, name="to_single", features=form.single_channels)
    d.add("output", single, name="single")
    d.sizes(S=128, R=256)


def _trunk(d: Drawing, m: Out, z: Out, form: EvoformerForm) -> tuple[Out, Out]:
    """Algorithm 6; answers the new sequences and pairs."""
    repeat = Repeat(form.blocks) if form.blocks > 1 else None
    m = d.add("EvoformerBlock", m, z, name="blocks", repeat=repeat)
    d.add("output", m, name="new_msa")
    z = m.at("z_out")
    d.add("output", z, name="new_pair")
    return m, z


def _guess_pixels(d: Drawing, form: EvoformerForm) -> None:
    """Hidden places are guessed, as in section 1.9.9, and how columns go together.

    Pairs begin as in algorithm 3.
    """
    side = DIGITS_PX
    d.data("digits", size=str(side), layout="rows")
    rows = d.add("input", name="rows", shape=f"{side}, {side}")
    hidden = d.add("random_mask", rows, name="hidden", p=HIDDEN)
    seen = d.add("masked_fill", rows, hidden, name="seen", value=-1.0)
    m = d.add("unsqueeze", seen, name="one_channel", axis=3)
    m = _dense(d, m, "embed", form.msa_channels, bias=True)
    places = d.add("parameter", name="places", shape=(side, side, form.msa_channels))
    m = d.add("add", m, places, name="msa")
    first = d.add("select", m, name="target", axis=1, index=0)
    left = _dense(d, first, "left", form.pair_channels, bias=True)
    right = _dense(d, first, "right", form.pair_channels, bias=True)
    left = d.add("unsqueeze", left, name="left_of_pairs", axis=2)
    right = d.add("unsqueeze", right, name="right_of_pairs", axis=1)
    apart = d.add("parameter", name="apart", shape=(side, side, form.pair_channels))
    z = d.add("add", left, right, apart, name="pair")
    m, z = _trunk(d, m, z, form)
    guess = d.add("squeeze", _dense(d, m, "to_pixel", 1, bias=True), name="guess", axis=3)
    d.add("output", guess, name="pixels")
    d.add("mse", d.add("where", hidden, guess, rows, name="filled"), rows, name="hidden_loss")
    together = d.add("einsum", rows, rows, name="together", equation="nsi,nsj->nij", average=True)
    guess = d.add("squeeze", _dense(d, z, "to_together", 1, bias=True), name="pairs", axis=3)
    d.add("output", guess, name="pair_guess")
    d.add("mse", guess, together, name="pair_loss")
    d.recipe(batch_size=16, epochs=20, learning_rate=0.006, schedule="one-cycle")


def _msa(form: EvoformerForm) -> str:
    return f"S, R, {form.msa_channels}"


def _pair(form: EvoformerForm) -> str:
    return f"R, R, {form.pair_channels}"


def _define(d: Drawing, form: EvoformerForm) -> None:
    """The parts as the supplement names them, and the block that is made of them."""
    with d.define(
        "MSARowAttentionWithPairBias", "Each sequence looks at itself, led by the pairs."
    ):
        d.result(_row_attention(d, d.port("m", _msa(form)), d.port("z", _pair(form)), form))
    with d.define("MSAColumnAttention", "Each place looks at itself in all sequences."):
        d.result(_column_attention(d, d.port("m", _msa(form)), form))
    about = "Two dense layers with four times the channels between them."
    with d.define("Transition", about, channels=form.msa_channels):
        d.result(_transition(d, d.port("x", _msa(form))))
    with d.define("OuterProductMean", "How two places vary together in all sequences."):
        d.result(_outer_product_mean(d, d.port("m", _msa(form)), form))
    for way, equation in _TRIANGLES.items():
        about = f"A pair learns from the {way.lower()} edges of each triangle."
        with d.define(f"TriangleMultiplication{way}", about):
            z = d.port("z", _pair(form))
            d.result(_triangle_multiplication(d, z, equation, form.pair_channels))
    for way, does in (("StartingNode", "start"), ("EndingNode", "end")):
        about = f"A pair looks at those that {does} where it does."
        with d.define(f"TriangleAttention{way}", about):
            z = d.port("z", _pair(form))
            d.result(_triangle_attention(d, z, form, is_ending=does == "end"))
    with d.define("EvoformerBlock", "Sequences and pairs tell each other what they know."):
        m, z = _block(d, d.port("m", _msa(form)), d.port("z", _pair(form)), form)
        d.result(m, "m_out")
        d.result(z, "z_out")


def _block(d: Drawing, m: Out, z: Out, form: EvoformerForm) -> tuple[Out, Out]:
    """Algorithm 6, lines 2 to 10."""
    c_m, c_z, drop = form.msa_channels, form.pair_channels, form.pair_dropout
    x = d.add("MSARowAttentionWithPairBias", m, z, name="row_attention")
    m = _beside(d, m, x, "m1", form.msa_dropout)
    m = _beside(d, m, d.add("MSAColumnAttention", m, name="column_attention"), "m2")
    m = _beside(d, m, d.add("Transition", m, name="msa_transition", channels=c_m), "m3")
    z = _beside(d, z, d.add("OuterProductMean", m, name="outer_product_mean"), "z1")
    x = d.add("TriangleMultiplicationOutgoing", z, name="outgoing")
    z = _beside(d, z, x, "z2", drop)
    x = d.add("TriangleMultiplicationIncoming", z, name="incoming")
    z = _beside(d, z, x, "z3", drop)
    x = d.add("TriangleAttentionStartingNode", z, name="starting_node")
    z = _beside(d, z, x, "z4", drop)
    x = d.add("TriangleAttentionEndingNode", z, name="ending_node")
    z = _beside(d, z, x, "z5", drop, axis=2)
    x = d.add("Transition", z, name="pair_transition", channels=c_z)
    return m, _beside(d, z, x, "z6")


def _beside(d: Drawing, x: Out, update: Out, name: str, dropout: float = 0.0, axis: int = 1) -> Out:
    """The sum with what a layer found, of which rows or columns drop the same."""
    if dropout:
        update = d.add("shared_dropout", update, name=f"{name}_dropout", p=dropout, axis=axis)
    return d.add("add", x, update, name=name)


def _dense(d: Drawing, x: Out, name: str, features: Value, bias: bool = False) -> Out:
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
    gated = d.add("multiply", found, gate, name="gated")
    return _dense(d, gated, "out", channels, bias=True)


def _transition(d: Drawing, x: Out) -> Out:
    """Algorithms 9 and 15: two dense layers with four times the channels between them."""
    x = d.add("layer_norm", x, name="norm")
    x = d.add("relu", _dense(d, x, "wide", Expr("4 * channels"), bias=True))
    return _dense(d, x, "narrow", Expr("channels"), bias=True)


def _outer_product_mean(d: Drawing, m: Out, form: EvoformerForm) -> Out:
    """Algorithm 10: how two places vary together in all sequences."""
    m = d.add("layer_norm", m, name="norm")
    left = _dense(d, m, "left", form.outer_channels, bias=True)
    right = _dense(d, m, "right", form.outer_channels, bias=True)
    x = d.add("einsum", left, right, name="products", equation="nsic,nsjd->nijcd", average=True)
    x = d.add("flatten", x, start_axis=3)
    return _dense(d, x, "out", form.pair_channels, bias=True)


_TRIANGLES = {
    "Outgoing": "nikc,njkc->nijc",
    "Incoming": "nkic,nkjc->nijc",
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
        edges.append(d.add("multiply", edge, gate, name=f"{name}_edge"))
    x = d.add("einsum", *edges, name="triangles", equation=equation)
    x = d.add("layer_norm", x, name="norm_triangles")
    x = _dense(d, x, "out", channels, bias=True)
    gate = d.add("sigmoid", _dense(d, z, "gate", channels, bias=True), name="open")
    return d.add("multiply", x, gate, name="gated")


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
        "two edges are short, the third cannot be long. Proteins and their relatives must come "
        "from files; with digits it guesses hidden pixels instead."
    ),
    source=(
        "Highly Accurate Protein Structure Prediction with AlphaFold. J. Jumper and others, 2021. "
        "Supplement, algorithms 6 to 15, without masks for what is missing."
    ),
    form=EvoformerForm,
    draw=_evoformer,
    small={
        "data": DIGITS,
        "blocks": 2, "msa_channels": 16, "pair_channels": 8, "heads": 2,
        "pair_heads": 2, "head_channels": 4, "outer_channels": 4,
    },
    order=2021,
)  # fmt: skip
