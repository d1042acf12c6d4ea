"""A clip as the jobs see it: what is in the file, its fingerprint and its time axis."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from app.errors import BadInputError

if TYPE_CHECKING:
    from app.media.probe import AudioInfo, MediaInfo, VideoInfo


@dataclass(frozen=True)
class Clip:
    """An opened media file.

    Two time axes meet here. Media time is what the container's time stamps say; jobs and files
    use it. Clip time is what a player shows: 0 at the first picture or sound, whichever comes
    first; editors type it and read it.
    """

    path: Path
    info: MediaInfo
    fingerprint: str
    """Hash of the content: the same for a renamed or moved file."""

    @classmethod
    def open(
        cls,
        path: str | Path,
        patience_s: float | None = None,
        check: Callable[[], None] = lambda: None,
    ) -> Clip:
        """Probe and fingerprint a file.

        With ``patience_s`` a long file isn't read to its end: its length is then as the container
        states it (`MediaInfo.exact`). ``check`` may raise to give up.

        Raises `BadInputError` with one sentence when the file is missing or holds no media.
        """
        from app.media.fingerprint import fingerprint
        from app.media.probe import probe

        info = probe(Path(path), patience_s, check)
        return cls(Path(path), info, fingerprint(Path(path)))

    @property
    def audio(self) -> AudioInfo | None:
        """The sound the job works on: the first audio stream, or None."""
        return self.info.audio[0] if self.info.audio else None

    @property
    def video(self) -> VideoInfo | None:
        """The picture, or None."""
        return self.info.video

    def require_audio(self) -> AudioInfo:
        """The sound, or `BadInputError` when the clip has none."""
        from app.media.probe import require_audio

        return require_audio(self.info)

    def require_video(self) -> VideoInfo:
        """The picture, or `BadInputError` when the clip has none."""
        from app.media.probe import require_video

        return require_video(self.info)

    @property
    def start(self) -> Fraction:
        """Media time of clip time 0, seconds."""
        starts = [stream.start for stream in (self.video, self.audio) if stream is not None]
        return min(starts, default=Fraction(0))

    def sample_at(self, time: Fraction) -> int:
        """Nearest sound sample to a clip time in seconds, held inside the sound."""
        audio = self.require_audio()
        sample = round((time + self.start - audio.start) * audio.sample_rate)
        return max(0, min(audio.samples, sample))

    def sample_range(self, first: Fraction | None, last: Fraction | None) -> tuple[int, int]:
        """Sound samples of a stretch of clip time; None means from the start or to the end.

        Raises `BadInputError` when the stretch holds no sound.
        """
        audio = self.require_audio()
        end = audio.start + Fraction(audio.samples, audio.sample_rate) - self.start
        if first is not None and last is not None and last <= first:
            raise BadInputError("The range is empty: --out must be later than --in.")
        if first is not None and first >= end:
            raise BadInputError(
                f"The range starts at {float(first):.3f} s but the sound of {self.path.name} ends "
                f"at {float(end):.3f} s; choose an earlier --in."
            )
        start = 0 if first is None else self.sample_at(first)
        stop = audio.samples if last is None else self.sample_at(last)
        if stop <= start:
            raise BadInputError(
                f"There is no sound in {self.path.name} between --in and --out; choose a longer "
                "range."
            )
        return start, stop
