"""One export: lanes measured, levelled and written, then videos, then timelines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from app.clip import Clip
from app.edits import ExportSettings
from app.fullness import NEUTRAL
from app.jobs import CancelToken, OnProgress, Passes, ProgressClock
from app.outputs import REST, Output
from app.shape import Shaping, Sound, Source, StoredVoice, gain, stems

if TYPE_CHECKING:
    from app.export.loudness import Loudness, LoudnessMeter
    from app.export.span import Span

EBU_R128 = -23.0
"""LUFS."""


@dataclass(frozen=True)
class Material:
    """What an export is made of."""

    clip: Clip
    original: Source
    voices: Mapping[str, StoredVoice]
    """Singer id -> computed voice, over all of ``span`` where the clip has sound."""
    span: Span
    shaping: Shaping
    names: Mapping[str, str] = field(default_factory=dict)
    """Singer id -> name; "Singer A" where there is none."""
    levels: Mapping[str, float] = field(default_factory=dict)
    """Singer id or ``rest`` -> gain of the mixer, dB."""


@dataclass(frozen=True)
class Written:
    """One finished file."""

    output: Output
    loudness: Loudness | None = None
    """Of a sound file as it is now; None for other files."""
    gain_db: float = 0.0
    """By how much its sound was raised."""


@dataclass(frozen=True)
class Delivery:
    """What was written."""

    files: tuple[Written, ...]
    clipped: int
    """Sample values that lay beyond full scale and were cut to it."""
    notes: tuple[str, ...] = ()
    """What the user should know about the files."""

    @property
    def outputs(self) -> tuple[Output, ...]:
        """The files without what was measured."""
        return tuple(file.output for file in self.files)


class DeliveryJob:
    """One run of `app.deliver.write_outputs`; `finished` is what has got its name so far."""

    def __init__(
        self,
        material: Material,
        outputs: Sequence[Output],
        settings: ExportSettings,
        overwrite: bool,
        on_progress: OnProgress | None,
        token: CancelToken,
    ) -> None:
        span, shaping = material.span, material.shaping
        if shaping.fades is not None:
            # What fades are the ends of the files: handles are there to be faded by the editor.
            shaping = replace(shaping, fades=(span.first, span.last))
        self._material = replace(material, shaping=shaping)
        self._audio = material.clip.require_audio()
        self._outputs = outputs
        self._settings = settings
        self._overwrite = overwrite
        self._token = token
        self._sounds = [output for output in outputs if output.kind in ("voice", "rest")]
        self._lanes = list(
            dict.fromkeys(
                who for output in outputs for who in output.singers or (output.singer,) if who
            )
        )
        self._passes = Passes(self._count_passes(), on_progress)
        needs_original = (
            REST in self._lanes
            or shaping.room > 0
            or shaping.fullness != NEUTRAL
            or settings.loudness == "match"
        )
        if not needs_original:
            self._material = replace(self._material, original=_Unheard(self._audio.channels))
        self.finished: list[Path] = []
        self._notes: list[str] = []

    def run(self, scratch: Path) -> Delivery:
        measured, gains = self._levels()
        videos = [output for output in self._outputs if output.kind == "video"]
        tracks = {
            who: scratch / f"{number}.wav"
            for number, who in enumerate(dict.fromkeys(w for v in videos for w in v.singers))
        }
        clipped, heard = self._write_sounds(tracks, gains, measured is None)
        for output in videos:
            clipped += self._write_video(output, tracks)
        self._write_timelines()
        if measured is not None:
            heard = {who: _raised(measured[who], gains[who]) for who in measured}
        files = tuple(
            Written(output, heard[output.singer], gains.get(output.singer, 0.0))
            if output in self._sounds
            else Written(output)
            for output in self._outputs
        )
        return Delivery(files, clipped, tuple(self._notes))

    def _count_passes(self) -> int:
        """How often the sound is gone through: measured, written, and once for each video."""
        videos = sum(output.kind == "video" for output in self._outputs)
        return int(self._measures()) + int(bool(self._lanes)) + videos

    def _measures(self) -> bool:
        return self._settings.loudness != "untouched" or self._settings.true_peak is not None

    def _blocks(self, stage: str) -> Iterator[dict[str, Sound]]:
        """Finished sound of every lane at the mixer's levels."""
        span = self._material.span
        total = (span.last - span.first) / self._audio.sample_rate
        clock = ProgressClock(stage, total, self._passes.next())
        factors = {who: gain(self._material.levels.get(who, 0.0)) for who in self._lanes}
        for block in stems(
            self._material.original,
            self._material.voices,
            self._material.shaping,
            span.first,
            span.last,
            self._token.check,
        ):
            sounds = {**block.voices, REST: block.rest}
            yield {
                who: sounds[who] if factor == 1.0 else sounds[who] * factor
                for who, factor in factors.items()
            }
            clock.update((block.start + block.rest.shape[1] - span.first) / self._audio.sample_rate)

    def _levels(self) -> tuple[dict[str, Loudness] | None, dict[str, float]]:
        """What every lane measures before its gain, if that was asked, and its gain in dB."""
        from app.export.loudness import LoudnessMeter, gain_for

        settings, audio = self._settings, self._audio
        if not self._measures():
            return None, {}
        meters = {who: self._meter() for who in self._lanes}
        reference = LoudnessMeter(audio.sample_rate, audio.channels, audio.layout)
        at = self._material.span.first
        for block in self._blocks("Measuring loudness"):
            for who, sound in block.items():
                meters[who].add(sound)
            count = next(iter(block.values())).shape[1]
            if settings.loudness == "match":
                reference.add(self._material.original.read(at, at + count))
            at += count
        target = {
            "untouched": None,
            "match": reference.result().integrated,
            "ebu": EBU_R128,
            "custom": settings.lufs,
        }[settings.loudness]
        measured = {who: meter.result() for who, meter in meters.items()}
        gains = {who: gain_for(m, target, settings.true_peak) for who, m in measured.items()}
        self._notes += [
            text
            for who, loudness in measured.items()
            if (text := _about(self._name(who), loudness, gains[who], target, settings.true_peak))
        ]
        return measured, gains

    def _write_sounds(
        self, tracks: Mapping[str, Path], gains: Mapping[str, float], measure: bool
    ) -> tuple[int, dict[str, Loudness]]:
        """Write sound files, and the tracks of videos; what they measure is told if asked."""
        from app.export.sound import SoundWriter

        audio, span = self._audio, self._material.span
        if not self._sounds and not tracks:
            return 0, {}
        inside = span.inside(audio.samples)
        meters = {output.singer: self._meter() for output in self._sounds} if measure else {}
        at = span.first
        with ExitStack() as stack:
            writers = [
                (
                    output.singer,
                    stack.enter_context(
                        SoundWriter(
                            output.path,
                            audio.sample_rate,
                            audio.channels,
                            self._settings.format,
                            audio.layout,
                            self._overwrite,
                            self._chunks(output),
                        )
                    ),
                )
                for output in self._sounds
            ]
            scratch = {
                who: stack.enter_context(
                    SoundWriter(path, audio.sample_rate, audio.channels, "wav32f", audio.layout)
                )
                for who, path in tracks.items()
            }
            # From here on the files may get their names, one after the other.
            self.finished += [output.path for output in self._sounds]
            for block in self._blocks("Writing sound"):
                for who, factor in gains.items():
                    if factor:
                        block[who] = block[who] * gain(factor)
                for who, writer in writers:
                    writer.write(block[who])
                for who, meter in meters.items():
                    meter.add(block[who])
                count = next(iter(block.values())).shape[1]
                part = slice(max(0, inside[0] - at), max(0, inside[1] - at))
                for who, track in scratch.items():
                    track.write(block[who][:, part])
                at += count
        clipped = sum(writer.clipped for _, writer in writers)
        return clipped, {who: meter.result() for who, meter in meters.items()}

    def _write_video(self, output: Output, tracks: Mapping[str, Path]) -> int:
        from app.export.containers import container_for
        from app.export.video import write_video

        clip = self._material.clip
        start, stop = self._material.span.inside(self._audio.samples)
        whole = (start, stop) == (0, self._audio.samples)
        made = write_video(
            clip.path,
            [(self._name(who), tracks[who]) for who in output.singers],
            output.path,
            self._overwrite,
            on_progress=self._passes.next(),
            token=self._token,
            start=None if whole else start,
            stop=None if whole else stop,
            info=clip.info,
        )
        self.finished.append(output.path)
        suffix, note = container_for(clip.path)
        if note and output.path.suffix == suffix and note not in self._notes:
            self._notes.insert(0, note)
        if made.lead_in * clip.require_video().frame_rate >= 1:
            self._notes.append(
                f"{output.path.name}: a copied picture can begin at key frames only, so it "
                f"begins {float(made.lead_in):.2f} s before the range; .mov and .mp4 hide that."
            )
        return made.clipped

    def _write_timelines(self) -> None:
        from app.export.timeline import Stem, lay_out, write_timeline

        timelines = [output for output in self._outputs if output.kind == "timeline"]
        if not timelines:
            return
        from app.export.span import begins

        span, audio, info = self._material.span, self._audio, self._material.clip.info
        assert span.frames is not None, "a span for a timeline has whole frames"
        media_first, first, last, media_last = span.frames
        bits = {"wav16": 16, "wav32f": 32, "mp3": 16, "aac": 16}.get(self._settings.format, 24)
        placed = [
            Stem(
                title=self._name(output.singer),
                path=output.path,
                role=output.kind,
                sample_rate=audio.sample_rate,
                channels=audio.channels,
                bits=bits,
                samples=span.last - span.first,
                starts=begins(info, span.first),
                media_first=media_first,
                media_frames=media_last - media_first,
                first=first,
                frames=last - first,
                timed=self._settings.format.startswith("wav"),
            )
            for output in self._sounds
        ]
        for output in timelines:
            timeline = lay_out(info, placed, output.path.stem)
            kind = output.path.suffix[1:]
            note = write_timeline(timeline, kind, output.path, self._overwrite)
            self.finished.append(output.path)
            if note:
                self._notes.append(note)

    def _chunks(self, output: Output) -> list[tuple[bytes, bytes]]:
        """Where the stem belongs, for WAVE files of a clip with a picture."""
        from app.export.bwf import Origin, chunks, time_reference
        from app.export.span import begins
        from app.export.timeline import clip_start

        clip, rate = self._material.clip, self._audio.sample_rate
        if clip.video is None or not self._settings.format.startswith("wav"):
            return []
        start = clip_start(clip.info)
        offset = begins(clip.info, self._material.span.first) - start.seconds
        name = self._name(output.singer)
        origin = Origin(
            f"{clip.path.name}: {name}",
            start.plus(int(offset * start.rate // 1)),
            time_reference(start, offset, rate),
            datetime.now(),
            _channel_names(name, self._audio.layout, self._audio.channels),
            scene=clip.path.stem,
        )
        return chunks(origin, rate, self._settings.format)

    def _meter(self) -> LoudnessMeter:
        from app.export.loudness import LoudnessMeter

        return LoudnessMeter(self._audio.sample_rate, self._audio.channels, self._audio.layout)

    def _name(self, who: str) -> str:
        return "Rest" if who == REST else self._material.names.get(who, f"Singer {who}")


class _Unheard:
    """In place of the original where nothing depends on it: it need not be decoded."""

    def __init__(self, channels: int) -> None:
        self._channels = channels

    def read(self, start: int, stop: int) -> Sound:
        return np.zeros((self._channels, stop - start), np.float32)


def _raised(measured: Loudness, gain_db: float) -> Loudness:
    integrated = measured.integrated
    return replace(
        measured,
        integrated=None if integrated is None else integrated + gain_db,
        true_peak=measured.true_peak + gain_db,
    )


def _about(
    name: str, measured: Loudness, gain_db: float, target: float | None, ceiling: float | None
) -> str:
    """What the user should know of a lane's level; "" when it is as asked."""
    if target is not None and measured.integrated is None:
        return f"{name} is silent or shorter than 0.4 s, so its loudness was left as it is."
    if target is not None and measured.integrated is not None:
        reached = measured.integrated + gain_db
        if reached < target - 0.05:
            return (
                f"{name} has {reached:.1f} LUFS instead of {target:.1f}: more would raise its true "
                f"peak above {ceiling:.1f} dBTP."
            )
    return ""


def _channel_names(name: str, layout: str, channels: int) -> tuple[str, ...]:
    import av

    known = [channel.name for channel in av.AudioLayout(layout).channels] if layout else []
    if channels == 1 or len(known) != channels:
        return (name,) if channels == 1 else tuple(f"{name} {n + 1}" for n in range(channels))
    return tuple(f"{name} {channel}" for channel in known)
