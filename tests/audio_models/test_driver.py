"""The driver with models whose answer is known: nothing lost, nothing late, nothing clicks."""

from __future__ import annotations

import time
import tracemalloc
from dataclasses import replace

import numpy as np
import pytest
import torch
from driver_parts import ArraySource, constant, face, model, oracle, si_sdr, voices

from audio_models.base import SAMPLE_RATE, Chunk
from audio_models.driver import SeparatedBlock, SeparateOptions, separate
from audio_models.errors import ModelError
from audio_models.registry import LoadedModel
from audio_models.stft import stft

LSB_24 = 2.0**-23


def run(
    tested: LoadedModel,
    source: ArraySource,
    targets: list[int],
    start: int = 0,
    stop: int | None = None,
    options: SeparateOptions | None = None,
    faces: list | None = None,
) -> tuple[np.ndarray, np.ndarray, list[SeparatedBlock]]:
    """Voices and rest of the whole range; checks that blocks follow each other exactly."""
    stop = source.samples if stop is None else stop
    seconds = source.samples / source.sample_rate
    faces = faces or [face(seconds) for _ in range(max(targets) + 1)]
    blocks = list(separate(tested, source, faces, targets, start, stop, options))
    position = start
    for block in blocks:
        assert block.start == position
        assert block.voices.shape == (len(targets), source.channels, block.rest.shape[1])
        assert block.voices.dtype == block.rest.dtype == np.float32
        position += block.rest.shape[1]
    assert position == stop
    voice = np.concatenate([block.voices for block in blocks], -1)
    rest = np.concatenate([block.rest for block in blocks], -1)
    return voice, rest, blocks


@pytest.mark.parametrize(
    ("rate", "channels", "seconds"),
    [(44100, 2, 9.37), (48000, 1, 5.2), (96000, 2, 3.1), (8000, 1, 25.0), (16384, 1, 2.9)],
)
def test_ones_give_the_input_and_zeros_silence(rate: int, channels: int, seconds: float) -> None:
    sound = voices(rate, seconds, channels).sum(0)
    voice, rest, blocks = run(model(constant(1, 0)), ArraySource(sound, rate), [0, 1])
    assert np.abs(voice[0] - sound).max() <= 2 * LSB_24
    assert not voice[1].any()
    assert np.abs(rest).max() <= 2 * LSB_24
    assert blocks[0].rest.shape[1] <= 3.3 * rate


def test_any_rate_any_range() -> None:
    rate, start, stop = 44056, 71234, 44056 * 6 + 17
    sound = voices(rate, 9.0).sum(0)
    source = ArraySource(sound, rate)
    voice, _, _ = run(model(constant(1)), source, [0], start, stop)
    assert np.abs(voice[0] - sound[:, start:stop]).max() <= 2 * LSB_24
    tiny, rest, _ = run(model(constant(0.5)), ArraySource(sound, rate), [0], 100, 101)
    assert tiny.shape == (1, 1, 1)
    assert np.abs(tiny[0] + rest - sound[:, 100:101]).max() <= LSB_24


def test_stems_add_up_exactly_on_24_bits() -> None:
    rate = 48000
    sources = voices(rate, 6.0, 2)
    grid = np.round(sources.sum(0) / LSB_24) * LSB_24
    whole = np.round(grid / LSB_24).astype(np.int64)
    voice, rest, _ = run(model(oracle(sources, rate)), ArraySource(grid, rate), [0, 1])
    stems = [np.round(stem.astype(float) / LSB_24).astype(np.int64) for stem in (*voice, rest)]
    assert np.array_equal(sum(stems), whole)
    assert np.array_equal(voice.sum(0) + rest, grid.astype(np.float32))


@pytest.mark.parametrize(("rate", "channels"), [(44100, 2), (48000, 2), (96000, 1)])
def test_oracle_masks_separate_in_sync(rate: int, channels: int) -> None:
    sources = voices(rate, 11.3, channels)
    mixture = sources.sum(0)
    voice, _, _ = run(model(oracle(sources, rate)), ArraySource(mixture, rate), [0, 1])
    for estimate, truth in zip(voice, sources, strict=True):
        assert si_sdr(estimate, truth) - si_sdr(mixture, truth) > 12
        late = [
            float(np.sum(estimate[:, 10 + lag : lag - 10] * truth[:, 10:-10]))
            for lag in range(-3, 4)
        ]
        assert int(np.argmax(late)) - 3 == 0
    # The range the editor marks gives the same voice as the whole clip around its edges.
    start, stop = 4 * rate + 1234, 9 * rate + 777
    source = ArraySource(mixture, rate)
    part, _, _ = run(model(oracle(sources, rate)), source, [1], start, stop)
    assert si_sdr(part[0], voice[1][:, start:stop]) > 60


def test_seams_do_not_click() -> None:
    """A model that changes its mind at every chunk is faded, not switched."""
    rate = 48000
    seconds = np.arange(26 * rate) / rate
    tone = (0.5 * np.sin(2 * np.pi * 300 * seconds) + 0.2 * np.sin(2 * np.pi * 11000 * seconds))[
        None
    ].astype(np.float32)
    calls = []

    def moody(chunk: Chunk) -> torch.Tensor:
        calls.append(chunk)
        return torch.full((1, *chunk.spectrum.shape), 1.0 if len(calls) % 2 else 0.2)

    voice, _, _ = run(model(moody), ArraySource(tone, rate), [0])
    assert [c.samples // SAMPLE_RATE for c in calls] == [4, 8, 12, 8]
    gain = np.sqrt(np.mean(voice[0, 0].reshape(-1, 480).astype(float) ** 2, 1))
    gain /= np.sqrt(np.mean(tone[0].reshape(-1, 480).astype(float) ** 2, 1))
    assert gain.min() > 0.19
    assert gain.max() < 1.01
    assert np.abs(np.diff(gain)).max() < 0.03  # a fade of 0.5 s moves 0.025 in 10 ms at most
    # Nothing between the two tones: a click would fill the spectrum there.
    spectrum = np.abs(np.fft.rfft(voice[0, 0, rate : 25 * rate] * np.hanning(24 * rate)))
    hertz = np.fft.rfftfreq(24 * rate, 1 / rate)
    between = spectrum[(hertz > 1500) & (hertz < 9000)].max()
    assert 20 * np.log10(between / spectrum.max()) < -75


def test_chunks_as_the_model_sees_them() -> None:
    """Spectrum, sample index, overlap and face frames of every chunk belong together."""
    sound = voices(SAMPLE_RATE, 21.5, 2).sum(0)
    mono = torch.from_numpy(np.pad(sound.mean(0), (0, 16 * SAMPLE_RATE)))
    whole = stft(torch.nn.functional.pad(mono, (SAMPLE_RATE, 0)))
    person = face(10.0)
    person.landmarks[:] = np.arange(250, dtype=np.float32)[:, None, None]
    chunks: list[Chunk] = []

    def masks(chunk: Chunk) -> torch.Tensor:
        chunks.append(chunk)
        return torch.ones(1, *chunk.spectrum.shape)

    source = ArraySource(sound, SAMPLE_RATE)
    start = 3 * SAMPLE_RATE + 5
    run(model(masks), source, [0], start, 21 * SAMPLE_RATE, faces=[person])
    assert chunks[0].start == 2 * SAMPLE_RATE
    end = 0
    for chunk in chunks:
        second, length = chunk.start // SAMPLE_RATE, chunk.samples // SAMPLE_RATE
        assert (chunk.start % SAMPLE_RATE, chunk.samples % SAMPLE_RATE) == (0, 0)
        first = 64 * (second + 1)
        assert torch.allclose(chunk.spectrum, whole[:, first : first + 64 * length], atol=1e-4)
        assert chunk.overlap_frames == (64 * (end - second) if end else 0)
        end = second + length
        seen = chunk.faces[0]
        inside = np.arange(25 * second, 25 * (second + length)) < 250
        assert np.array_equal(seen.valid, inside)
        expected = np.where(inside, np.arange(25 * second, 25 * (second + length)), 0)
        assert np.array_equal(seen.landmarks[:, 0, 0], expected)
    assert end == 22


def test_little_is_read_before_the_first_block() -> None:
    source = ArraySource(voices(48000, 60.0).sum(0), 48000)
    stream = separate(model(constant(1)), source, [face(60)], [0], 20 * 48000, source.samples)
    next(iter(stream))
    assert source.furthest <= 26 * 48000


def test_memory_does_not_grow_with_length() -> None:
    def peak(seconds: int) -> int:
        # A view without memory of its own, so that only the driver's memory counts.
        sound = np.broadcast_to(np.float32(0.1), (1, seconds * 16000))
        people = [face(seconds)]
        stream = separate(
            model(constant(0.5)), ArraySource(sound, 16000), people, [0], 0, sound.shape[1]
        )
        tracemalloc.start()
        for _ in stream:
            pass
        top = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return top

    assert peak(180) < 1.1 * peak(45)


@pytest.mark.parametrize("error", [RuntimeError("CUDA out of memory."), MemoryError()])
def test_out_of_memory_halves_the_chunk(error: Exception) -> None:
    lengths = []

    def hungry(chunk: Chunk) -> torch.Tensor:
        lengths.append(chunk.samples // SAMPLE_RATE)
        if lengths[-1] > 4:
            raise error
        return torch.ones(1, *chunk.spectrum.shape)

    sound = voices(16000, 15.0).sum(0)
    voice, _, _ = run(model(hungry), ArraySource(sound, 16000), [0])
    assert np.abs(voice[0] - sound).max() <= 2 * LSB_24
    assert lengths[:2] == [4, 8]
    assert set(lengths[2:]) == {4}


def test_no_memory_at_all_says_so_and_other_errors_pass() -> None:
    def failing(text: str) -> LoadedModel:
        def masks(_chunk: Chunk) -> torch.Tensor:
            raise RuntimeError(text)

        return model(masks)

    sound = voices(16000, 5.0).sum(0)
    with pytest.raises(ModelError, match="not enough memory"):
        run(failing("out of memory"), ArraySource(sound, 16000), [0])
    with pytest.raises(RuntimeError, match="shape mismatch"):
        run(failing("shape mismatch"), ArraySource(sound, 16000), [0])


def test_cancel_within_a_second_of_work() -> None:
    gaps: list[float] = []
    last = time.monotonic()

    class StopError(Exception):
        pass

    def check() -> None:
        nonlocal last
        now = time.monotonic()
        gaps.append(now - last)
        last = now
        if len(gaps) > 40:
            raise StopError

    source = ArraySource(voices(48000, 40.0, 2).sum(0), 48000)
    stream = separate(model(constant(1)), source, [face(40)], [0], 0, source.samples, check=check)
    with pytest.raises(StopError):
        for _ in stream:
            pass
    assert sorted(gaps)[-2] < 1.0


def test_progress_reaches_the_end() -> None:
    told: list[tuple[float, float]] = []
    source = ArraySource(voices(16000, 12.5).sum(0), 16000)
    stream = separate(
        model(constant(1)),
        source,
        [face(13)],
        [0],
        16000,
        source.samples,
        report=lambda done, total: told.append((done, total)),
    )
    for _ in stream:
        pass
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert told[-1] == (11.5, 11.5)


def test_wrong_arguments_and_wrong_masks() -> None:
    sound = voices(16000, 5.0).sum(0)
    for start, stop in ((0, 80001), (-1, 100), (500, 500)):
        with pytest.raises(ModelError, match="outside the sound"):
            run(model(constant(1)), ArraySource(sound, 16000), [0], start, stop)
    with pytest.raises(ModelError, match="No face"):
        next(separate(model(constant(1)), ArraySource(sound, 16000), [face(5)], [1], 0, 100))
    with pytest.raises(ModelError, match="wrong shape"):
        run(model(constant(1, 1)), ArraySource(sound, 16000), [0])


def test_not_a_number_becomes_silence_not_noise() -> None:
    sound = voices(16000, 5.0).sum(0)
    voice, rest, _ = run(model(constant(float("nan"))), ArraySource(sound, 16000), [0])
    assert not voice.any()
    assert np.array_equal(rest, sound)


def test_low_frequency_effects_do_not_reach_the_model() -> None:
    rate = 48000
    sound = np.zeros((6, 5 * rate), np.float32)
    sound[0] = voices(rate, 5.0)[0, 0]
    sound[3] = 0.5 * np.sin(2 * np.pi * 60 * np.arange(5 * rate) / rate)
    loudest = []

    def masks(chunk: Chunk) -> torch.Tensor:
        loudest.append(float(chunk.spectrum[3:5].abs().max()))
        return torch.full((1, *chunk.spectrum.shape), 0.5)

    voice, _, _ = run(model(masks), ArraySource(sound, rate, "5.1"), [0])
    run(model(masks), ArraySource(sound, rate, "6.0"), [0])
    assert loudest[0] < 0.01 * loudest[-1]
    assert np.abs(voice[0] - 0.5 * sound).max() < 2 * LSB_24


def test_the_band_above_follows_the_mask_over_time() -> None:
    """Consonants above 8 kHz come with the voice that sings them and leave with it."""
    rate = 48000
    random = np.random.default_rng(3)
    count = 10 * rate
    noise = 0.1 * random.standard_normal((2, count))
    at = np.arange(count) / rate
    first = (at % 2) < 1.0
    sources = np.stack([noise[0] * first, noise[1] * ~first])[:, None].astype(np.float32)
    voice, _, _ = run(model(oracle(sources, rate)), ArraySource(sources.sum(0), rate), [0, 1])
    settled = (at % 1 > 0.1) & (at % 1 < 0.9)
    for estimate, truth in zip(voice[:, 0], sources[:, 0], strict=True):
        own = np.abs(truth) > 0
        spectrum = np.fft.rfft(estimate)
        spectrum[: int(9000 * count / rate)] = 0
        high = np.fft.irfft(spectrum, count)
        loud = np.mean(high[own & settled] ** 2)
        quiet = np.mean(high[~own & settled] ** 2)
        expected = 0.01 * (24000 - 9000) / 24000
        assert 10 * np.log10(loud / expected) == pytest.approx(0, abs=0.5)
        assert 10 * np.log10(loud / quiet) > 25


def test_without_joint_masks_a_weighing_model_hears_of_one_person_at_a_time() -> None:
    """Its mask shows how many people it was told of: alone, each target gets all."""
    heard: list[int] = []

    def share(chunk: Chunk) -> torch.Tensor:
        heard.append(len(chunk.faces))
        return torch.full((len(chunk.faces), *chunk.spectrum.shape), 1.0 / len(chunk.faces))

    source = ArraySource(voices(16384, 5.0)[0], 16384)
    faces = [face(5.0), face(5.0), face(5.0)]
    for joint, people, part in ((True, 3, 1 / 3), (False, 1, 1.0)):
        heard.clear()
        options = SeparateOptions(joint=joint)
        source.furthest = 0
        blocks = list(separate(model(share), source, faces, [2, 0], 0, source.samples, options))
        assert set(heard) == {people}
        both = np.concatenate([block.voices for block in blocks], 2)
        assert np.abs(both - part * source.sound).max() < 1e-5


def test_a_lost_graphics_card_hands_over_to_the_cpu_without_a_seam() -> None:
    sound = np.random.default_rng(5).normal(size=(2, 40 * SAMPLE_RATE)).astype(np.float32) * 0.1
    chunks = 0

    def failing(chunk: Chunk) -> torch.Tensor:
        nonlocal chunks
        chunks += 1
        if chunks > 1:
            raise RuntimeError("CUDA error: unspecified launch failure")
        return constant(0.5)(chunk)

    told: list[str] = []
    card = replace(model(failing), on_cpu=lambda: model(constant(0.5)))
    blocks = list(
        separate(
            card,
            ArraySource(sound, SAMPLE_RATE),
            [face(40)],
            [0],
            0,
            sound.shape[1],
            on_lost=lambda: told.append("lost"),
        )
    )
    voice = np.concatenate([block.voices[0] for block in blocks], axis=1)
    assert told == ["lost"]
    assert voice.shape == sound.shape
    np.testing.assert_allclose(voice, 0.5 * sound, atol=2e-3)

    def faulty(_chunk: Chunk) -> torch.Tensor:
        raise RuntimeError("index out of range")

    broken = replace(model(faulty), on_cpu=lambda: model(constant(0.5)))
    with pytest.raises(RuntimeError, match="index out of range"):
        list(separate(broken, ArraySource(sound, SAMPLE_RATE), [face(40)], [0], 0, SAMPLE_RATE))
