"""From sound to mouth: what a clean voice makes the lips do, and the same read from landmarks.

Both sides are expressed in the same few principal components of mouth shape, at 25 frames per
second, so that a separated voice and a face can be compared without either having been seen
before. The network hears mel bands of a spectrum, not samples: separated voices are at hand as
masked spectra anyway.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from audio_models.base import BINS, HOP, N_FFT, SAMPLE_RATE
from audio_models.weights import filled, read_part, save_part

MOUTH_POINTS = (*range(6, 11), *range(48, 68))
"""iBUG points that follow speech: the chin and the lips."""
FEATURE_RATE = 100
"""Rate at which the network hears, Hz; a quarter of it is the rate of faces."""
HIGH_PASS_FRAMES = 13
"""Length of the moving average whose removal takes pose and smile off a mouth track."""
LIPS_FILE = "solovox-lips.safetensors"
LEVEL_FLOOR = 1e-4
"""Power below which a band of a voice counts as silent, against its loudest moments."""
_LOUD_SHARE = 0.15
_FLOOR = 1e-5
_FORMAT = "solovox-lips-1"


@dataclass(frozen=True)
class LipConfig:
    """Shape of a `LipRegressor`."""

    bands: int = 48
    """Mel bands from 60 Hz to 7.6 kHz."""
    width: int = 128
    components: int = 8
    """Principal components of mouth shape."""
    dilations: tuple[int, ...] = (1, 2, 4)
    level_bands: int = 6
    """Bands in which the face foretells how loud the voice is."""
    level_width: int = 64


@lru_cache(maxsize=4)
def mel_bands(bands: int, low: float = 60.0, high: float = 7600.0) -> Tensor:
    """(bands, 512) triangular filters, equally spaced on O'Shaughnessy's mel scale, unit area."""

    def to_mel(hz: float) -> float:
        return 2595.0 * math.log10(1.0 + hz / 700.0)

    edges = torch.linspace(to_mel(low), to_mel(high), bands + 2)
    hz = 700.0 * (10.0 ** (edges / 2595.0) - 1.0)
    bins = torch.arange(BINS) * (SAMPLE_RATE / N_FFT)
    left, centre, right = hz[:-2, None], hz[1:-1, None], hz[2:, None]
    # Low bands are narrower than a bin: widen them so that none is empty.
    half = SAMPLE_RATE / N_FFT
    left, right = torch.minimum(left, centre - half), torch.maximum(right, centre + half)
    weight = torch.minimum((bins - left) / (centre - left), (right - bins) / (right - centre))
    weight = weight.clamp_min(0.0)
    return weight / weight.sum(1, keepdim=True)


def log_mel(power: Tensor, bands: int) -> Tensor:
    """Power spectra (..., 512, T) -> normalised log mel bands (..., bands, T).

    A floor 50 dB below the loudest moment hides what lies under it; the mean of every band over
    time is taken off (microphone, room), and one common scale makes the spread 1.
    """
    mel = torch.matmul(mel_bands(bands).to(power), power)
    return normalise_mel(mel)


def normalise_mel(mel: Tensor) -> Tensor:
    """Mel powers (..., bands, T) -> the network's input; see `log_mel`."""
    loudest = mel.mean(-2, keepdim=True).amax(-1, keepdim=True)
    level = torch.log(mel / loudest.clamp_min(1e-20) + _FLOOR)
    level = level - level.mean(-1, keepdim=True)
    spread = level.square().mean((-2, -1), keepdim=True).sqrt()
    return level / spread.clamp_min(0.1)


def at_rate(x: Tensor, source_rate: float, rate: float, count: int) -> Tensor:
    """Read (..., C, T) at ``count`` instants n / rate by linear interpolation, held at the ends."""
    last = x.shape[-1] - 1
    position = torch.arange(count, device=x.device, dtype=torch.float64) * (source_rate / rate)
    position = position.clamp(0, last)
    index = position.long().clamp(0, max(0, last - 1))
    share = (position - index).to(x.dtype)
    following = (index + 1).clamp_max(last)
    return x[..., index] * (1 - share) + x[..., following] * share


def high_pass(tracks: Tensor, frames: int = HIGH_PASS_FRAMES) -> Tensor:
    """(..., T) minus its centred moving average, which is shortened at the ends."""
    flat = tracks.reshape(-1, 1, tracks.shape[-1])
    kernel = torch.ones(1, 1, frames, dtype=flat.dtype, device=flat.device)
    total = F.conv1d(flat, kernel, padding=frames // 2)
    count = F.conv1d(torch.ones_like(flat[:1]), kernel, padding=frames // 2)
    return tracks - (total / count).view_as(tracks)


class _Residual(nn.Module):
    def __init__(self, width: int, dilation: int) -> None:
        super().__init__()
        self.norm = nn.GroupNorm(1, width)
        self.first = nn.Conv1d(width, width, 3, padding=dilation, dilation=dilation)
        self.second = nn.Conv1d(width, width, 1)

    def forward(self, x: Tensor) -> Tensor:
        return x + self.second(F.relu(self.first(F.relu(self.norm(x)))))


class LevelRegressor(nn.Module):
    """How loud a voice is in a few bands, from the mouth alone."""

    def __init__(self, config: LipConfig) -> None:
        super().__init__()
        width = config.level_width
        self.look = nn.Conv1d(2 * config.components, width, 5, padding=2)
        self.blocks = nn.ModuleList(
            nn.Conv1d(width, width, 3, padding=d, dilation=d) for d in config.dilations
        )
        self.tell = nn.Conv1d(width, config.level_bands, 3, padding=1)

    def forward(self, mouth: Tensor) -> Tensor:
        """(B, components, T) around each clip's median -> (B, level_bands, T) log10 of power.

        0 = the loudest moments of the voice, -4 = silence.
        """
        size = mouth.square().mean((1, 2), keepdim=True).sqrt().clamp_min(0.1)
        mouth = mouth / size
        x = F.relu(self.look(torch.cat([mouth, high_pass(mouth)], 1)))
        for block in self.blocks:
            x = x + F.relu(block(x))
        result: Tensor = self.tell(x)
        return result


class LipRegressor(nn.Module):
    """Mouth shape from sound, loudness from mouth shape, and the components both are written in."""

    mean: Tensor
    basis: Tensor
    reliability: Tensor
    """(components,) how far each can be trusted to follow sound; sums to one."""

    def __init__(self, config: LipConfig | None = None) -> None:
        super().__init__()
        self.config = config = config or LipConfig()
        width = config.width
        self.hear = nn.Sequential(
            nn.Conv1d(config.bands, width, 5, padding=2),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.ReLU(),
            nn.Conv1d(width, width, 5, stride=2, padding=2),
            nn.ReLU(),
        )
        self.blocks = nn.Sequential(*(_Residual(width, d) for d in config.dilations))
        self.speak = nn.Conv1d(width, config.components, 3, padding=1)
        self.levels = LevelRegressor(config)
        points = 2 * len(MOUTH_POINTS)
        self.register_buffer("mean", torch.zeros(points))
        self.register_buffer("basis", torch.zeros(config.components, points))
        equal = torch.full((config.components,), 1.0 / config.components)
        self.register_buffer("reliability", equal)

    def forward(self, mel: Tensor) -> Tensor:
        """(B, bands, 4 K) normalised mel bands at 100 Hz -> (B, components, K) at 25 Hz."""
        result: Tensor = self.speak(self.blocks(self.hear(mel)))
        return result

    @torch.no_grad()
    def mouth_from_sound(self, power: Tensor, frames: int) -> Tensor:
        """Mouth tracks expected from power spectra (B, 512, T), T frames of 256 at 16384 Hz.

        Returns:
            (B, components, frames) at 25 Hz, each component of unit variance on training data;
            frame k belongs to the same instant as the spectrum's frame 2.56 k.
        """
        mel = log_mel(power, self.config.bands)
        mel = at_rate(mel, SAMPLE_RATE / HOP, FEATURE_RATE, 4 * frames)
        return self(mel)

    @torch.no_grad()
    def mouth_from_face(self, landmarks: Tensor, valid: Tensor | None = None) -> Tensor:
        """Registered landmarks (T, 68, 2) in pixels of 96 x 128 -> (components, T).

        Frames that are not ``valid`` (T,) take the nearest valid frame's shape, so that filters
        over time see no jump.
        """
        shape = landmarks[:, list(MOUTH_POINTS)].flatten(1)
        if valid is not None and not valid.all():
            shape = shape[_nearest(valid)] if valid.any() else self.mean.expand_as(shape)
        return self.basis @ (shape - self.mean).T

    @torch.no_grad()
    def levels_from_mouth(self, mouth: Tensor) -> Tensor:
        """Mouth tracks (B, components, T) -> expected band levels (B, level_bands, T), log10."""
        result: Tensor = self.levels(mouth - mouth.median(-1, keepdim=True).values)
        return result

    @torch.no_grad()
    def levels_from_sound(self, power: Tensor, frames: int) -> Tensor:
        """Power spectra (B, 512, T) -> band levels (B, level_bands, frames) on the same scale."""
        return band_levels(power, self.config.level_bands, frames)


def band_levels(power: Tensor, bands: int, frames: int) -> Tensor:
    """Power (..., 512, T) -> (..., bands, frames) log10 against the mean of the loudest moments."""
    energy = at_rate(
        mel_bands(bands).to(power) @ power, SAMPLE_RATE / HOP, FEATURE_RATE / 4, frames
    )
    loud = max(1, round(_LOUD_SHARE * frames))
    reference = energy.topk(loud, -1).values.mean(-1, keepdim=True)
    # A band in which the chunk holds next to nothing must not be blown up to a voice.
    reference = torch.maximum(reference, 0.01 * reference.amax(-2, keepdim=True))
    return torch.log10(energy / reference.clamp_min(1e-20) + LEVEL_FLOOR)


@lru_cache(maxsize=4)
def band_to_bins(bands: int) -> Tensor:
    """(512, bands) weights that spread values of mel bands over bins; rows sum to one."""
    weight = mel_bands(bands)
    centre = (weight * torch.arange(BINS)).sum(1)
    spread = (weight / weight.amax(1, keepdim=True)).T.clone()
    spread[torch.arange(BINS) < centre[0]] = torch.eye(bands)[0]
    spread[torch.arange(BINS) > centre[-1]] = torch.eye(bands)[-1]
    return spread / spread.sum(1, keepdim=True)


def _nearest(valid: Tensor) -> Tensor:
    """(T,) bool -> (T,) index of the nearest True."""
    known = valid.nonzero()[:, 0]
    frames = torch.arange(len(valid))
    after = torch.searchsorted(known, frames).clamp_max(len(known) - 1)
    before = (after - 1).clamp_min(0)
    closer = (frames - known[before]).abs() < (known[after] - frames).abs()
    return torch.where(closer, known[before], known[after])


def save_lips(model: LipRegressor, path: Path, **facts: str) -> None:
    """Write weights in half precision and the configuration as safetensors, atomically."""
    save_part(model, model.config, path, _FORMAT, facts)


def load_lips(path: Path, device: torch.device | str = "cpu") -> LipRegressor:
    """Read a file of `save_lips`; evaluation mode, float32.

    Raises:
        ModelError: the file is missing or is not a lip model of this program.
    """
    fields, tensors = read_part(path, _FORMAT, "lip model")
    model = LipRegressor(LipConfig(**fields))
    filled(model, tensors, path)
    return model.to(device)
