"""Mixture of experts: of many dense layers, each place uses a few."""

from __future__ import annotations

from graph.block import Block, Call, Category, Emit, Example, Snippet, block, known
from graph.blocks._common import need_float32
from graph.params import param
from graph.problems import Refusal, SetParam
from graph.saved import Saved
from graph.tensor import Dim, T, TensorType, product, show_shape

_EXPERTS = Snippet(
    "MixtureOfExperts",
    '''\
class MixtureOfExperts(nn.Module):
    """Pairs of dense layers, of which a gate chooses a few for each place."""

    def __init__(self, features: int, hidden: int, experts: int, chosen: int) -> None:
        super().__init__()
        self.gate = nn.Linear(features, experts, bias=False)
        self.experts = nn.ModuleList(
            nn.Sequential(
                nn.Linear(features, hidden), nn.GELU(), nn.Linear(hidden, features)
            )
            for _ in range(experts)
        )
        self.chosen = chosen

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        chances = F.softmax(self.gate(x), dim=-1)
        shares, best = chances.topk(self.chosen, dim=-1)
        if self.chosen > 1:
            shares = shares / shares.sum(-1, keepdim=True)
        weights = torch.zeros_like(chances).scatter(-1, best, shares)
        answers = torch.stack([expert(x) for expert in self.experts], dim=-1)
        used = (weights > 0).to(x.dtype).flatten(0, -2).mean(0) / self.chosen
        balance = len(self.experts) * (used * chances.flatten(0, -2).mean(0)).sum()
        return (answers * weights[..., None, :]).sum(-1), balance
''',
)


@block(
    "mixture_of_experts",
    title="Mixture of experts",
    category=Category.ATTENTION,
    glyph="Mo",
    keywords=("moe", "switch", "mixtral", "gate", "router", "sparse", "feed-forward"),
    stem="experts",
)
class MixtureOfExperts(Block):
    """Several pairs of dense layers, of which a gate chooses the best few for each place.

    Use it in place of the dense layers of a Transformer. A Loss weight of about 0.01 behind
    balance keeps all experts in use: it is 1 where they share the work equally, and more else.

    Shape: `(…, E) -> (…, E), ()`, over at least two axes.

    Source: Outrageously Large Neural Networks (2017), section 2; Switch Transformers (2021),
    equation 4, for balance and for one expert. Clear rather than fast: here all experts compute
    for every place, and those not chosen count nothing.
    """

    outputs = ("y", "balance")
    port_help = {"balance": "How unequally the experts are used; from 1 on."}
    stricter = {"at least two axes": "Torch takes one place without a batch, which has no mean."}

    experts: int = param(default=4, ge=1, help="How many there are.")
    chosen: int = param(default=2, ge=1, help="How many each place uses.")
    hidden: int = param(default=256, ge=1, help="Features between the two layers of an expert.")

    examples = (
        Example({}, x=T("N", "T", 16)),
        Example({"experts": 3, "chosen": 1, "hidden": 7}, x=T("N", 8)),
        Example({"experts": 2, "hidden": 5}, x=T("N", 3, 2, 4)),
        Example({"experts": 2, "chosen": 3}, x=T("N", 8), fails="3 of 2 experts"),
        Example({}, x=T(8), fails="at least two axes"),
        Example({}, x=T("N", 8, dtype="int64"), fails="needs floating-point"),
    )

    def infer(self, x: TensorType) -> tuple[TensorType, TensorType]:
        need_float32(x)
        if x.rank < 2:
            raise Refusal(
                f"needs at least two axes (…, E), but receives {show_shape(x.shape)}",
                port="x",
                short=f"rank {x.rank} < 2",
            )
        self.features(x)
        if self.chosen > self.experts:
            raise Refusal(
                f"chooses {self.chosen} of {self.experts} experts",
                short=f"{self.chosen} > {self.experts}",
                hints=(SetParam("chosen", self.experts), SetParam("experts", self.chosen)),
            )
        return x, T()

    def features(self, x: TensorType) -> int:
        return known(x.shape[-1], "the number of features", "x")

    def emit(self, x: TensorType) -> Emit:
        made = Call("MixtureOfExperts", self.features(x), self.hidden, self.experts, self.chosen)
        return Emit("{y}, {balance} = {experts}({x})", {"experts": made}, snippets=(_EXPERTS,))

    def parameters(self, x: TensorType) -> int:
        features = self.features(x)
        each = 2 * features * self.hidden + self.hidden + features
        return self.experts * (each + features)

    def multiply_adds(self, x: TensorType) -> Dim:
        return product(x.shape) * self.experts * (2 * self.hidden + 1)

    def saved(self, x: TensorType) -> Saved:
        places = product(x.shape[:-1])
        shares = (self.chosen + 1) if self.chosen > 1 else 0
        answers = self.experts * (2 * self.hidden + self.features(x) + 2)
        return Saved(("x",), numbers=places * (answers + shares), bytes=places * self.chosen * 8)

    def summary(self) -> str:
        return f"{self.chosen} of {self.experts}  ff {self.hidden}"
