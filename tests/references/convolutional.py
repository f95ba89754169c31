"""Convolutional networks after their papers: LeNet-5, AlexNet, VGG-16 and ResNets."""

from __future__ import annotations

from collections import OrderedDict

import torch
from torch import Tensor, nn
from torch.nn import functional


class Lenet(nn.Module):
    """Figure 2 of Gradient-Based Learning Applied to Document Recognition (1998), with ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.c1 = nn.Conv2d(1, 6, 5)
        self.c3 = nn.Conv2d(6, 16, 5)
        self.c5 = nn.Linear(400, 120)
        self.f6 = nn.Linear(120, 84)
        self.classifier = nn.Linear(84, 10)

    def forward(self, image: Tensor) -> Tensor:
        x = functional.max_pool2d(torch.relu(self.c1(image)), 2)
        x = functional.max_pool2d(torch.relu(self.c3(x)), 2)
        x = torch.relu(self.c5(x.reshape(len(x), -1)))
        return self.classifier(torch.relu(self.f6(x)))


class Alexnet(nn.Module):
    """Section 3.5 of the paper of 2012, two groups and response norms included, at any width.

    Its alpha multiplies a sum, that of torch a mean over five.
    """

    def __init__(self, filters: tuple[int, int, int, int, int], wide: int, classes: int) -> None:
        super().__init__()
        a, b, c, d, e = filters
        self.conv1 = nn.Conv2d(3, a, 11, 4, 2)
        self.conv2 = nn.Conv2d(a, b, 5, padding=2, groups=2)
        self.conv3 = nn.Conv2d(b, c, 3, padding=1)
        self.conv4 = nn.Conv2d(c, d, 3, padding=1, groups=2)
        self.conv5 = nn.Conv2d(d, e, 3, padding=1, groups=2)
        self.fc6 = nn.Linear(36 * e, wide)
        self.fc7 = nn.Linear(wide, wide)
        self.fc8 = nn.Linear(wide, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = functional.max_pool2d(_respond(torch.relu(self.conv1(image))), 3, 2)
        x = functional.max_pool2d(_respond(torch.relu(self.conv2(x))), 3, 2)
        x = torch.relu(self.conv4(torch.relu(self.conv3(x))))
        x = functional.max_pool2d(torch.relu(self.conv5(x)), 3, 2)
        x = functional.adaptive_avg_pool2d(x, 6).flatten(1)
        for layer in (self.fc6, self.fc7):
            x = torch.relu(layer(functional.dropout(x, 0.5, self.training)))
        return self.fc8(x)


def _respond(x: Tensor) -> Tensor:
    """Section 3.3, n = 5, k = 2, alpha = 1e-4, beta = 0.75, the sum written out."""
    squares = functional.pad(x.square(), (0, 0, 0, 0, 2, 2))
    total = sum(squares[:, shift : shift + x.shape[1]] for shift in range(5))
    return x / (2 + 1e-4 * total) ** 0.75


class Vgg16(nn.Module):
    """Column D of table 1 of Very Deep Convolutional Networks (2014)."""

    def __init__(self, width: int, classes: int) -> None:
        super().__init__()
        channels = 3
        for stage, (depth, times) in enumerate(((2, 1), (2, 2), (3, 4), (3, 8), (3, 8)), 1):
            for number in range(1, depth + 1):
                conv = nn.Conv2d(channels, times * width, 3, padding=1)
                self.add_module(f"conv{stage}_{number}_conv", conv)
                channels = times * width
        self.fc6 = nn.Linear(49 * channels, 64 * width)
        self.fc7 = nn.Linear(64 * width, 64 * width)
        self.fc8 = nn.Linear(64 * width, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = image
        for stage, depth in enumerate((2, 2, 3, 3, 3), 1):
            for number in range(1, depth + 1):
                x = torch.relu(self.get_submodule(f"conv{stage}_{number}_conv")(x))
            x = functional.max_pool2d(x, 2)
        x = functional.adaptive_avg_pool2d(x, 7).flatten(1)
        for layer in (self.fc6, self.fc7):
            x = functional.dropout(torch.relu(layer(x)), 0.5, self.training)
        return self.fc8(x)


class ResidualBlock(nn.Module):
    """Figure 5 of Deep Residual Learning (2015): the left one, or the right one as a bottleneck."""

    def __init__(self, channels: int, inner: int, stride: int, bottleneck: bool) -> None:
        super().__init__()
        outer = 4 * inner if bottleneck else inner
        shapes = [(channels, inner, 3, stride), (inner, inner, 3, 1)]
        if bottleneck:
            shapes = [(channels, inner, 1, 1), (inner, inner, 3, stride), (inner, outer, 1, 1)]
        self.depth = len(shapes)
        for number, (before, after, kernel, step) in enumerate(shapes, 1):
            conv = nn.Conv2d(before, after, kernel, step, kernel // 2, bias=False)
            self.add_module(f"conv{number}", conv)
            self.add_module(f"bn{number}", nn.BatchNorm2d(after))
        self.downsample: nn.Module = nn.Identity()
        if stride > 1 or channels != outer:
            conv = nn.Conv2d(channels, outer, 1, stride, bias=False)
            parts = OrderedDict(conv=conv, bn=nn.BatchNorm2d(outer))
            self.downsample = nn.Sequential(parts)

    def forward(self, x: Tensor) -> Tensor:
        y = x
        for number in range(1, self.depth + 1):
            y = self.get_submodule(f"bn{number}")(self.get_submodule(f"conv{number}")(y))
            if number < self.depth:
                y = torch.relu(y)
        return torch.relu(y + self.downsample(x))


class Resnet(nn.Module):
    """Table 1 of Deep Residual Learning (2015)."""

    def __init__(self, layers: tuple[int, ...], width: int, classes: int, bottleneck: bool) -> None:
        super().__init__()
        self.conv1 = nn.Conv2d(3, width, 7, 2, 3, bias=False)
        self.bn1 = nn.BatchNorm2d(width)
        channels = width
        self.stages = len(layers)
        for stage, depth in enumerate(layers):
            inner = width * 2**stage
            blocks = []
            for number in range(depth):
                stride = 2 if stage > 0 and number == 0 else 1
                blocks.append(ResidualBlock(channels, inner, stride, bottleneck))
                channels = 4 * inner if bottleneck else inner
            self.add_module(f"layer{stage + 1}", nn.Sequential(*blocks))
        self.fc = nn.Linear(channels, classes)

    def forward(self, image: Tensor) -> Tensor:
        x = functional.max_pool2d(torch.relu(self.bn1(self.conv1(image))), 3, 2, 1)
        for stage in range(1, self.stages + 1):
            x = self.get_submodule(f"layer{stage}")(x)
        return self.fc(x.mean((2, 3)))
