"""GoogLeNet, with its auxiliary classifiers and without."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from graph.gallery import _classifying as classifying
from graph.gallery.draw import Drawing, Out
from graph.gallery.entry import Entry, Family
from graph.params import Expr, param

AUXILIARY_WEIGHT = 0.3
LABEL = "y"


class Inception(NamedTuple):
    """Filters of one module: a row of table 1, from “#1×1” to “pool proj”."""

    ones: int
    three_reduce: int
    threes: int
    five_reduce: int
    fives: int
    pool: int


MODULES = {
    "inception3a": Inception(64, 96, 128, 16, 32, 32),
    "inception3b": Inception(128, 128, 192, 32, 96, 64),
    "inception4a": Inception(192, 96, 208, 16, 48, 64),
    "inception4b": Inception(160, 112, 224, 24, 64, 64),
    "inception4c": Inception(128, 128, 256, 24, 64, 64),
    "inception4d": Inception(112, 144, 288, 32, 64, 64),
    "inception4e": Inception(256, 160, 320, 32, 128, 128),
    "inception5a": Inception(256, 160, 320, 32, 128, 128),
    "inception5b": Inception(384, 192, 384, 48, 128, 128),
}


class Googlenet(classifying.ImageForm):
    """Sizes of a GoogLeNet."""

    width: int = param(
        default=64, ge=4, le=1024, help="Filters of the first convolution; all grow with it."
    )
    auxiliary: bool = param(
        default=True,
        title="Auxiliary heads",
        help="Two classifiers half-way up, whose losses count 0.3 each, so that early layers "
        "learn sooner.",
    )
    five_by_five: bool = param(
        default=False,
        title="Filters of 5×5",
        help="As in the paper; the common library has 3×3 in their place.",
    )


@dataclass(frozen=True)
class Painter:
    """Draws the parts of a GoogLeNet."""

    d: Drawing
    form: Googlenet

    def filters(self, published: int) -> int:
        return max(1, published * self.form.width // 64)

    def define(self) -> None:
        """A convolution with its norm, and the module of figure 2(b)."""
        d = self.d
        with d.define("ConvNorm", "A convolution, normalised.", channels=64, kernel=1, stride=1):
            x = d.add(
                "conv2d", d.port("x", "64, 56, 56"), name="conv", out_channels=Expr("channels"),
                kernel_size=Expr("kernel"), stride=Expr("stride"), padding=Expr("kernel // 2"),
                bias=False,
            )  # fmt: skip
            d.result(d.chain(d.add("batch_norm", x, name="bn", eps=0.001), "relu"))
        about = "Looks at a place through filters of several sizes and joins what they see."
        with d.define("Inception", about, **MODULES["inception3a"]._asdict()):
            x = d.port("x", "192, 28, 28")
            large = 5 if self.form.five_by_five else 3
            ones = self._branch(x, "branch1", "ones")
            threes = self._branch(x, "branch2_0", "three_reduce")
            threes = self._branch(threes, "branch2_1", "threes", 3)
            fives = self._branch(x, "branch3_0", "five_reduce")
            fives = self._branch(fives, "branch3_1", "fives", large)
            pooled = d.add("max_pool2d", x, name="branch4_0", kernel_size=3, stride=1, padding=1)
            pooled = self._branch(pooled, "branch4_1", "pool")
            d.result(d.add("concat", ones, threes, fives, pooled))

    def _branch(self, x: Out, name: str, channels: str, kernel: int = 1) -> Out:
        return self.d.add("ConvNorm", x, name=name, channels=Expr(channels), kernel=kernel)

    def conv(self, x: Out, name: str, filters: int, kernel: int = 1, stride: int = 1) -> Out:
        return self.d.add(
            "ConvNorm", x, name=name, channels=self.filters(filters), kernel=kernel, stride=stride
        )

    def pool(self, x: Out, name: str, kernel: int = 3) -> Out:
        return self.d.add("max_pool2d", x, name=name, kernel_size=kernel, stride=2, ceil=True)

    def inception(self, x: Out, name: str) -> Out:
        n = MODULES[name]
        return self.d.add(
            "Inception", x, name=name, ones=self.filters(n.ones),
            three_reduce=self.filters(n.three_reduce), threes=self.filters(n.threes),
            five_reduce=self.filters(n.five_reduce), fives=self.filters(n.fives),
            pool=self.filters(n.pool),
        )  # fmt: skip

    def head(self, x: Out, name: str) -> None:
        """Section 5: a classifier half-way up, and its loss."""
        if not self.form.auxiliary:
            return
        d = self.d
        if "AuxiliaryHead" not in d.document.definitions:
            with d.define("AuxiliaryHead", "A classifier half-way up."):
                y = d.add(
                    "adaptive_avg_pool2d", d.port("x", "512, 14, 14"), name="avgpool", output_size=4
                )
                y = d.chain(self.conv(y, "conv", 128), "flatten")
                y = d.add("dense", y, name="fc1", features=self.filters(1024))
                y = d.add("dropout", d.chain(y, "relu"), p=0.7)
                classes = classifying.class_count(self.form)
                d.result(d.add("dense", y, name="fc2", features=classes))
        x = d.add("AuxiliaryHead", x, name=name)
        with d.section(name):
            label = d.add("target", name="label", column=LABEL)  # near its loss: no wire across
            loss = d.add("cross_entropy", prediction=x, target=label)
            d.add("loss_weight", loss, weight=AUXILIARY_WEIGHT)


def draw(d: Drawing, form: Googlenet) -> None:
    """Table 1 of the paper, with batch norms."""
    part = Painter(d, form)
    classifying.paper_recipe(
        d, form, epochs=90, batch_size=256, optimizer="sgd", learning_rate=0.01,
        schedule="step", step_size=8, gamma=0.96,
    )  # fmt: skip
    part.define()
    x = classifying.images(d, form)
    x = part.conv(x, "conv1", 64, 7, 2)
    x = part.pool(x, "maxpool1")
    x = part.conv(x, "conv2", 64)
    x = part.conv(x, "conv3", 192, 3)
    x = part.pool(x, "maxpool2")
    x = part.inception(x, "inception3a")
    x = part.inception(x, "inception3b")
    x = part.pool(x, "maxpool3")
    x = part.inception(x, "inception4a")
    part.head(x, "aux1")
    for name in ("inception4b", "inception4c", "inception4d"):
        x = part.inception(x, name)
    part.head(x, "aux2")
    x = part.inception(x, "inception4e")
    x = part.pool(x, "maxpool4", 2)
    x = part.inception(x, "inception5a")
    x = part.inception(x, "inception5b")
    x = d.add("global_avg_pool", x, name="avgpool")
    x = d.add("dropout", x, p=0.2)
    x = d.add("dense", x, name="fc", features=classifying.class_count(form))
    classifying.classify(d, x, d.add("target", name="label", column=LABEL))


GOOGLENET = Entry(
    name="googlenet",
    title="GoogLeNet",
    family=Family.CONVOLUTIONAL,
    order=2014,
    summary="Twenty-two layers of Inception modules, which look at a place through filters of "
    "several sizes side by side and join what they see. Convolutions of 1×1 keep it small: "
    "6,624,904 parameters, a twentieth of VGG. Two auxiliary heads, 13,004,888 with them, push "
    "gradients into the lower half while it trains. The variant with batch norms is drawn, which "
    "common libraries hold.",
    source="Going Deeper with Convolutions. C. Szegedy and others, 2014.",
    form=Googlenet,
    draw=draw,
    small={"data": classifying.DIGITS, "image_size": 32, "width": 16, "auxiliary": False},
)
