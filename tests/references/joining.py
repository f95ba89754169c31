"""Convolutional networks whose layers join what they find: GoogLeNet and DenseNet."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional


class ConvNorm(nn.Module):
    """A convolution without bias, a batch norm and ReLU."""

    def __init__(self, channels: int, filters: int, kernel: int = 1, stride: int = 1) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels, filters, kernel, stride, kernel // 2, bias=False)
        self.bn = nn.BatchNorm2d(filters, eps=1e-3)

    def forward(self, x: Tensor) -> Tensor:
        return torch.relu(self.bn(self.conv(x)))


class Inception(nn.Module):
    """Figure 2b of Going Deeper with Convolutions (2014); its 5×5 may be of 3×3."""

    def __init__(self, channels: int, row: list[int], large: int) -> None:
        super().__init__()
        ones, reduce3, threes, reduce5, fives, pool = row
        self.branch1 = ConvNorm(channels, ones)
        self.branch2 = nn.Sequential(ConvNorm(channels, reduce3), ConvNorm(reduce3, threes, 3))
        self.branch3 = nn.Sequential(ConvNorm(channels, reduce5), ConvNorm(reduce5, fives, large))
        self.branch4_1 = ConvNorm(channels, pool)

    def forward(self, x: Tensor) -> Tensor:
        pooled = functional.max_pool2d(x, 3, 1, 1)
        found = [self.branch1(x), self.branch2(x), self.branch3(x), self.branch4_1(pooled)]
        return torch.cat(found, 1)


class Head(nn.Module):
    """An auxiliary classifier: section 5 of the paper, its pool to 4×4 places."""

    def __init__(self, channels: int, filters: int, wide: int, classes: int) -> None:
        super().__init__()
        self.conv = ConvNorm(channels, filters)
        self.fc1 = nn.Linear(16 * filters, wide)
        self.fc2 = nn.Linear(wide, classes)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv(functional.adaptive_avg_pool2d(x, 4)).flatten(1)
        return self.fc2(functional.dropout(torch.relu(self.fc1(x)), 0.7, self.training))


TABLE = {
    "3a": (64, 96, 128, 16, 32, 32),
    "3b": (128, 128, 192, 32, 96, 64),
    "4a": (192, 96, 208, 16, 48, 64),
    "4b": (160, 112, 224, 24, 64, 64),
    "4c": (128, 128, 256, 24, 64, 64),
    "4d": (112, 144, 288, 32, 64, 64),
    "4e": (256, 160, 320, 32, 128, 128),
    "5a": (256, 160, 320, 32, 128, 128),
    "5b": (384, 192, 384, 48, 128, 128),
}


class Googlenet(nn.Module):
    """Table 1 of the paper with every count divided; answers main logits and those of the heads.

    Maps shrink by windows that may reach over the lower and right edge, as in its own framework.
    """

    def __init__(self, divisor: int, classes: int, large: int) -> None:
        super().__init__()
        self.conv1 = ConvNorm(3, 64 // divisor, 7, 2)
        self.conv2 = ConvNorm(64 // divisor, 64 // divisor)
        self.conv3 = ConvNorm(64 // divisor, 192 // divisor, 3)
        channels = 192 // divisor
        at: dict[str, int] = {}
        for name, counts in TABLE.items():
            row = [count // divisor for count in counts]
            self.add_module(f"inception{name}", Inception(channels, row, large))
            channels = at[name] = row[0] + row[2] + row[4] + row[5]
        self.aux1 = Head(at["4a"], 128 // divisor, 1024 // divisor, classes)
        self.aux2 = Head(at["4d"], 128 // divisor, 1024 // divisor, classes)
        self.fc = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        heads = []
        x = functional.max_pool2d(self.conv1(image), 3, 2, ceil_mode=True)
        x = functional.max_pool2d(self.conv3(self.conv2(x)), 3, 2, ceil_mode=True)
        for name in TABLE:
            if name in ("4a", "5a"):
                size = {"4a": 3, "5a": 2}[name]
                x = functional.max_pool2d(x, size, 2, ceil_mode=True)
            x = self.get_submodule(f"inception{name}")(x)
            if name in ("4a", "4d"):
                heads.append({"4a": self.aux1, "4d": self.aux2}[name](x))
        x = functional.dropout(x.mean((2, 3)), 0.2, self.training)
        return self.fc(x), heads[0], heads[1]


class DenseLayer(nn.Module):
    """Section 3 of Densely Connected Convolutional Networks (2016), with a bottleneck."""

    def __init__(self, channels: int, growth: int) -> None:
        super().__init__()
        self.norm1 = nn.BatchNorm2d(channels)
        self.conv1 = nn.Conv2d(channels, 4 * growth, 1, bias=False)
        self.norm2 = nn.BatchNorm2d(4 * growth)
        self.conv2 = nn.Conv2d(4 * growth, growth, 3, padding=1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        x = self.conv1(torch.relu(self.norm1(x)))
        return self.conv2(torch.relu(self.norm2(x)))


class Transition(nn.Module):
    """Between two dense blocks: half the channels, half the size."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm2d(channels)
        self.conv = nn.Conv2d(channels, channels // 2, 1, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        return functional.avg_pool2d(self.conv(torch.relu(self.norm(x))), 2)


class Densenet(nn.Module):
    """Table 1 of the paper: each layer receives all maps that its block has made so far."""

    def __init__(self, layers: tuple[int, ...], growth: int, width: int, classes: int) -> None:
        super().__init__()
        self.layers = layers
        self.conv0 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.norm0 = nn.BatchNorm2d(width)
        channels = width
        for block, depth in enumerate(layers, 1):
            for number in range(1, depth + 1):
                layer = DenseLayer(channels, growth)
                self.add_module(f"denseblock{block}_layer{number}", layer)
                channels += growth
            if block < len(layers):
                self.add_module(f"transition{block}", Transition(channels))
                channels //= 2
        self.norm5 = nn.BatchNorm2d(channels)
        self.fc = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = functional.max_pool2d(torch.relu(self.norm0(self.conv0(image))), 3, 2, 1)
        for block, depth in enumerate(self.layers, 1):
            maps = [x]
            for number in range(1, depth + 1):
                layer = self.get_submodule(f"denseblock{block}_layer{number}")
                maps.append(layer(torch.cat(maps, 1)))
            x = torch.cat(maps, 1)
            if block < len(self.layers):
                x = self.get_submodule(f"transition{block}")(x)
        return self.fc(torch.relu(self.norm5(x)).mean((2, 3)))
