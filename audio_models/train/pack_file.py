"""Training material small enough to be sent to another machine: one tar file under a given size.

Voices and music are coded by Opus at what bit rate the size leaves; scores and landmarks go along
as they are. Unpacked, the file is a folder of training material like any other, with the same
people and pieces held out.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from audio_models.train.material import SAMPLE_RATE, Run, TrainingDataError, open_pack

_OPUS_RATE = 16000
_FRAME_MS = 60
"""The longest frame of Opus: at these bit rates the shorter ones cost a tenth more."""
_LEAST_BITS, _MOST_BITS = 6000, 32000
_MUSIC_SHARE = 1.25
"""Bits of a second of music against those of a second of a voice."""
_OVERHEAD = 1.03
"""Of the container around the coded sound."""
_FILE_BYTES = 1800
"""Of a file's headers in the container and in tar, and its line in the manifest."""
_KINDS = {"singing": "singing", "grid": "av_speech"}
_SCORES = "midi"


@dataclass(frozen=True)
class PackFigures:
    """What a packed file holds."""

    bytes: int
    voice_bits: int
    """Bits a second."""
    music_bits: int
    voices: int
    pieces: int
    seconds: float
    """Of sound."""


def write_pack_file(
    folder: Path,
    out: Path,
    mebibytes: float = 55.0,
    landmarks: Path | None = None,
    *,
    cache: Path | None = None,
    report: Callable[[str], None] = print,
    check: Callable[[], None] = lambda: None,
) -> PackFigures:
    """Write the material of ``folder`` to the tar file ``out`` of at most ``mebibytes``.

    Args:
        folder: training material with its ``manifest.json``.
        out: file to write; written under a temporary name first.
        mebibytes: largest size.
        landmarks: npz of ``train landmarks`` to go along.
        cache: as for `open_pack`.
        report: takes lines of progress.
        check: called for every voice and piece, may raise to stop.

    Raises:
        TrainingDataError: the material is missing, or does not fit at any useful bit rate.
    """
    pack = open_pack(folder, cache, report)
    items = json.loads((folder / "manifest.json").read_text())["items"]
    scores = [item for item in items if item["kind"] == _SCORES]
    enclosed = [folder / name for name in dict.fromkeys(str(item["file"]) for item in scores)]
    if landmarks is not None:
        enclosed.append(landmarks)
    room = mebibytes * (1 << 20) - sum(path.stat().st_size for path in enclosed)
    room -= _FILE_BYTES * (len(pack.voice_runs) + len(pack.music_runs)) + len(json.dumps(scores))
    voice_s, music_s = (
        sum(run.length for run in runs) / SAMPLE_RATE for runs in (pack.voice_runs, pack.music_runs)
    )
    bits = int(8 * room / _OVERHEAD / (voice_s + _MUSIC_SHARE * music_s))
    if bits < _LEAST_BITS:
        raise TrainingDataError(
            f"{(voice_s + music_s) / 3600:.1f} hours of sound do not fit into {mebibytes:g} MiB; "
            "allow a larger file."
        )
    voice_bits = min(bits, _MOST_BITS)
    music_bits = min(int(_MUSIC_SHARE * bits), _MOST_BITS)
    listed: list[dict[str, object]] = list(scores)
    partial = out.with_name(out.name + ".part")
    try:
        with tarfile.open(partial, "w") as archive:
            for runs, data, rate in (
                (pack.voice_runs, pack.voices, voice_bits),
                (pack.music_runs, pack.music, music_bits),
            ):
                for count, run in enumerate(runs):
                    check()
                    part = data[run.start : run.start + run.length]
                    item = _item(run)
                    _add(archive, str(item["file"]), opus(part, rate))
                    listed.append(item)
                    if count % 100 == 99:
                        report(f"{count + 1} of {len(runs)} coded")
            for path in enclosed:
                inside = path.relative_to(folder) if path.is_relative_to(folder) else path.name
                archive.add(path, str(inside))
            _add(archive, "manifest.json", json.dumps({"items": listed}).encode())
        size = partial.stat().st_size
        if size > mebibytes * (1 << 20):
            raise TrainingDataError(
                f"The packed material takes {size / (1 << 20):.1f} MiB, more than "
                f"{mebibytes:g}; allow a larger file."
            )
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
    return PackFigures(
        size,
        voice_bits,
        music_bits,
        len(pack.voice_runs),
        len(pack.music_runs),
        voice_s + music_s,
    )


def opus(samples: NDArray[np.int16], bits: int) -> bytes:
    """Mono int16 at `SAMPLE_RATE` as Ogg Opus of a constant bit rate."""
    import av
    import soxr

    sound = soxr.resample(samples.astype(np.float32) / 32768.0, SAMPLE_RATE, _OPUS_RATE)
    coded = np.round(np.clip(sound, -1.0, 1.0) * 32767.0).astype(np.int16)
    target = io.BytesIO()
    with av.open(target, "w", format="ogg") as container:
        options = {"vbr": "off", "frame_duration": str(_FRAME_MS)}
        stream = container.add_stream("libopus", rate=_OPUS_RATE, options=options)
        stream.layout = "mono"
        stream.bit_rate = bits
        size = _OPUS_RATE * _FRAME_MS // 1000
        for start in range(0, len(coded), size):
            chunk = np.ascontiguousarray(coded[None, start : start + size])
            frame = av.AudioFrame.from_ndarray(chunk, format="s16", layout="mono")
            frame.sample_rate, frame.pts = _OPUS_RATE, start
            frame.time_base = Fraction(1, _OPUS_RATE)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target.getvalue()


def _item(run: Run) -> dict[str, object]:
    """The manifest's entry; music keeps its file's name, which decides whether it is held out."""
    if run.group == "music":
        return {"kind": "instrumental", "file": run.name, "person": None}
    name = run.name.replace("#", "-").replace("/", "-")
    kind = _KINDS.get(run.group, "speech")
    return {"kind": kind, "file": f"voices/{name}.opus", "person": run.person}


def _add(archive: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    archive.addfile(info, io.BytesIO(data))
