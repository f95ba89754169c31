"""GoogLeNet.

Twenty-two layers of Inception modules, which look at a place through filters of several
sizes side by side and join what they see. Convolutions of 1×1 keep it small: 6,624,904
parameters, a twentieth of VGG. Two auxiliary heads, 13,004,888 with them, push
gradients into the lower half while it trains. The variant with batch norms is drawn,
which common libraries hold.

Source: Going Deeper with Convolutions. C. Szegedy and others, 2014.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class ConvNorm(nn.Sequential):
    """A convolution, normalised.

    x N×in_channels×H×W -> y N×channels×H×W.
    """

    def __init__(
        self,
        in_channels: int,
        channels: int,
        kernel: int = 1,
        stride: int = 1,
    ) -> None:
        super().__init__(
            nn.Conv2d(
                in_channels,
                channels,
                kernel,
                stride=stride,
                padding=kernel // 2,
                bias=False,
            ),
            nn.BatchNorm2d(channels, eps=0.001),
            nn.ReLU(),
        )


class Inception(nn.Module):
    """Looks at a place through filters of several sizes and joins what they see.

    x N×in_channels×H×W -> y N×C×H×W.
    """

    def __init__(
        self,
        in_channels: int,
        ones: int,
        three_reduce: int,
        threes: int,
        five_reduce: int,
        fives: int,
        pool: int,
    ) -> None:
        super().__init__()
        self.branch1 = ConvNorm(in_channels, ones)
        self.branch2_0 = ConvNorm(in_channels, three_reduce)
        self.branch2_1 = ConvNorm(three_reduce, threes, 3)
        self.branch3_0 = ConvNorm(in_channels, five_reduce)
        self.branch3_1 = ConvNorm(five_reduce, fives, 3)
        self.branch4_1 = ConvNorm(in_channels, pool)

    def forward(self, x: Tensor) -> Tensor:
        y = self.branch1(x)  # N×ones×H×W
        branch2_0 = self.branch2_0(x)  # N×three_reduce×H×W
        branch2_1 = self.branch2_1(branch2_0)  # N×threes×H×W
        branch3_0 = self.branch3_0(x)  # N×five_reduce×H×W
        branch3_1 = self.branch3_1(branch3_0)  # N×fives×H×W
        x = F.max_pool2d(x, 3, stride=1, padding=1)  # N×in_channels×H×W
        x = self.branch4_1(x)  # N×pool×H×W
        return torch.cat([y, branch2_1, branch3_1, x], dim=1)  # N×C×H×W


class AuxiliaryHead(nn.Sequential):
    """A classifier half-way up.

    x N×in_channels×14×14 -> y N×1000.
    """

    def __init__(self, in_channels: int) -> None:
        super().__init__(
            nn.AdaptiveAvgPool2d(4),
            ConvNorm(in_channels, 128),
            nn.Flatten(),
            nn.Linear(2048, 1024),
            nn.ReLU(),
            nn.Dropout(0.7),
            nn.Linear(1024, 1000),
        )


class Model(nn.Module):
    """image N×3×224×224 -> logits N×1000, aux1 N×1000, aux2 N×1000."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = ConvNorm(3, 64, 7, 2)
        self.conv2 = ConvNorm(64, 64)
        self.conv3 = ConvNorm(64, 192, 3)
        self.inception3a = Inception(192, 64, 96, 128, 16, 32, 32)
        self.inception3b = Inception(256, 128, 128, 192, 32, 96, 64)
        self.inception4a = Inception(480, 192, 96, 208, 16, 48, 64)
        self.aux1 = AuxiliaryHead(512)
        self.inception4b = Inception(512, 160, 112, 224, 24, 64, 64)
        self.inception4c = Inception(512, 128, 128, 256, 24, 64, 64)
        self.inception4d = Inception(512, 112, 144, 288, 32, 64, 64)
        self.aux2 = AuxiliaryHead(528)
        self.inception4e = Inception(528, 256, 160, 320, 32, 128, 128)
        self.inception5a = Inception(832, 256, 160, 320, 32, 128, 128)
        self.inception5b = Inception(832, 384, 192, 384, 48, 128, 128)
        self.dropout = nn.Dropout(0.2)
        self.fc = nn.Linear(1024, 1000)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        x = self.conv1(image)  # N×64×112×112
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)  # N×64×56×56
        x = self.conv2(x)
        x = self.conv3(x)  # N×192×56×56
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)  # N×192×28×28
        x = self.inception3a(x)  # N×256×28×28
        x = self.inception3b(x)  # N×480×28×28
        x = F.max_pool2d(x, 3, stride=2, ceil_mode=True)  # N×480×14×14
        inception4a = self.inception4a(x)  # N×512×14×14
        aux1 = self.aux1(inception4a)  # N×1000
        x = self.inception4b(inception4a)
        x = self.inception4c(x)
        inception4d = self.inception4d(x)  # N×528×14×14
        aux2 = self.aux2(inception4d)  # N×1000
        x = self.inception4e(inception4d)  # N×832×14×14
        x = F.max_pool2d(x, 2, ceil_mode=True)  # N×832×7×7
        x = self.inception5a(x)
        x = self.inception5b(x)  # N×1024×7×7
        x = x.mean((2, 3))  # N×1024
        x = self.dropout(x)
        logits = self.fc(x)  # N×1000
        return logits, aux1, aux2


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    logits, aux1, aux2 = model(batch["image"])
    aux1_label = batch["y"]  # N
    aux2_label = batch["y"]  # N
    label = batch["y"]  # N
    aux1_cross_entropy = F.cross_entropy(aux1, aux1_label)
    aux1_loss_weight = 0.3 * aux1_cross_entropy
    aux2_cross_entropy = F.cross_entropy(aux2, aux2_label)
    aux2_loss_weight = 0.3 * aux2_cross_entropy
    cross_entropy = F.cross_entropy(logits, label)
    accuracy = (logits.argmax(1) == label).sum() / (label != -100).sum()
    loss = aux1_loss_weight + aux2_loss_weight + cross_entropy
    return loss, {
        "aux1_loss_weight": aux1_loss_weight,
        "aux2_loss_weight": aux2_loss_weight,
        "cross_entropy": cross_entropy,
        "accuracy": accuracy,
    }
