"""The mouth-video network of Y-Net m and mr: torchvision's mc3_18 up to its third layer."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn
from torch.nn import functional as F

MEAN = (0.43216, 0.394666, 0.37645)
STD = (0.22803, 0.22145, 0.216989)
"""Of RGB values from 0 to 1, as the Kinetics-400 weights of mc3_18 want them."""
MOUTH_ROWS = slice(60, 100)
MOUTH_COLUMNS = slice(20, 80)
MOUTH_SIZE = 96


def mouth_input(faces: Tensor) -> Tensor:
    """(T, 128, 96, 3) uint8 RGB registered faces -> (1, 3, T, 96, 96) normalised mouths.

    The crop is normalised first and then enlarged without keeping its aspect ratio.
    """
    crop = faces[:, MOUTH_ROWS, MOUTH_COLUMNS].permute(0, 3, 1, 2).float() / 255.0
    mean = torch.tensor(MEAN, device=faces.device).view(3, 1, 1)
    std = torch.tensor(STD, device=faces.device).view(3, 1, 1)
    size = (MOUTH_SIZE, MOUTH_SIZE)
    large = F.interpolate((crop - mean) / std, size, mode="bilinear", align_corners=True)
    return large.transpose(0, 1).unsqueeze(0)


class VideoNet(nn.Module):
    """Mouth video to one feature vector per visual step (Tran et al., CVPR 2018, MC3)."""

    def __init__(self) -> None:
        super().__init__()
        from torchvision.models.video import mc3_18

        whole = mc3_18(weights=None)
        self.stem = whole.stem
        self.layer1 = whole.layer1
        self.layer2 = whole.layer2
        self.layer3 = whole.layer3

    def forward(
        self, video: Tensor, steps: int, check: Callable[[], None] = lambda: None
    ) -> Tensor:
        """Encode mouth video.

        Args:
            video: (B, 3, T, 96, 96) normalised RGB, 25 frames per second.
            steps: how many feature vectors to give, 4 per second.
            check: called between the convolutions, which take long; raises to cancel.

        Returns:
            (B, steps, 256).
        """
        x = self.stem(video)
        for layer in (self.layer1, self.layer2, self.layer3):
            for block in layer:
                check()
                y = block.conv1(x)
                check()
                y = block.conv2(y)
                shortcut = x if block.downsample is None else block.downsample(x)
                x = block.relu(y + shortcut)
        features = F.adaptive_avg_pool1d(x.mean((3, 4)), steps)
        return features.transpose(1, 2)
