"""Wave-U-Net: sources straight from the wave form (Stoller, Ewert, Dixon, ISMIR 2018)."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.sound_network import MUSIC, VOICE, SoundNetwork, Window, centre
from audio_models.wave_blocks import Convolution, Upsampling, join

RUN_SECONDS = 8
"""Sound answered for at once when separating with context: the longer, the less is computed twice
around it."""
_EDGE = 1 << 14
"""Samples thrown away at both ends of a window without context, when separating."""


@dataclass(frozen=True)
class WaveUNetConfig:
    """Shape of a `WaveUNet`; the default is M4, the authors' best."""

    levels: int = 12
    width: int = 24
    """Channels of the first level; level i has i times as many."""
    down_kernel: int = 15
    up_kernel: int = 5
    difference: bool = True
    """The last source is the mixture minus the others, so that the sources add up."""
    context: bool = True
    """Convolutions only where they see real sound; the answer is shorter than the input."""
    learnt_upsampling: bool = False
    channels: int = 2
    sources: tuple[str, ...] = (MUSIC, VOICE)
    sample_rate: int = 22050
    wanted: int = 16384
    """Samples a training example should give; the next legal number is taken."""


def legal_lengths(config: WaveUNetConfig, wanted: int) -> tuple[int, int]:
    """Input and output samples of the smallest network that answers for ``wanted`` or more.

    Lengths are followed from the output to the middle, where they are rounded up, and from there
    out again. Without context a multiple of 2 to the number of levels is both.
    """
    if not config.context:
        unit = 1 << config.levels
        length = -(-wanted // unit) * unit
        return length, length
    lost_up, lost_down = config.up_kernel - 1, config.down_kernel - 1
    middle = wanted
    for _ in range(config.levels):
        # n samples become 2 n - 1 and then lose what the kernel does not fit on.
        middle = -(-(middle + lost_up + 1) // 2)
    middle = max(2, middle)
    output, given = middle, middle + lost_down
    for _ in range(config.levels):
        output = 2 * output - 1 - lost_up
        given = 2 * given - 1 + lost_down
    return given, output


class WaveUNet(SoundNetwork):
    """Twelve levels of convolutions, each dropping every second sample, and back up again."""

    def __init__(self, config: WaveUNetConfig | None = None) -> None:
        super().__init__()
        c = config or WaveUNetConfig()
        self.config = c
        self.sample_rate, self.channels, self.sources = c.sample_rate, c.channels, c.sources
        self.patch = self._window(c.wanted, 0)
        self.window = self._window(RUN_SECONDS * c.sample_rate, _EDGE)
        widths = [c.width * (level + 1) for level in range(c.levels)]
        self.down = nn.ModuleList(
            Convolution(before, after, c.down_kernel, c.context)
            for before, after in zip([c.channels, *widths], widths, strict=False)
        )
        deepest = c.width * (c.levels + 1)
        self.middle = Convolution(widths[-1], deepest, c.down_kernel, c.context)
        self.upsampling = nn.ModuleList()
        self.up = nn.ModuleList()
        before = deepest
        for width in reversed(widths):
            self.upsampling.append(Upsampling(before, c.context, c.learnt_upsampling))
            self.up.append(Convolution(before + width, width, c.up_kernel, c.context))
            before = width
        answered = len(c.sources) - 1 if c.difference else len(c.sources)
        self.head = nn.Conv1d(before + c.channels, answered * c.channels, 1)

    def _window(self, wanted: int, edge: int) -> Window:
        given, answered = legal_lengths(self.config, wanted)
        if not self.config.context:
            return Window(given, max(1, given - 2 * edge) if given > 2 * edge else given)
        # Steps in whole units keep the samples that are dropped the same in every window.
        unit = 1 << self.config.levels
        output = max(unit, answered // unit * unit) if answered >= unit else answered
        return Window(given, output if edge else answered, answer=answered)

    def forward(self, mixture: Tensor) -> Tensor:
        """(B, C, N) -> (B, S, C, N'); with context N is to be legal, else any."""
        samples = mixture.shape[-1]
        x = mixture
        if not self.config.context:
            x = F.pad(mixture, (0, -samples % (1 << self.config.levels)))
        given = x
        skips: list[Tensor] = []
        for layer in self.down:
            x = layer(x)
            skips.append(x)
            x = x[..., ::2]
        x = self.middle(x)
        for upsampling, layer in zip(self.upsampling, self.up, strict=True):
            x = layer(join(upsampling(x), skips.pop()))
        with torch.autocast(x.device.type, enabled=False):
            return self._sources(x.float(), given)[..., :samples]

    def _sources(self, features: Tensor, given: Tensor) -> Tensor:
        """(B, S, C, N') from the last level's features and the input."""
        answer = torch.tanh(self.head(join(features, given)))
        sources = answer.unflatten(1, (-1, self.channels))
        if not self.config.difference:
            return sources
        mixture = centre(given, answer.shape[-1])
        last = mixture - sources.sum(1)
        if not self.training:
            last = last.clamp(-1.0, 1.0)
        return torch.cat([sources, last[:, None]], 1)

    def training_loss(self, mixture: Tensor, sources: Tensor) -> Tensor:
        """Mean squared error of all sources' samples."""
        estimates = self(mixture)
        return (estimates - centre(sources, estimates.shape[-1])).square().mean()
