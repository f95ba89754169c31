"""What the parts of a Transformer share: parameters, torch's options, and their cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from graph.block import Argument, Block, Call
from graph.blocks import _masks as masks
from graph.blocks._attention_memory import attending_to_itself, attending_to_memory, dropped
from graph.blocks._common import changed
from graph.blocks._heads import heads_param, need_heads, show_heads
from graph.blocks._sequences import need_sequence
from graph.params import param
from graph.problems import Refusal, SetUpstream
from graph.saved import NO_MEMORY, Memory, memory_of
from graph.tensor import Dim, TensorType, show_shape

STRICTER = masks.STRICTER | {
    "a memory of as many rows": "Torch names no reason where it refuses, and repeats one row.",
}


def heads() -> Any:  # Any: as `param`, whose answers these are
    return heads_param()


def layers() -> Any:
    return param(default=2, ge=1, help="Layers in a row, all of the same kind.")


def feed_forward() -> Any:
    return param(default=256, ge=1, help="Features between the two dense layers of each layer.")


def activation() -> Any:
    return param(
        default="gelu", choices=("relu", "gelu"), help="What stands between the dense layers."
    )


def norm_first() -> Any:
    return param(default=True, help="Normalise before each part, which trains more steadily.")


def dropout() -> Any:
    return param(
        default=0.1, ge=0, le=1, widget="slider",
        help="Chance of each number to become 0 while training, in all its parts.",
    )  # fmt: skip


def bias() -> Any:
    return param(default=True, help="Add learned biases, in the norms too.")


class TransformerPart(Block):
    """What layers, encoders and decoders have in common."""

    stricter = STRICTER

    if TYPE_CHECKING:  # Each subclass declares them: the forms keep the order.
        heads: int
        feed_forward: int
        activation: str
        norm_first: bool
        dropout: float
        bias: bool

    def options(self) -> dict[str, Argument]:
        made: dict[str, Argument] = changed(
            dim_feedforward=(self.feed_forward, 2048),
            dropout=(self.dropout, 0.1),
            activation=(self.activation, "relu"),
        )
        made["batch_first"] = True
        return made | changed(norm_first=(self.norm_first, False), bias=(self.bias, True))

    def dense_kept(self, x: TensorType) -> Memory:
        """What is kept between the dense layers, and of the dropout behind them."""
        between = x.with_shape(*x.shape[:2], self.feed_forward)
        parts = 2 if self.dropout else 1 + (self.activation == "gelu")
        return memory_of(between).times(parts) + self.dropped(between) + self.dropped(x)

    def dropped(self, x: TensorType) -> Memory:
        return dropped(x) if self.dropout else NO_MEMORY

    def encoder_layer_kept(self, x: TensorType, mask: TensorType | None, causal: bool) -> Memory:
        """What is kept of a layer, apart from what it receives."""
        attention = attending_to_itself(x, self.heads, mask, causal, self.dropout)
        sums = memory_of(x).times(2 if self.norm_first else 3)
        norms = Memory(4 * x.shape[0] * x.shape[1])
        return attention + self.dropped(x) + sums + norms + self.dense_kept(x)

    def decoder_layer_kept(
        self,
        x: TensorType,
        memory: TensorType,
        mask: TensorType | None,
        memory_mask: TensorType | None,
        causal: bool,
    ) -> Memory:
        """The same of a layer that asks a memory, too."""
        asking = attending_to_memory(x, memory, self.heads, memory_mask, self.dropout)
        norm = Memory(2 * x.shape[0] * x.shape[1])
        more = asking + self.dropped(x) + memory_of(x) + norm
        return self.encoder_layer_kept(x, mask, causal) + more

    def layers_kept(self, x: TensorType, each: Memory, count: int) -> Memory:
        """What is kept of layers in a row; those that normalise first have a norm behind them."""
        found = each.times(count)
        if not self.norm_first:
            return found
        return found + Memory(count * x.elements() + 2 * x.shape[0] * x.shape[1])

    def ports_kept(self, *ports: str) -> tuple[str, ...]:
        """The inputs that are kept: torch's modules copy what attention receives first."""
        return ports if self.norm_first else ()

    def layer(self, name: str, features: Dim) -> Call:
        return Call(f"nn.{name}", features, self.heads, **self.options())

    def norm(self, features: Dim) -> Call:
        return Call("nn.LayerNorm", features, **changed(bias=(self.bias, True)))

    def attention_weights(self, features: int) -> int:
        return 4 * features**2 + self.bias * 4 * features

    def norm_weights(self, features: int) -> int:
        return (1 + self.bias) * features

    def dense_weights(self, features: int) -> int:
        return 2 * features * self.feed_forward + self.bias * (self.feed_forward + features)

    def encoder_layer_weights(self, features: int) -> int:
        rest = self.dense_weights(features) + 2 * self.norm_weights(features)
        return self.attention_weights(features) + rest

    def decoder_layer_weights(self, features: int) -> int:
        rest = self.dense_weights(features) + 3 * self.norm_weights(features)
        return 2 * self.attention_weights(features) + rest

    def encoder_layer_products(self, n: Dim, t: Dim, features: int) -> Dim:
        products = 4 * features**2 + 2 * features * self.feed_forward
        return n * t * (2 * t * features + products)

    def decoder_layer_products(self, n: Dim, t: Dim, s: Dim, features: int) -> Dim:
        of_x = 6 * features**2 + 2 * features * self.feed_forward + 2 * (t + s) * features
        return n * (t * of_x + s * 2 * features**2)

    def summary(self) -> str:
        is_causal = bool(getattr(self, "causal", False))
        words = [show_heads(self.heads, is_causal), f"ff {self.feed_forward}"]
        count = getattr(self, "layers", 0)
        return "  ".join([f"{count} layer{'s' if count > 1 else ''}", *words] if count else words)

    def check_memory(self, x: TensorType, memory: TensorType, port: str = "memory") -> None:
        need_heads(need_sequence(x, "x", "1, -1"), self.heads, "x")
        need_sequence(memory, port, "1, -1")
        if memory.shape[0] != x.shape[0]:
            raise Refusal(
                f"needs a memory of as many rows as there are sequences, {x.shape[0]}, but "
                f"receives {show_shape(memory.shape)}",
                port=port,
                short=f"{memory.shape[0]} ≠ {x.shape[0]}",
            )
        if memory.shape[2] != x.shape[2]:
            raise Refusal(
                f"needs a memory of {x.shape[2]} features like its sequence, but receives "
                f"{show_shape(memory.shape)}",
                port=port,
                short=f"{memory.shape[2]} ≠ {x.shape[2]}",
                hints=(SetUpstream(port, "features", x.shape[2]),)
                if isinstance(x.shape[2], int)
                else (),
            )


def of_port(code: masks.MaskCode, port: str) -> masks.MaskCode:
    """The same code for a mask that comes in at another port than `mask`."""

    def renamed(text: str) -> str:
        return text.replace("{mask}", f"{{{port}}}").replace("{_mask}", f"{{_{port}}}")

    return masks.MaskCode(
        tuple(map(renamed, code.statements)), tuple(map(renamed, code.words)), code.snippets
    )


def told(code: masks.MaskCode, mask: str, is_causal: str) -> masks.MaskCode:
    """The same, telling torch that a mask of its own is not causal, which it would look for."""
    words = tuple(word.replace("is_causal=True", f"{is_causal}=True") for word in code.words)
    if any(word.startswith(f"{mask}=") for word in words) and f"{is_causal}=True" not in words:
        words = (*words, f"{is_causal}=False")
    return code._replace(words=words)
