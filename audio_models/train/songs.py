"""Songs with known parts: folders as MUSDB18 has them, and plain pairs of voice and accompaniment.

Every file is decoded once, at the rate and channels of the network, into a memory map of 16-bit
samples in the cache; a random stretch is then a slice.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.sound_network import MUSIC, STEMS, VOICE
from audio_models.train.material import TrainingDataError

Sound = NDArray[np.float32]
HELD_OUT_SHARE = 0.25
"""Part of the songs that is kept for validation, as MUSDB's users do."""
_SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a")
_STEM_STREAMS = {"drums": 1, "bass": 2, "other": 3, VOICE: 4}
"""Audio streams of Native Instruments' stem format in MUSDB18's order; 0 is the mixture."""
_INSTRUMENTS = tuple(name for name in STEMS if name != VOICE)


@dataclass(frozen=True)
class Part:
    """One sound on disk: a file and which of its audio streams."""

    file: Path
    stream: int = 0


@dataclass(frozen=True)
class Song:
    """A song and its parts by name; parts have the same length and start together."""

    name: str
    parts: dict[str, Part]
    test: bool
    """Belongs to a test set: neither learnt from nor validated on."""


def find_songs(folder: Path) -> list[Song]:
    """All songs under a folder, by name: MUSDB18, MUSDB18-HQ or pairs.

    A pair is ``X/vocals.wav`` with ``X/accompaniment.wav``, ``X_vocals.wav`` with
    ``X_accompaniment.wav``, or ``vocals/X.wav`` with ``accompaniment/X.wav``; other kinds of sound
    files do as well.
    """
    songs: dict[str, Song] = {}
    for file in sorted(folder.rglob("*.stem.mp4")):
        parts = {name: Part(file, stream) for name, stream in _STEM_STREAMS.items()}
        name = str(file.relative_to(folder)).removesuffix(".stem.mp4")
        songs[name] = Song(name, parts, _is_test(file, folder))
    for voice in sorted(folder.rglob(f"*{VOICE}*")):
        found = _beside(voice)
        if found is not None:
            name, parts = found
            name = str((voice.parent / name).relative_to(folder))
            songs[name] = Song(name, parts, _is_test(voice, folder))
    for voice in sorted((folder / VOICE).glob("*")):
        music = _sound(folder / MUSIC, voice.stem)
        if voice.suffix.lower() in _SUFFIXES and music is not None:
            parts = {VOICE: Part(voice), MUSIC: Part(music)}
            songs[voice.stem] = Song(voice.stem, parts, False)
    return list(songs.values())


def _beside(voice: Path) -> tuple[str, dict[str, Part]] | None:
    """The song that a file named after its part belongs to."""
    if not voice.is_file() or voice.suffix.lower() not in _SUFFIXES:
        return None
    if not voice.stem.endswith(VOICE):
        return None
    stem = voice.stem.removesuffix(VOICE)
    parts = {VOICE: Part(voice)}
    for name in (MUSIC, *_INSTRUMENTS):
        file = _sound(voice.parent, stem + name)
        if file is not None:
            parts[name] = Part(file)
    complete = MUSIC in parts or all(name in parts for name in _INSTRUMENTS)
    return (stem.rstrip("_-. ") or ".", parts) if complete else None


def _sound(folder: Path, stem: str) -> Path | None:
    files = (folder / (stem + suffix) for suffix in _SUFFIXES)
    return next((file for file in files if file.is_file()), None)


def _is_test(file: Path, folder: Path) -> bool:
    return "test" in file.relative_to(folder).parts[:-1]


def is_held_out(name: str, share: float = HELD_OUT_SHARE) -> bool:
    """Whether a song is kept for validation; always the same answer for the same name."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16) / 2**32 < share


def stored(
    part: Part,
    rate: int,
    channels: int,
    cache: Path,
    check: Callable[[], None] = lambda: None,
) -> NDArray[np.int16]:
    """(N, channels) memory map of a file at this rate, made on first use.

    Raises:
        TrainingDataError: the file holds no sound that can be decoded.
    """
    facts = part.file.stat()
    key = f"{part.file.resolve()}|{facts.st_size}|{facts.st_mtime_ns}|{part.stream}"
    name = hashlib.sha256(key.encode()).hexdigest()[:20]
    path = cache / f"songs-{rate}x{channels}" / f"{name}.i16"
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(f".{os.getpid()}.part")
        with partial.open("wb") as handle:
            for block in _decoded(part, rate, channels):
                check()
                handle.write(np.round(np.clip(block, -1, 1) * 32767).astype("<i2").tobytes())
        os.replace(partial, path)
    if path.stat().st_size == 0:
        raise TrainingDataError(f"{part.file} holds no sound; take it out of the training data.")
    return np.memmap(path, np.int16, mode="r").reshape(-1, channels)


def _decoded(part: Part, rate: int, channels: int) -> Iterator[Sound]:
    """Blocks of (n, channels) samples."""
    import av
    import av.error

    layout = "mono" if channels == 1 else "stereo"
    try:
        with av.open(str(part.file)) as container:
            if part.stream >= len(container.streams.audio):
                raise TrainingDataError(f"{part.file} lacks a stream; is it a stem file?")
            resampler = av.AudioResampler(format="flt", layout=layout, rate=rate)
            for frame in container.decode(audio=part.stream):
                for piece in resampler.resample(frame):
                    yield np.asarray(piece.to_ndarray(), np.float32).reshape(-1, channels)
            for piece in resampler.resample(None):
                yield np.asarray(piece.to_ndarray(), np.float32).reshape(-1, channels)
    except av.error.FFmpegError as error:
        raise TrainingDataError(f"{part.file} cannot be decoded; take it out.") from error


class SongDraws:
    """Random stretches of the parts of songs."""

    def __init__(
        self,
        songs: Sequence[Song],
        rate: int,
        channels: int,
        cache: Path,
        check: Callable[[], None] = lambda: None,
    ) -> None:
        self._songs, self._cache = songs, cache
        self._rate, self._channels, self._check = rate, channels, check

    def draw(self, name: str, samples: int, rng: np.random.Generator) -> Sound:
        """(channels, samples) of one part of a random song, from a random place.

        Raises:
            TrainingDataError: the songs have no such part.
        """
        song = self._songs[int(rng.integers(len(self._songs)))]
        return self.draw_from(song, name, samples, float(rng.random()))

    def draw_from(self, song: Song, name: str, samples: int, place: float) -> Sound:
        """The stretch of one part that begins at ``place`` (0..1) of what the song offers."""
        names = [name]
        if name not in song.parts and name == MUSIC:
            names = list(_INSTRUMENTS)
        total = np.zeros((self._channels, samples), np.float32)
        for one in names:
            if one not in song.parts:
                raise TrainingDataError(
                    f"{song.name} has no {one}; this network needs songs with that part."
                )
            data = stored(song.parts[one], self._rate, self._channels, self._cache, self._check)
            start = int(place * max(0, len(data) - samples))
            piece = data[start : start + samples].T
            total[:, : piece.shape[1]] += piece.astype(np.float32) / 32768.0
        return total
