"""DenseNet-121.

Every layer sees what all layers before it in its block have found, and adds a few
channels of its own. Nothing is computed twice, so 7,978,856 parameters do what ResNet
needs twenty million for. It keeps much in memory while it trains.

Source: Densely Connected Convolutional Networks. G. Huang, Z. Liu, L. van der Maaten
and K. Weinberger, 2016.
"""

import torch
import torch.nn.functional as F
from torch import Tensor, nn


class DenseLayer(nn.Sequential):
    """Finds a few new channels in all that were found before.

    x N×num_features×H×W -> y N×32×H×W.
    """

    def __init__(self, num_features: int) -> None:
        super().__init__(
            nn.BatchNorm2d(num_features),
            nn.ReLU(),
            nn.Conv2d(num_features, 128, 1, bias=False),
            nn.BatchNorm2d(128),
            nn.ReLU(),
            nn.Conv2d(128, 32, 3, padding=1, bias=False),
        )


class Transition(nn.Sequential):
    """Halves the image, and the channels.

    x N×2*channels×H×W -> y N×channels×H×W.
    """

    def __init__(self, channels: int) -> None:
        super().__init__(
            nn.BatchNorm2d(2 * channels),
            nn.ReLU(),
            nn.Conv2d(2 * channels, channels, 1, bias=False),
            nn.AvgPool2d(2),
        )


class Model(nn.Module):
    """image N×3×224×224 -> logits N×1000."""

    def __init__(self) -> None:
        super().__init__()
        self.conv0 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.norm0 = nn.BatchNorm2d(64)
        self.denseblock1 = nn.ModuleList(DenseLayer(64 + 32 * i) for i in range(6))
        self.transition1 = Transition(128)
        self.denseblock2 = nn.ModuleList(DenseLayer(128 + 32 * i) for i in range(12))
        self.transition2 = Transition(256)
        self.denseblock3 = nn.ModuleList(DenseLayer(256 + 32 * i) for i in range(24))
        self.transition3 = Transition(512)
        self.denseblock4 = nn.ModuleList(DenseLayer(512 + 32 * i) for i in range(16))
        self.norm5 = nn.BatchNorm2d(1024)
        self.fc = nn.Linear(1024, 1000)

    def forward(self, image: Tensor) -> Tensor:
        x = self.conv0(image)  # N×64×112×112
        x = self.norm0(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 3, stride=2, padding=1)  # N×64×56×56
        for dense_layer in self.denseblock1:  # N×256×56×56
            x = torch.cat([x, dense_layer(x)], dim=1)
        x = self.transition1(x)  # N×128×28×28
        for dense_layer in self.denseblock2:  # N×512×28×28
            x = torch.cat([x, dense_layer(x)], dim=1)
        x = self.transition2(x)  # N×256×14×14
        for dense_layer in self.denseblock3:  # N×1024×14×14
            x = torch.cat([x, dense_layer(x)], dim=1)
        x = self.transition3(x)  # N×512×7×7
        for dense_layer in self.denseblock4:  # N×1024×7×7
            x = torch.cat([x, dense_layer(x)], dim=1)
        x = self.norm5(x)
        x = F.relu(x)
        x = x.mean((2, 3))  # N×1024
        return self.fc(x)  # N×1000


def objective(
    model: nn.Module,
    batch: dict[str, Tensor],
) -> tuple[Tensor, dict[str, Tensor]]:
    """The loss that training minimises, and the metrics beside it."""
    logits = model(batch["image"])
    label = batch["label"]  # N
    loss = F.cross_entropy(logits, label)
    accuracy = (logits.argmax(1) == label).sum() / (label != -100).sum()
    return loss, {"accuracy": accuracy}
