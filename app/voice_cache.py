"""Computed voices on disk, shared by all windows: exporting again or choosing again is instant.

A voice is one file that never changes under its name: raw float32, interleaved, as the window reads
it, and a tail that tells what it is. Windows work on hard links of their own, so that neither
clearing the cache nor a second window can take a file away from under them.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import struct
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from app.clip import Clip
    from app.isolation import IsolateOptions
    from app.people import Basis

FORMAT = 1
"""Number of the layout and of what the samples mean; other numbers aren't read."""
MAX_BYTES = 8_000_000_000
"""Bound of the cache, some five hours of one stereo voice; the least recently used go first."""
_SHARE = 0.8
"""Of the room that the user gives to all caches."""
_MAGIC = b"SolovoxV"
_FOOT = struct.Struct("<8sQQ")
_SUFFIX = ".voice"
_SAMPLED = 64
_SAMPLE_BYTES = 4096


@dataclass(frozen=True)
class CachedVoice:
    """One voice in the cache."""

    path: Path
    channels: int
    start: int
    stop: int
    """Samples start..stop of the clip's sound, all of them computed."""
    peaks: NDArray[np.float32]
    """(2, B) drawing envelope, kept as it was given."""
    agreement: dict[int, float]
    """Second of the clip's sound -> how well lips and voice agree in it."""


def voice_key(*facts: object) -> str:
    """Name of everything a voice depends on but its range; equal facts have equal texts."""
    text = "\n".join([str(FORMAT), *map(repr, facts)])
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:40]


class VoiceCache:
    """Voices by key and range in one folder of bounded size."""

    def __init__(self, folder: Path, max_bytes: int = MAX_BYTES) -> None:
        self._folder = folder
        self._max_bytes = max_bytes

    def find(self, key: str, start: int, stop: int) -> CachedVoice | None:
        """The voice under ``key`` that covers start..stop; None when there is none.

        A file that was cut off or holds something else is removed.
        """
        for path in self._folder.glob(f"{key}-*{_SUFFIX}"):
            with contextlib.suppress(ValueError, OSError):
                first, last = map(int, path.stem.split("-")[1:])
                if not (first <= start and stop <= last):
                    continue
                voice = _read(path, key, first, last)
                if voice is not None:
                    os.utime(path)
                    return voice
                path.unlink()
        return None

    def keep(
        self,
        key: str,
        file: Path,
        channels: int,
        start: int,
        stop: int,
        peaks: NDArray[np.float32],
        agreement: Mapping[int, float] | None = None,
    ) -> bool:
        """Keep a finished voice: ``file`` holds exactly its samples and is never written again.

        The file stays where it is and gets a tail. False when there is no room or no way to: that
        is no error, only no cache.
        """
        from vision.bounded import shrink_folder  # late: the window's process needs no vision

        part = self._folder / f"{uuid.uuid4().hex}.part"
        try:
            if file.stat().st_size != (stop - start) * channels * 4 or self._max_bytes <= 0:
                return False
            self._folder.mkdir(parents=True, exist_ok=True)
            if any(True for _ in self._shorter(key, start, stop, wider=True)):
                return True
            _add_tail(file, key, channels, start, stop, peaks, agreement or {})
            link_or_copy(file, part)
            target = self._folder / f"{key}-{start}-{stop}{_SUFFIX}"
            os.replace(part, target)
            os.utime(target)
            for old in self._shorter(key, start, stop, wider=False):
                old.unlink(missing_ok=True)
            shrink_folder(self._folder, "*", target, self._max_bytes)
        except OSError:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            return False
        return True

    def take(self, voice: CachedVoice, target: Path) -> bool:
        """Put a voice's file at ``target`` as well, free of cost; False when it is gone."""
        try:
            link_or_copy(voice.path, target)
        except OSError:
            return False
        return True

    def _shorter(self, key: str, start: int, stop: int, wider: bool) -> Iterable[Path]:
        """Other voices of the key inside start..stop, or those around it."""
        for path in self._folder.glob(f"{key}-*{_SUFFIX}"):
            with contextlib.suppress(ValueError):
                first, last = map(int, path.stem.split("-")[1:])
                around = first <= start and stop <= last
                inside = start <= first and last <= stop
                if around if wider else inside and not around:
                    yield path


def key_of(clip: Clip, basis: Basis, options: IsolateOptions) -> str:
    """Name of a voice in the cache: clip, faces, network and all options but the range.

    Raises `BadInputError` where the network's weights are missing.
    """
    from app.errors import BadInputError
    from app.media.fingerprint import fingerprint
    from app.paths import models_dir
    from audio_models.errors import ModelError
    from audio_models.store import find_weights
    from vision.store import FORMAT as FACES

    try:
        spec, weights = find_weights(options.model, models_dir())
    except ModelError as error:
        raise BadInputError(str(error)) from error
    files = [weights, *(weights.with_name(name) for name, _ in spec.companions)]
    network = [fingerprint(file) for file in files]
    same_everywhere = replace(options, start=None, stop=None, device="auto")
    return voice_key(clip.fingerprint, FACES, basis, network, same_everywhere)


def voice_cache() -> VoiceCache:
    """The cache that all windows share."""
    from app.paths import cache_dir
    from app.preferences import current

    return VoiceCache(cache_dir() / "results", int(current().cache_gb * _SHARE * 10**9))


def link_or_copy(source: Path, target: Path) -> None:
    """Give a file a second name; where the file system can't, copy it."""
    try:
        os.link(source, target)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, target)


def _add_tail(
    file: Path,
    key: str,
    channels: int,
    start: int,
    stop: int,
    peaks: NDArray[np.float32],
    agreement: Mapping[int, float],
) -> None:
    peaks = np.ascontiguousarray(peaks, np.float32)
    with file.open("r+b") as handle:
        size = handle.seek(0, os.SEEK_END)
        head: dict[str, Any] = {
            "format": FORMAT,
            "key": key,
            "channels": channels,
            "start": start,
            "stop": stop,
            "peaks": list(peaks.shape),
            "agreement": [[int(second), float(score)] for second, score in agreement.items()],
            "check": _spot_check(handle, size),
        }
        text = json.dumps(head).encode()
        handle.seek(size)
        try:
            handle.write(peaks.tobytes() + text + _FOOT.pack(_MAGIC, peaks.nbytes, len(text)))
        except OSError:
            with contextlib.suppress(OSError):
                handle.truncate(size)
            raise


def _read(path: Path, key: str, start: int, stop: int) -> CachedVoice | None:
    try:
        with path.open("rb") as handle:
            end = handle.seek(0, os.SEEK_END)
            handle.seek(end - _FOOT.size)
            magic, drawn, told = _FOOT.unpack(handle.read())
            size = end - _FOOT.size - drawn - told
            if magic != _MAGIC or size < 0:
                return None
            handle.seek(size)
            raw, head = handle.read(drawn), json.loads(handle.read(told))
            channels = int(head["channels"])
            wanted = (FORMAT, key, start, stop)
            if (head["format"], head["key"], head["start"], head["stop"]) != wanted:
                return None
            if size != (stop - start) * channels * 4 or head["check"] != _spot_check(handle, size):
                return None
            peaks = np.frombuffer(raw, np.float32).reshape(head["peaks"]).copy()
            agreement = {int(second): float(score) for second, score in head["agreement"]}
    except (OSError, ValueError, KeyError, TypeError, struct.error):
        return None
    return CachedVoice(path, channels, start, stop, peaks, agreement)


def _spot_check(handle: Any, size: int) -> str:
    """Digest of evenly spread places: after a power cut a file may hold zeros instead."""
    digest = hashlib.blake2b(digest_size=16)
    for number in range(_SAMPLED):
        handle.seek(number * max(0, size - _SAMPLE_BYTES) // (_SAMPLED - 1))
        digest.update(handle.read(min(_SAMPLE_BYTES, size)))
    return digest.hexdigest()
