"""The landmark network of Y-Net g and gr: a spatial-temporal graph network on 68 points.

Eight blocks after ST-GCN (Yan et al., AAAI 2018) on a graph of nine open chains of face points.
Attribute names give the state-dict keys of the published checkpoints.
"""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor, nn

POINTS = 68
PARTITIONS = 3
TEMPORAL_KERNEL = 5
CHAINS = (
    range(0, 17),  # jaw
    range(17, 22),  # brows
    range(22, 27),
    range(27, 31),  # bridge of the nose
    range(31, 36),  # nostrils
    range(36, 42),  # eyes
    range(42, 48),
    range(48, 60),  # outer lips
    range(60, 68),  # inner lips
)
"""Runs of iBUG points whose neighbours are joined; nothing joins the runs or closes them."""
BLOCKS = (
    (2, 32, 1),
    (32, 32, 1),
    (32, 64, 2),
    (64, 64, 1),
    (64, 128, 2),
    (128, 128, 1),
    (128, 256, 2),
    (256, 256, 1),
)
"""(channels in, channels out, temporal stride)."""


def adjacency() -> Tensor:
    """(3, 68, 68) partitions of the graph: self loops, all other edges but two, those two.

    The "spatial" partition of ST-GCN sorts edges by distance from a centre node, here node 0.
    Distances beyond one hop count as infinite, and infinite equals infinite, so that only the
    edges 0 -> 1 and 1 -> 2 (as [row, column]) ever count as leading away from the centre.
    """
    edges = torch.eye(POINTS)
    for chain in CHAINS:
        for a, b in pairwise(chain):
            edges[a, b] = edges[b, a] = 1.0
    edges = edges / edges.sum(0, keepdim=True)
    parts = torch.zeros(PARTITIONS, POINTS, POINTS)
    parts[0] = torch.diag(edges.diagonal())
    parts[1] = edges - parts[0]
    for a, b in ((0, 1), (1, 2)):
        parts[2, a, b] = parts[1, a, b]
        parts[1, a, b] = 0.0
    return parts


class GraphConvolution(nn.Module):
    """1x1 convolution to one feature set per partition, each spread along its own edges."""

    def __init__(self, channels_in: int, channels_out: int) -> None:
        super().__init__()
        self.conv = nn.Conv2d(channels_in, PARTITIONS * channels_out, 1)

    def forward(self, x: Tensor, edges: Tensor) -> Tensor:
        """(B, C, T, 68) and (3, 68, 68) -> (B, C', T, 68)."""
        y = self.conv(x).unflatten(1, (PARTITIONS, -1))
        return torch.einsum("bkctv,kvw->bctw", y, edges)


class GraphBlock(nn.Module):
    """Graph convolution, temporal convolution and a shortcut."""

    def __init__(self, channels_in: int, channels_out: int, stride: int, shortcut: bool) -> None:
        super().__init__()
        self.edge_importance = nn.Parameter(torch.ones(PARTITIONS, POINTS, POINTS))
        self.gcn = GraphConvolution(channels_in, channels_out)
        self.tcn = nn.Sequential(
            nn.BatchNorm2d(channels_out),
            nn.ReLU(),
            nn.Conv2d(
                channels_out,
                channels_out,
                (TEMPORAL_KERNEL, 1),
                (stride, 1),
                padding=(TEMPORAL_KERNEL // 2, 0),
            ),
            nn.BatchNorm2d(channels_out),
        )
        self.shortcut = shortcut
        self.residual: nn.Module = nn.Identity()
        if shortcut and (stride != 1 or channels_in != channels_out):
            self.residual = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, (stride, 1)), nn.BatchNorm2d(channels_out)
            )

    def forward(self, x: Tensor, graph: Tensor) -> Tensor:
        """(B, C, T, 68) -> (B, C', ceil(T / stride), 68)."""
        y = self.tcn(self.gcn(x, graph * self.edge_importance))
        if self.shortcut:
            y = y + self.residual(x)
        return torch.relu(y)


class GraphNet(nn.Module):
    """Landmarks to one feature vector per visual step."""

    A: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("A", adjacency())
        self.data_bn = nn.BatchNorm1d(2 * POINTS)
        self.st_gcn_networks = nn.ModuleList(
            GraphBlock(*block, shortcut=index > 0) for index, block in enumerate(BLOCKS)
        )

    def forward(self, landmarks: Tensor, steps: int) -> Tensor:
        """Encode landmarks.

        Args:
            landmarks: (B, 2, T, 68) x and y in pixels of the 96 x 128 face image, 25 per second.
            steps: how many feature vectors to give, 4 per second.

        Returns:
            (B, steps, 256).
        """
        batch, _, frames, _ = landmarks.shape
        x = landmarks.permute(0, 3, 1, 2).reshape(batch, 2 * POINTS, frames)
        x = self.data_bn(x).view(batch, POINTS, 2, frames).permute(0, 2, 3, 1)
        for block in self.st_gcn_networks:
            x = block(x, self.A)
        features = x.mean(3)
        nearest = torch.arange(steps, device=x.device) * features.shape[2] // steps
        return features[:, :, nearest].transpose(1, 2)
