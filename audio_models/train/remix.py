"""Random mixtures for networks that only hear, at any rate, from folders of any known kind."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from audio_models.sound_network import MUSIC, STEMS, VOICE
from audio_models.train.material import (
    HELD_OUT_SHARE,
    SAMPLE_RATE,
    TrainingDataError,
    default_cache,
    open_pack,
)
from audio_models.train.mixer import Mixer, active_rms
from audio_models.train.songs import Part, Song, SongDraws, Sound, find_songs, is_held_out

_SECOND_VOICE = 0.15
_PAN = 0.4


@dataclass(frozen=True)
class Augmentation:
    """How examples are varied."""

    gain: tuple[float, float] = (0.7, 1.0)
    """Range of the factor of each source."""
    speed: float = 0.3
    """Chance that a source is played faster or slower, pitch and all."""
    speed_range: float = 1.2
    swap: bool = True
    """Exchange left and right half of the time."""
    remix: bool = True
    """Draw every source from another song; else all from one, in time."""
    peak: tuple[float, float] = (0.3, 0.95)
    """Range of the mixture's peak."""


PLAIN = Augmentation(gain=(1.0, 1.0), speed=0.0, swap=False)
"""For validation: mixtures as the sources are."""


class Draws(Protocol):
    """Where sources come from."""

    def draw(self, name: str, samples: int, rng: np.random.Generator) -> Sound:
        """(C, samples) of a source."""
        ...


class RecordingDraws:
    """Voices and music of a folder with ``manifest.json``.

    Voices are there with 8 kHz of bandwidth, in mono: they are placed by a random pan. Music is
    decoded at the network's own rate and channels.
    """

    def __init__(
        self,
        folder: Path,
        held_out: bool,
        rate: int,
        channels: int,
        cache: Path,
        report: Callable[[str], None],
    ) -> None:
        pack = open_pack(folder, report=report)
        self._mixer = Mixer(pack, held_out, SAMPLE_RATE, strength=0.5 if not held_out else 0.0)
        self._rate, self._channels = rate, channels
        items = json.loads((folder / "manifest.json").read_text())["items"]
        names = [str(item["file"]) for item in items if item["kind"] == "instrumental"]
        songs = [
            Song(name, {MUSIC: Part(folder / name)}, False)
            for name in names
            if is_held_out(name, HELD_OUT_SHARE) == held_out
        ]
        self._music = SongDraws(songs, rate, channels, cache)

    def draw(self, name: str, samples: int, rng: np.random.Generator) -> Sound:
        """(C, samples) at active level 0.1; music may end early in silence."""
        if name == MUSIC:
            return _levelled(self._music.draw(MUSIC, samples, rng))
        if name != VOICE:
            raise TrainingDataError(
                f"This folder holds no {name}; train this network on songs with stems."
            )
        voice = self._voice(samples, rng)
        if rng.random() < _SECOND_VOICE:
            voice = voice + self._voice(samples, rng) * np.float32(rng.uniform(0.3, 1.0))
        return _levelled(voice)

    def _voice(self, samples: int, rng: np.random.Generator) -> Sound:
        import soxr

        self._mixer.samples = -(-samples * SAMPLE_RATE // self._rate) + 1
        mono, _ = self._mixer.voice(rng)
        sound = soxr.resample(mono, SAMPLE_RATE, self._rate, quality="LQ")
        sound = np.pad(sound, (0, max(0, samples - len(sound))))[:samples]
        pan = rng.uniform(-_PAN, _PAN)
        gains = np.array([1.0 + pan, 1.0 - pan] if self._channels == 2 else [1.0], np.float32)
        return gains[:, None] * sound


def _levelled(sound: Sound) -> Sound:
    """Active level 0.1, silence as it is."""
    level = active_rms(sound.mean(0))
    return sound * np.float32(0.1 / level if level > 1e-5 else 0.0)


class Remixer:
    """Examples for one network: mixture and sources of a fixed length."""

    def __init__(
        self,
        draws: Sequence[Draws],
        names: Sequence[str],
        channels: int,
        samples: int,
        augmentation: Augmentation,
    ) -> None:
        self._draws, self._names, self._channels = draws, tuple(names), channels
        self._samples, self._augmentation = samples, augmentation
        self._mixed = tuple(names) if set(names) == set(STEMS) else (VOICE, MUSIC)

    def example(self, rng: np.random.Generator) -> tuple[Sound, NDArray[np.float32]]:
        """Mixture (C, N) and the named sources (S, C, N), which may be fewer than were mixed."""
        a = self._augmentation
        draws = self._draws[int(rng.integers(len(self._draws)))]
        place = None if a.remix else int(rng.integers(2**31))
        sounds: dict[str, Sound] = {}
        for name in self._mixed:
            # One seed for all sources gives the same song and place for each.
            chance = rng if place is None else np.random.default_rng(place)
            sounds[name] = self._varied(draws, name, chance) * np.float32(rng.uniform(*a.gain))
        mixture = np.sum(list(sounds.values()), axis=0, dtype=np.float32)
        peak = float(np.abs(mixture).max())
        gain = np.float32(rng.uniform(*a.peak) / peak if peak > 1e-6 else 0.0)
        sources = np.stack([sounds[name] for name in self._names])
        if a.swap and self._channels == 2 and rng.random() < 0.5:
            mixture, sources = mixture[::-1], sources[:, ::-1]
        return mixture * gain, sources * gain

    def _varied(self, draws: Draws, name: str, rng: np.random.Generator) -> Sound:
        a = self._augmentation
        if not rng.random() < a.speed:
            return draws.draw(name, self._samples, rng)
        import soxr

        speed = a.speed_range ** rng.uniform(-1.0, 1.0)
        need = round(self._samples * speed)
        sound = draws.draw(name, need, rng)
        changed = soxr.resample(sound.T, need, self._samples, quality="LQ").T
        whole = np.zeros((self._channels, self._samples), np.float32)
        length = min(self._samples, changed.shape[1])
        whole[:, :length] = changed[:, :length]
        return whole


def open_draws(
    folders: Sequence[Path],
    held_out: bool,
    rate: int,
    channels: int,
    *,
    cache: Path | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> list[Draws]:
    """The material of each folder, training or held-out side.

    Raises:
        TrainingDataError: a folder holds none of the known kinds of material.
    """
    cache = cache or default_cache()
    found: list[Draws] = []
    for folder in folders:
        if (folder / "manifest.json").is_file():
            found.append(RecordingDraws(folder, held_out, rate, channels, cache, report))
            continue
        songs = [song for song in find_songs(folder) if not song.test]
        if not songs:
            raise TrainingDataError(
                f"{folder} holds no training material; give a folder with manifest.json, of "
                "MUSDB18, or of pairs named vocals and accompaniment."
            )
        found.append(SongDraws(_side(songs, held_out), rate, channels, cache, check))
    return found


def _side(songs: Sequence[Song], held_out: bool) -> list[Song]:
    """The songs of one side; a single song has to serve for both."""
    if len(songs) == 1:
        return list(songs)
    chosen = [song for song in songs if is_held_out(song.name) == held_out]
    if len(chosen) in (0, len(songs)):
        # Few songs may all fall on one side: then the last one is held out.
        chosen = list(songs[-1:] if held_out else songs[:-1])
    other = [song for song in songs if is_held_out(song.name) != held_out]
    if not other:
        return list(songs[-1:] if held_out else songs[:-1])
    return chosen
