"""The training pack: voices and music decoded once to int16 memory maps at the network's rate.

Every person (or, for recordings whose speakers are not told apart, every file) becomes one
contiguous run of samples, so that drawing a training segment is a slice.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame

SAMPLE_RATE = 16384
PACK_VERSION = 1
HELD_OUT_SHARE = 0.06
# A person of a rare kind is held out by name: a hash could take the only song.
HELD_OUT_PEOPLE = frozenset({"vocadito_14", "utau_minato86", "grid_s25", "grid_inp_m"})
KEPT_PEOPLE = frozenset({"grid_s1"})
UNLABELLED_PEOPLE = frozenset({"pv_unlabelled"})
_GATE_DB = 40.0
_MAX_PAUSE_S = 0.35


class TrainingDataError(RuntimeError):
    """The training material is missing or cannot be used."""


@dataclass(frozen=True)
class Run:
    """One contiguous run of samples in a pack file: a person's voice or a piece of music."""

    name: str
    group: str
    start: int
    length: int
    held_out: bool
    person: str

    @property
    def key(self) -> str:
        """Tells it from all others of a pack."""
        return f"{self.group}/{self.name}"


@dataclass(frozen=True)
class Pack:
    """Decoded material, memory-mapped; all sounds are int16 at `SAMPLE_RATE`."""

    voices: NDArray[np.int16]
    music: NDArray[np.int16]
    voice_runs: tuple[Run, ...]
    music_runs: tuple[Run, ...]
    key: str
    sung: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    """Speech of the training people turned into singing (`audio_models.train.singing`)."""
    sung_runs: tuple[Run, ...] = ()
    played: NDArray[np.int16] = field(default_factory=lambda: np.zeros(0, np.int16))
    """Scores that were played by `audio_models.train.synth`."""
    played_runs: tuple[Run, ...] = ()
    pitches: Mapping[str, float] = field(default_factory=dict)
    """Median pitch in Hz of voices by `Run.key`, 0 where there is none
    (`audio_models.train.pitch`)."""


def decode_mono(source: str | Path | bytes, rate: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """First audio stream of a file (or of its bytes) as mono float32 at `rate` Hz."""
    import av

    handle = io.BytesIO(source) if isinstance(source, bytes) else str(source)
    parts: list[NDArray[np.float32]] = []
    with av.open(handle) as container:
        resampler = av.AudioResampler(format="flt", layout="mono", rate=rate)
        for frame in container.decode(audio=0):
            parts += [_flat(f) for f in resampler.resample(frame)]
        parts += [_flat(f) for f in resampler.resample(None)]
    if not parts:
        return np.zeros(0, np.float32)
    return np.concatenate(parts)


def _flat(frame: AudioFrame) -> NDArray[np.float32]:
    return np.asarray(frame.to_ndarray(), np.float32).reshape(-1)


def gate_silence(samples: NDArray[np.float32], rate: int = SAMPLE_RATE) -> NDArray[np.float32]:
    """Cut silence at both ends and shorten pauses; frames `_GATE_DB` below the loudest are silent.

    Short pauses stay: they are how one voice is told from two.
    """
    hop = rate // 50
    frames = len(samples) // hop
    if frames < 2:
        return samples
    energy = (samples[: frames * hop].reshape(frames, hop) ** 2).mean(axis=1)
    loud = energy > energy.max() * 10 ** (-_GATE_DB / 10)
    if not loud.any():
        return samples[:0]
    keep = np.zeros(frames, bool)
    margin = int(_MAX_PAUSE_S * 50 / 2)
    for index in np.flatnonzero(loud):
        keep[max(0, index - margin) : index + margin + 1] = True
    first, last = np.flatnonzero(loud)[[0, -1]]
    keep[: max(0, first - 2)] = False
    keep[last + 3 :] = False
    return samples[: frames * hop].reshape(frames, hop)[keep].reshape(-1)


def to_int16(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    """Level to a common active RMS, so that quiet recordings keep their resolution."""
    active = samples[np.abs(samples) > 1e-4]
    if len(active) == 0:
        return np.zeros(0, np.int16)
    gain = 0.1 / float(np.sqrt(np.mean(active**2)) + 1e-9)
    gain = min(gain, 0.98 / float(np.abs(samples).max() + 1e-9))
    return np.asarray(np.round(samples * gain * 32767.0), np.int16)


def _group(item: dict[str, object]) -> str:
    if item["kind"] == "singing":
        return "singing"
    if item["kind"] == "av_speech":
        return "grid"
    name = str(item["person"])
    return {"so": "learners", "pv": "commands"}.get(name.split("_")[0], "readers")


def _is_held_out(name: str, group: str) -> bool:
    if name in HELD_OUT_PEOPLE:
        return True
    if name in KEPT_PEOPLE or group in {"singing", "grid", "commands"}:
        return False
    return _hash_share(name) < HELD_OUT_SHARE


def seed_of(name: str) -> int:
    """Number below 2^32 that follows from a name, the same on every machine."""
    return int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)


def _hash_share(name: str) -> float:
    return seed_of(name) / 2**32


def _voice_files(folder: Path, items: list[dict[str, object]]) -> Iterator[tuple[dict, bytes]]:
    """Every voice recording of the manifest with its encoded bytes, one tar at a time."""
    by_file: dict[str, list[dict[str, object]]] = {}
    for item in items:
        if item["kind"] in {"speech", "singing", "av_speech"}:
            by_file.setdefault(str(item["file"]), []).append(item)
    for file, entries in by_file.items():
        path = folder / file
        if path.suffix != ".tar":
            yield entries[0], path.read_bytes()
            continue
        members = {str(e["member"]): e for e in entries if "member" in e}
        with tarfile.open(path) as archive:
            for member in archive:
                entry = members.get(member.name, entries[0] if not members else None)
                handle = archive.extractfile(member) if entry is not None else None
                if entry is not None and handle is not None:
                    yield entry, handle.read()


def pack_key(folder: Path) -> str:
    """Changes when the material or the packing changes."""
    manifest = (folder / "manifest.json").read_bytes()
    return hashlib.sha256(manifest + bytes([PACK_VERSION])).hexdigest()[:12]


def default_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("solovox"))


def pack_folder(key: str, cache: Path | None) -> Path:
    """Where the pack of a key lies; ``cache`` is the folder of the packs, or the user's."""
    return (cache or default_cache()) / f"train-{key}"


def build_pack(folder: Path, target: Path, report: Callable[[str], None] = print) -> None:
    """Decode all voices and instrumentals of `folder` (with its `manifest.json`) into `target`."""
    items = json.loads((folder / "manifest.json").read_text())["items"]
    target.mkdir(parents=True, exist_ok=True)
    people: dict[str, list[NDArray[np.int16]]] = {}
    groups: dict[str, tuple[str, str]] = {}
    for count, (item, data) in enumerate(_voice_files(folder, items)):
        person = str(item["person"])
        name = f"{person}#{count}" if person in UNLABELLED_PEOPLE else person
        samples = to_int16(gate_silence(decode_mono(data)))
        if len(samples) > SAMPLE_RATE // 4:
            people.setdefault(name, []).append(samples)
            groups[name] = (_group(item), person)
        if count % 1000 == 999:
            report(f"{count + 1} recordings decoded")
    voice_runs = [
        (name, *groups[name], _is_held_out(name, groups[name][0]), parts)
        for name, parts in people.items()
    ]
    write_runs(target, "voices", voice_runs)
    music: list[tuple[str, str, str, bool, list[NDArray[np.int16]]]] = []
    for item in items:
        if item["kind"] == "instrumental":
            name = str(item["file"])
            samples = to_int16(gate_silence(decode_mono(folder / name)))
            if len(samples) > SAMPLE_RATE:
                held_out = _hash_share(name) < HELD_OUT_SHARE
                music.append((name, "music", name, held_out, [samples]))
    write_runs(target, "music", music)
    report(f"pack with {len(voice_runs)} voices and {len(music)} pieces of music in {target}")


def write_runs(
    target: Path, name: str, runs: Iterable[tuple[str, str, str, bool, list[NDArray[np.int16]]]]
) -> None:
    """Write (name, group, person, held out, parts) of every run to `NAME.i16` and `NAME.json`."""
    index: list[dict[str, object]] = []
    position = 0
    partial = target / f"{name}.i16.partial"
    with partial.open("wb") as handle:
        for run_name, group, person, held_out, parts in runs:
            samples = np.concatenate(parts)
            handle.write(samples.tobytes())
            run = Run(run_name, group, position, len(samples), held_out, person)
            index.append(asdict(run))
            position += len(samples)
    os.replace(partial, target / f"{name}.i16")
    write_json(target / f"{name}.json", index)


def write_json(path: Path, value: object) -> None:
    """Write a file of a pack, atomically."""
    partial = path.with_name(f"{path.name}.partial")
    partial.write_text(json.dumps(value))
    os.replace(partial, path)


def kept_runs(
    pack: Pack,
    cache: Path | None,
    name: str,
    make: Callable[[], Iterable[tuple[str, str, str, bool, list[NDArray[np.int16]]]]],
) -> tuple[NDArray[np.int16], tuple[Run, ...]]:
    """Samples and runs of `NAME.i16`, an addition to a pack; ``make`` is called on first use.

    ``cache`` is the folder of the packs, by default the one in the user's cache.
    """
    target = pack_folder(pack.key, cache)
    if not (target / f"{name}.json").is_file():
        target.mkdir(parents=True, exist_ok=True)
        write_runs(target, name, make())
    runs = read_runs(target / f"{name}.json")
    if not runs:
        return np.zeros(0, np.int16), ()
    return np.memmap(target / f"{name}.i16", np.int16, mode="r"), runs


def open_pack(
    folder: Path, cache: Path | None = None, report: Callable[[str], None] = print
) -> Pack:
    """The pack of a material folder, built on first use.

    Raises:
        TrainingDataError: the folder has no `manifest.json`.
    """
    folder = Path(folder)
    if not (folder / "manifest.json").is_file():
        raise TrainingDataError(
            f"{folder} has no manifest.json; pass the folder of the training material."
        )
    key = pack_key(folder)
    target = pack_folder(key, cache)
    if not (target / "music.json").is_file():
        report(f"Decoding the training material into {target} (once)")
        build_pack(folder, target, report)
    return Pack(
        voices=np.memmap(target / "voices.i16", np.int16, mode="r"),
        music=np.memmap(target / "music.i16", np.int16, mode="r"),
        voice_runs=read_runs(target / "voices.json"),
        music_runs=read_runs(target / "music.json"),
        key=key,
    )


def read_runs(path: Path) -> tuple[Run, ...]:
    """Index that `write_runs` wrote."""
    return tuple(Run(**entry) for entry in json.loads(path.read_text()))
