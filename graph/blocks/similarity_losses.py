"""Losses of embeddings: what is alike comes near, what differs stays away."""

from __future__ import annotations

from graph.block import Argument, Block, Category, Emit, Example, Role, Snippet, block
from graph.blocks._common import changed
from graph.blocks._losses import STRICTER_PAIRS, need_pair, need_rows
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, show_shape

_ROWS = STRICTER_PAIRS | {
    "a row of numbers": "Torch takes one sample without a batch axis, and repeats some shapes.",
}


@block(
    "cosine_embedding",
    title="Cosine embedding",
    category=Category.LOSS,
    glyph="Cm",
    keywords=("similarity", "siamese", "angle", "metric learning"),
    role=Role.LOSS,
)
class CosineEmbedding(Block):
    """How far pairs are from pointing the same way, or apart where they differ.

    Use it to learn embeddings from pairs that are told to be alike or not.

    Shape: `(N, E), (N, E), (N) -> ()`; targets are 1 for alike and -1 for different.
    """

    outputs = ("loss",)
    port_help = {
        "first": "The embedding of one of each pair.",
        "second": "The embedding of the other.",
        "target": "1 where they are alike, -1 where they differ.",
    }
    stricter = _ROWS | {
        "needs one target": "Torch takes one target for all.",
        "needs targets of real": "Complex targets have no sign.",
    }

    margin: float = param(
        default=0.0, ge=-1, le=1, help="Different pairs with less cosine than this cost nothing."
    )

    examples = (
        Example({}, first=T("N", 16), second=T("N", 16), target=T("N")),
        Example({"margin": 0.5}, first=T("N", 4), second=T("N", 4), target=T("N", dtype="int64")),
        Example({}, first=T("N", 4), second=T("N", 1), target=T("N"), fails="as many numbers"),
        Example({}, first=T("N", 4), second=T("N", 4), target=T("N", 1), fails="one target"),
        Example({}, first=T("N"), second=T("N"), target=T("N"), fails="a row of numbers"),
    )

    def infer(self, first: TensorType, second: TensorType, target: TensorType) -> TensorType:
        need_rows(first, "first")
        need_pair(second, first, "second")
        if target.dtype in ("complex64", "bool", "uint8"):
            raise Refusal(
                f"needs targets of real numbers, 1 or -1, but receives {target.dtype}",
                port="target",
                short=target.dtype,
                hints=(SetUpstream("target", "dtype", first.dtype),),
            )
        if target.shape != first.shape[:1]:
            raise Refusal(
                f"needs one target for each pair, {first.shape[0]}, but receives "
                f"{show_shape(target.shape)}",
                port="target",
                short=f"{show_shape(target.shape)} ≠ {first.shape[0]}",
                hints=(SetUpstream("target", "shape", ""),)
                if target.shape[:1] == first.shape[:1]
                else (),
            )
        return TensorType((), first.dtype)

    def emit(self, first: TensorType, second: TensorType, target: TensorType) -> Emit:
        values: dict[str, Argument] = changed(margin=(self.margin, 0.0))
        words = ["{first}", "{second}", "{target}", *(f"{name}={{{name}}}" for name in values)]
        return Emit(f"{{loss}} = F.cosine_embedding_loss({', '.join(words)})", values=values)

    def saved(self, first: TensorType, second: TensorType, target: TensorType) -> Saved:
        each = first.with_shape(*first.shape[:-1])
        return Saved.of(("first", "second"), *[each] * 5, *[each.with_dtype("bool")] * 2)


@block(
    "triplet_margin",
    title="Triplet margin",
    category=Category.LOSS,
    glyph="Tm",
    keywords=("metric learning", "facenet", "siamese", "anchor", "positive", "negative"),
    role=Role.LOSS,
)
class TripletMargin(Block):
    """How far what is alike is from being nearer than what differs, by a margin.

    Use it to learn embeddings from triplets: a sample, one that is like it, one that is not.

    Shape: `(N, E), (N, E), (N, E) -> ()`: the mean of `max(d(a, p) - d(a, n) + margin, 0)`.

    Source: FaceNet (2015), section 3.1; swap as in Learning Shallow Convolutional Feature
    Descriptors with Triplet Losses (2016).
    """

    outputs = ("loss",)
    port_help = {
        "anchor": "The embedding of a sample.",
        "positive": "The embedding of one that is like it.",
        "negative": "The embedding of one that is not.",
    }
    stricter = _ROWS

    margin: float = param(default=1.0, gt=0, help="By how much the other is to be farther.")
    p: float = param(
        default=2.0, ge=1, title="Power", help="2 for the usual distance, 1 for the city block's."
    )
    swap: bool = param(
        default=False, help="Take the distance between positive and negative, if smaller."
    )

    examples = (
        Example({}, anchor=T("N", 16), positive=T("N", 16), negative=T("N", 16)),
        Example(
            {"margin": 0.2, "p": 1.0, "swap": True},
            anchor=T("N", 4), positive=T("N", 4), negative=T("N", 4),
        ),
        Example(
            {}, anchor=T("N", 4), positive=T("N", 1), negative=T("N", 4), fails="as many numbers"
        ),
        Example({}, anchor=T("N"), positive=T("N"), negative=T("N"), fails="a row of numbers"),
        Example(
            {},
            anchor=T("N", 4), positive=T("N", 4), negative=T("N", 4, dtype="float64"),
            fails="one dtype",
        ),
    )  # fmt: skip

    def infer(self, anchor: TensorType, positive: TensorType, negative: TensorType) -> TensorType:
        need_rows(anchor, "anchor")
        need_pair(positive, anchor, "positive")
        need_pair(negative, anchor, "negative")
        return TensorType((), anchor.dtype)

    def emit(self, anchor: TensorType, positive: TensorType, negative: TensorType) -> Emit:
        values: dict[str, Argument] = changed(
            margin=(self.margin, 1.0), p=(self.p, 2.0), swap=(self.swap, False)
        )
        words = ["{anchor}", "{positive}", "{negative}", *(f"{name}={{{name}}}" for name in values)]
        return Emit(f"{{loss}} = F.triplet_margin_loss({', '.join(words)})", values=values)

    def saved(self, anchor: TensorType, positive: TensorType, negative: TensorType) -> Saved:
        pairs = 3 if self.swap else 2
        each = anchor.with_shape(*anchor.shape[:-1])
        return Saved.of((), *[anchor] * pairs, *[each] * (pairs + 1))


_INFO_NCE = Snippet(
    "pair_surprise",
    '''\
def pair_surprise(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The surprise of finding each row's partner among all rows of the second."""
    cosines = F.normalize(first, dim=1) @ F.normalize(second, dim=1).transpose(0, 1)
    partners = torch.arange(len(first), device=first.device)
    return F.cross_entropy(cosines / temperature, partners)
''',
)
_NT_XENT = Snippet(
    "view_surprise",
    '''\
def view_surprise(first: Tensor, second: Tensor, temperature: float) -> Tensor:
    """The surprise of finding the other view of each row among all other rows."""
    rows = F.normalize(torch.cat([first, second]), dim=1)
    itself = torch.eye(len(rows), dtype=torch.bool, device=rows.device)
    cosines = (rows @ rows.transpose(0, 1)).masked_fill(itself, float("-inf"))
    partners = torch.arange(len(rows), device=rows.device).roll(len(first))
    return F.cross_entropy(cosines / temperature, partners)
''',
)


@block(
    "contrastive",
    title="Contrastive",
    category=Category.LOSS,
    glyph="Cn",
    keywords=("infonce", "nt-xent", "simclr", "clip", "self-supervised", "metric learning"),
    role=Role.LOSS,
)
class Contrastive(Block):
    """How hard it is to find each row's partner among the rows of the batch.

    Use it to learn embeddings from pairs alone, such as two views of an image, or an image and
    its caption. InfoNCE finds the second of each first; symmetric also the first of each second;
    NT-Xent looks among the others of both. Large batches make it hard enough.

    Shape: `(N, E), (N, E) -> ()`; rows are normalised first.

    Source: Representation Learning with Contrastive Predictive Coding (2018), equation 4; CLIP
    (2021), figure 3; A Simple Framework for Contrastive Learning (2020), equation 1.
    """

    outputs = ("loss",)
    port_help = {
        "first": "The embedding of one of each pair.",
        "second": "The embedding of the other.",
    }
    stricter = _ROWS

    form: str = param(
        default="NT-Xent", choices=("NT-Xent", "InfoNCE", "symmetric InfoNCE"),
        help="Among which rows the partner is to be found.",
    )  # fmt: skip
    temperature: float = param(
        default=0.5, gt=0, help="Below 1, the rows that are most alike count most."
    )

    examples = (
        Example({}, first=T("N", 16), second=T("N", 16)),
        Example({"form": "InfoNCE", "temperature": 0.07}, first=T("N", 4), second=T("N", 4)),
        Example({"form": "symmetric InfoNCE"}, first=T("N", 4), second=T("N", 4)),
        Example({}, first=T("N", 4), second=T("N", 1), fails="as many numbers"),
        Example({}, first=T("N"), second=T("N"), fails="a row of numbers"),
        Example({}, first=T("N", 4), second=T("N", 4, dtype="float64"), fails="one dtype"),
    )

    def infer(self, first: TensorType, second: TensorType) -> TensorType:
        need_rows(first, "first")
        need_pair(second, first, "second")
        return TensorType((), first.dtype)

    def emit(self, first: TensorType, second: TensorType) -> Emit:
        values: dict[str, Argument] = {"temperature": self.temperature}
        if self.form == "NT-Xent":
            text = "{loss} = view_surprise({first}, {second}, {temperature})"
            return Emit(text, values=values, snippets=(_NT_XENT,))
        text = "{loss} = pair_surprise({first}, {second}, {temperature})"
        if self.form != "InfoNCE":
            lines = (
                "{_there} = pair_surprise({first}, {second}, {temperature})",
                "{_back} = pair_surprise({second}, {first}, {temperature})",
                "{loss} = ({_there} + {_back}) / 2",
            )
            text = "\n".join(lines)
        return Emit(text, values=values, snippets=(_INFO_NCE,))

    def multiply_adds(self, first: TensorType, second: TensorType) -> Dim:
        n, features = first.shape
        pairs = {"NT-Xent": 4, "InfoNCE": 1, "symmetric InfoNCE": 2}[self.form]
        return pairs * n * n * features

    def saved(self, first: TensorType, second: TensorType) -> Saved:
        n, features = first.shape
        if self.form == "NT-Xent":
            rows, square = first.with_shape(2 * n, features), first.with_shape(2 * n, 2 * n)
            lengths, places = first.with_shape(2 * n, 2), TensorType((2 * n,), "int64")
            return Saved.of((), rows, rows, square, square.with_dtype("bool"), lengths, places)
        ways = 2 if self.form.startswith("symmetric") else 1
        each = (first, second, first.with_shape(n, n), first.with_shape(n, 4))
        places = TensorType((n,), "int64")
        return Saved.of(("first", "second"), *each * ways, *[places] * ways)

    def summary(self) -> str:
        return f"{self.form}  τ {self.temperature:g}"
