"""What networks that only hear have in common: mixture in, sources out, at a rate of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from audio_models.phase import griffin_lim
from audio_models.transform import Transform

VOICE = "vocals"
MUSIC = "accompaniment"
STEMS = ("bass", "drums", "other", VOICE)


@dataclass(frozen=True)
class Window:
    """How a long sound is cut for a network: samples at the network's rate."""

    input: int
    """Samples given at once."""
    output: int
    """Samples that count of the answer, from its middle."""
    fade: int = 0
    """Of ``output``, what it shares with the next window and fades into it."""
    answer: int = 0
    """Samples of the answer where that is shorter than the input; 0 = as many as the input."""

    @property
    def step(self) -> int:
        """From one window to the next."""
        return self.output - self.fade

    @property
    def unused(self) -> int:
        """Samples of the answer before the first that counts."""
        return ((self.answer or self.input) - self.output) // 2

    @property
    def margin(self) -> int:
        """Samples of the input before the first that counts."""
        return (self.input - (self.answer or self.input)) // 2 + self.unused


class SoundNetwork(nn.Module, ABC):
    """A network for sound alone. It keeps nothing from call to call."""

    sample_rate: int
    channels: int
    sources: tuple[str, ...]
    """What it gives, `VOICE` among them."""
    window: Window
    """For separating."""
    patch: Window
    """For training: the length of an example."""
    config: Any
    """Frozen dataclass that describes the network."""
    griffin_lim_iterations: int = 0
    """Rounds by which magnitude networks make the phase fit; 0 keeps the mixture's."""

    @abstractmethod
    def forward(self, mixture: Tensor) -> Tensor:
        """(B, C, N) in -1..1 -> (B, S, C, N'), N' <= N from the middle of the input."""

    @abstractmethod
    def training_loss(self, mixture: Tensor, sources: Tensor) -> Tensor:
        """The loss that the network's authors name.

        Args:
            mixture: (B, C, N).
            sources: (B, S, C, N) in the order of ``sources``, S may be more than this needs.
        """

    @property
    def voice(self) -> int:
        """Index of the voice among the sources."""
        return self.sources.index(VOICE)

    @property
    def magnitude_only(self) -> bool:
        """Whether the phase of the answer is borrowed from the mixture."""
        return False

    @staticmethod
    def with_phase(magnitude: Tensor, spectrum: Tensor) -> Tensor:
        """A magnitude with the phase of ``spectrum``."""
        return magnitude * spectrum / spectrum.abs().clamp_min(1e-8)

    def refined(self, spectrum: Tensor) -> Tensor:
        """The spectrum with a phase that fits its magnitude, where that was asked for."""
        if not self.griffin_lim_iterations:
            return spectrum
        transform: Transform = self.transform  # type: ignore[assignment]
        return griffin_lim(spectrum, transform, self.griffin_lim_iterations)


def centre(sound: Tensor, samples: int) -> Tensor:
    """The middle ``samples`` of the last axis."""
    start = (sound.shape[-1] - samples) // 2
    return sound[..., start : start + samples]


def parameter_count(network: nn.Module) -> int:
    """All weights that are learnt."""
    return sum(p.numel() for p in network.parameters() if p.requires_grad)
