"""ResNet-18.

Each block learns what to add to what it receives, and a wire carries that past it. So
gradients reach the first layers undamped, and more depth no longer makes a network
worse. Eight blocks of two convolutions each, 11,689,512 parameters: the usual first
choice for pictures.

Source: Deep Residual Learning for Image Recognition. K. He, X. Zhang, S. Ren and J.
Sun, 2015. Bottlenecks shrink the image in their 3×3, as common libraries do; in the
paper in their first 1×1.
"""

import torch.nn.functional as F
from torch import Tensor, nn


class BasicBlock(nn.Module):
    """Adds what its convolutions make of the input to the input.

    x N×width×H×W -> y N×width×H×W.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)  # N×width×H×W
        y = self.bn1(y)
        y = F.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        x = y + x
        return F.relu(x)


class ProjectedBasicBlock(nn.Module):
    """The first block of a stage: a convolution fits the input to the new size.

    x N×C×H×W -> y N×width×H×W.
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(width // 2, width, 3, stride=2, padding=1, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        self.conv2 = nn.Conv2d(width, width, 3, padding=1, bias=False)
        self.bn2 = nn.BatchNorm2d(width)
        self.shortcut = nn.Conv2d(width // 2, width, 1, stride=2, bias=False)
        self.shortcut_bn = nn.BatchNorm2d(width)

    def forward(self, x: Tensor) -> Tensor:
        y = self.conv1(x)  # N×width×H×W
        y = self.bn1(y)
        y = F.relu(y)
        y = self.conv2(y)
        y = self.bn2(y)
        x = self.shortcut(x)  # N×width×H×W
        x = self.shortcut_bn(x)
        x = y + x
        return F.relu(x)


class Model(nn.Module):
    """image N×3×224×224 -> logits N×1000."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, 64, 7, stride=2, padding=3, bias=False)
        self.bn1 = nn.BatchNorm2d(64)
        self.layer1 = nn.Sequential(*(BasicBlock(64) for _ in range(2)))
        self.layer2_0 = ProjectedBasicBlock(128)
        self.layer2 = BasicBlock(128)
        self.layer3_0 = ProjectedBasicBlock(256)
        self.layer3 = BasicBlock(256)
        self.layer4_0 = ProjectedBasicBlock(512)
        self.layer4 = BasicBlock(512)
        self.fc = nn.Linear(512, 1000)

    def forward(self, image: Tensor) -> Tensor:
        x = self.conv1(image)  # N×64×112×112
        x = self.bn1(x)
        x = F.relu(x)
        x = F.max_pool2d(x, 3, stride=2, padding=1)  # N×64×56×56
        x = self.layer1(x)
        x = self.layer2_0(x)  # N×128×28×28
        x = self.layer2(x)
        x = self.layer3_0(x)  # N×256×14×14
        x = self.layer3(x)
        x = self.layer4_0(x)  # N×512×7×7
        x = self.layer4(x)
        x = x.mean((2, 3))  # N×512
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
