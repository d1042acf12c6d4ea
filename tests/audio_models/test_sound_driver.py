"""The driver with networks that only hear: rates, channels, ends, seams, silence, memory."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from driver_parts import ArraySource, constant, face, model, si_sdr, voices
from test_networks import TINY, tiny

from audio_models.cnn_mask import CNNMask
from audio_models.driver import SeparateOptions, separate
from audio_models.errors import ModelError
from audio_models.jansson import JanssonUNet
from audio_models.networks import build_network
from audio_models.registry import LoadedModel
from audio_models.sound_driver import channel_groups
from audio_models.sound_network import SoundNetwork, Window
from audio_models.transform import Transform
from audio_models.wave_unet import legal_lengths

LSB_24 = 2.0**-23


class Scaled(SoundNetwork):
    """Gives back ``share`` of what it hears; counts its calls."""

    sources = ("vocals",)

    def __init__(
        self, rate: int, channels: int, share: float = 1.0, window: Window | None = None
    ) -> None:
        super().__init__()
        self.sample_rate, self.channels, self.share = rate, channels, share
        self.window = self.patch = window or Window(2 * rate, rate, fade=rate // 4)
        self.batches: list[tuple[int, ...]] = []

    def forward(self, mixture: torch.Tensor) -> torch.Tensor:
        self.batches.append(tuple(mixture.shape))
        start = (mixture.shape[-1] - (self.window.answer or mixture.shape[-1])) // 2
        stop = start + (self.window.answer or mixture.shape[-1])
        return self.share * mixture[:, None, :, start:stop]

    def training_loss(self, mixture: torch.Tensor, sources: torch.Tensor) -> torch.Tensor:
        raise NotImplementedError


def loaded(network: SoundNetwork) -> LoadedModel:
    spec = replace(model(constant(1)).spec, sample_rate=network.sample_rate, needs="nothing")
    return LoadedModel(spec, torch.device("cpu"), False, network=network)


def run(
    network: SoundNetwork,
    source: ArraySource,
    start: int = 0,
    stop: int | None = None,
    **options: Any,
) -> tuple[np.ndarray, np.ndarray]:
    """Voice and rest (C, N) of the range; checks that blocks follow each other exactly."""
    stop = source.samples if stop is None else stop
    people = [face(1.0)]
    parts = list(
        separate(loaded(network), source, people, [0], start, stop, SeparateOptions(**options))
    )
    position = start
    for part in parts:
        assert part.start == position
        assert part.voices.shape == (1, source.channels, part.rest.shape[1])
        position += part.rest.shape[1]
    assert position == stop
    return np.concatenate([p.voices[0] for p in parts], 1), np.concatenate(
        [p.rest for p in parts], 1
    )


@pytest.mark.parametrize("rate", [8192, 22050, 44100])
@pytest.mark.parametrize("channels", [1, 2])
@pytest.mark.parametrize(
    ("source_rate", "source_channels", "seconds"),
    [(44100, 2, 3.37), (48000, 1, 2.2), (8000, 2, 4.0), (96000, 6, 1.1)],
)
def test_what_is_kept_comes_back_as_it_was(
    rate: int, channels: int, source_rate: int, source_channels: int, seconds: float
) -> None:
    sound = voices(source_rate, seconds, source_channels).sum(0)
    if source_channels == 6:
        sound[3] = 0.0
    source = ArraySource(sound, source_rate, "5.1" if source_channels == 6 else None)
    voice, rest = run(Scaled(rate, channels), source)
    assert voice.shape == sound.shape
    assert np.abs(voice - sound).max() < 2e-3
    assert si_sdr(voice, sound) > 50
    half, other = run(Scaled(rate, channels, 0.5), ArraySource(sound, source_rate))
    assert np.abs(half + other - sound).max() <= LSB_24
    assert np.abs(rest).max() < 2e-3


def test_a_range_is_the_same_part_of_the_whole() -> None:
    sound = voices(48000, 9.0, 2).sum(0)
    whole, _ = run(Scaled(22050, 2, 0.3), ArraySource(sound, 48000))
    start, stop = 4 * 48000 + 1234, 7 * 48000 + 77
    part, _ = run(Scaled(22050, 2, 0.3), ArraySource(sound, 48000), start, stop)
    assert np.abs(part - whole[:, start:stop]).max() < 1e-4
    tiny_part, _ = run(Scaled(22050, 2, 0.3), ArraySource(sound, 48000), 100, 101)
    assert tiny_part.shape == (2, 1)


@pytest.mark.parametrize("name", [n for n in TINY if n not in ("context", "learnt", "stems")])
def test_networks_keep_rate_channels_and_length(name: str) -> None:
    config = replace(TINY[name], sample_rate=1000)
    torch.manual_seed(1)
    network = build_network(config).eval()
    sound = voices(16000, 1.3, 2).sum(0)
    voice, rest = run(network, ArraySource(sound, 16000))
    assert voice.shape == sound.shape
    assert np.isfinite(voice).all()
    assert np.abs(voice + rest - sound).max() <= LSB_24
    silent, _ = run(network, ArraySource(np.zeros_like(sound), 16000))
    assert not silent.any()


def _aligned(network: SoundNetwork, unit: int, sound: np.ndarray, samples: int) -> np.ndarray:
    """One long run of ``samples`` whose strides lie as those of the driver's windows do."""
    first = -network.window.margin % unit
    with torch.inference_mode():
        part = torch.from_numpy(sound)[None, :, first : first + samples]
        answer = network(part)[0, network.voice].numpy()
    whole = np.zeros_like(sound)
    first += (part.shape[-1] - answer.shape[-1]) // 2
    whole[:, first : first + answer.shape[1]] = answer
    return whole


def test_windows_give_what_one_long_run_gives() -> None:
    """At the network's own rate, away from the ends; fades join equal things."""
    sound = 0.2 * np.random.default_rng(2).standard_normal((2, 8000)).astype(np.float32)
    context = tiny("context").eval()
    context.sample_rate = 2000
    given, _ = legal_lengths(context.config, 4000)
    jansson = JanssonUNet(replace(TINY["jansson"], depth=2, sample_rate=2000)).eval()
    frames, hop = 96, 48
    answer = (frames - 1) * hop
    jansson.window = Window(answer + 64, 36 * hop, 4 * hop, answer)
    cnn = CNNMask(replace(TINY["cnn"], sample_rate=2000)).eval()
    for network, unit, samples in (
        (context, 4, given),
        (jansson, 4 * hop, 128 * hop + 64),
        (cnn, 16, 6000),
    ):
        heard = sound[: network.channels]
        voice, _ = run(network, ArraySource(heard, 2000))
        whole = _aligned(network, unit, heard, samples)
        inside = slice(1200, 3800)
        assert np.abs(whole[:, inside]).max() > 0.01
        assert np.abs(voice[:, inside] - whole[:, inside]).max() < 1e-4, type(network)


def test_fades_hide_seams() -> None:
    """A network whose answer jumps from window to window is faded, not switched."""

    class Moody(Scaled):
        def forward(self, mixture: torch.Tensor) -> torch.Tensor:
            answer = super().forward(mixture)
            return answer * (1.0 if len(self.batches) % 2 else 0.2)

    tone = 0.5 * np.sin(2 * np.pi * 300 * np.arange(8 * 16000) / 16000)[None].astype(np.float32)
    voice, _ = run(Moody(8000, 1), ArraySource(tone, 16000))
    level = np.sqrt(np.mean(voice[0].reshape(-1, 160).astype(float) ** 2, 1))
    level /= np.sqrt(np.mean(tone[0].reshape(-1, 160).astype(float) ** 2, 1))
    assert level.min() > 0.18
    assert level.max() < 1.02
    assert np.abs(np.diff(level)).max() < 0.09  # a fade of 250 ms moves 0.05 in 10 ms at most


def test_which_channels_go_together() -> None:
    assert channel_groups([0, 1], 1) == [(0,), (1,)]
    assert channel_groups([0], 2) == [(0, 0)]
    assert channel_groups([0, 1], 2) == [(0, 1)]
    assert channel_groups([0, 1, 2, 4, 5], 2) == [(0, 1), (2, 2), (4, 4), (5, 5)]


def test_silent_windows_are_not_computed() -> None:
    network = Scaled(8000, 1)
    sound = np.zeros((1, 10 * 8000), np.float32)
    sound[:, :8000] = 0.1
    voice, _ = run(network, ArraySource(sound, 8000))
    assert np.abs(voice - sound).max() < 1e-3
    assert len(network.batches) < 6


def test_little_memory_means_one_channel_at_a_time() -> None:
    class Hungry(Scaled):
        def forward(self, mixture: torch.Tensor) -> torch.Tensor:
            if mixture.shape[0] > limit:
                raise RuntimeError("CUDA out of memory.")
            return super().forward(mixture)

    limit = 1
    sound = voices(16000, 3.0, 2).sum(0)
    network = Hungry(16000, 1)
    voice, _ = run(network, ArraySource(sound, 16000))
    assert np.abs(voice - sound).max() < 1e-3
    assert {shape[0] for shape in network.batches} == {1}
    limit = 0
    with pytest.raises(ModelError, match="not enough memory"):
        run(Hungry(16000, 1), ArraySource(sound, 16000))


def test_cancel_progress_and_one_voice_only() -> None:
    class StopError(Exception):
        pass

    def stop() -> None:
        raise StopError

    sound = voices(16000, 6.5).sum(0)
    people = [face(7.0), face(7.0)]
    tested = loaded(Scaled(8000, 1))
    with pytest.raises(StopError):
        list(separate(tested, ArraySource(sound, 16000), people, [0], 0, 16000, check=stop))
    with pytest.raises(ModelError, match="one voice"):
        separate(tested, ArraySource(sound, 16000), people, [0, 1], 0, 16000)
    told: list[tuple[float, float]] = []
    source = ArraySource(sound, 16000)
    stream = separate(
        tested, source, people, [0], 0, source.samples, report=lambda *a: told.append(a)
    )
    for _ in stream:
        pass
    assert told[-1] == (6.5, 6.5)
    with pytest.raises(ModelError, match="takes no faces"):
        tested.start(1)


def test_bf16_stays_close() -> None:
    network = tiny("tfc-tdf").eval()
    network.sample_rate = 2000
    sound = voices(8000, 3.0, 2).sum(0)
    exact, _ = run(network, ArraySource(sound, 8000), precision="fp32")
    rough, _ = run(network, ArraySource(sound, 8000), precision="bf16")
    assert si_sdr(rough, exact) > 20


def test_griffin_lim_keeps_magnitudes_and_lowers_inconsistency() -> None:
    from audio_models.phase import griffin_lim

    transform = Transform(256, 64)
    sound = torch.from_numpy(voices(8000, 1.0)[0, :, :6400])
    truth = transform.forward(sound)
    wrong = torch.polar(truth.abs(), torch.randn(truth.shape))

    def inconsistency(spectrum: torch.Tensor) -> float:
        again = transform.forward(transform.inverse(spectrum, 6400))
        return float((again - spectrum).abs().square().mean())

    better = griffin_lim(wrong, transform, 20)
    assert torch.allclose(better.abs(), truth.abs(), atol=1e-3)
    assert inconsistency(better) < 0.5 * inconsistency(wrong)
    assert torch.allclose(griffin_lim(truth, transform, 3), truth, atol=1e-2)
