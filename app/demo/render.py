"""Renders the demo duet as a video file with the true voices beside it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from app.demo.music import accompany
from app.demo.portrait import LOOKS, Portrait
from app.demo.score import Syllable, compose
from app.demo.voice import VOICES, SungVoice, sing
from app.demo.write import write_clip, write_wav
from app.errors import BadInputError
from app.jobs import CancelToken, OnProgress, ProgressClock

FloatArray = NDArray[np.float32]
Image = NDArray[np.uint8]

MAX_PEOPLE = len(LOOKS)
_ACCOMPANIMENT_DB = -8.0
"""Level of the accompaniment against each voice (RMS of what sounds)."""
_PAN = (0.38, 0.62)


@dataclass(frozen=True)
class DemoClip:
    """A rendered clip and all that is known about it."""

    path: Path
    voices: tuple[Path, ...]
    """The true voice of each face from left to right, exactly as it is in the mixture."""
    accompaniment: Path
    size: tuple[int, int]
    fps: Fraction
    frames: int
    sample_rate: int
    samples: int
    boxes: tuple[tuple[float, float, float, float], ...]
    """x, y, width, height in pixels of each face in its mean position."""
    opening: FloatArray
    """(people, frames) lip opening that was drawn, 0 closed to 1 wide open."""
    sung: tuple[tuple[tuple[float, float], ...], ...]
    """For each face the phrases it sings: (start, stop) in seconds."""


def render_demo(
    folder: Path,
    *,
    seconds: float = 12.0,
    size: tuple[int, int] = (960, 540),
    fps: Fraction = Fraction(25),
    sample_rate: int = 48000,
    channels: int = 2,
    people: int = 2,
    container: str = "mp4",
    seed: int = 0,
    frozen: Sequence[int] = (),
    grain: float = 0.0,
    name: str = "duet",
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> DemoClip:
    """Render a clip of singing people into ``folder`` (made if missing).

    ``people`` is 1 or 2; ``frozen`` lists faces (0 = left) that keep their lips closed and whose
    voice is left out.  ``container`` is "mp4" (AAC sound) or "mkv" (PCM sound, so that mixture =
    voices + accompaniment to the last bit of 16).  ``grain`` is the standard deviation of film
    grain in levels of 256: it gives the picture the bit rate of a camera.  Files of the same names
    are replaced.  Raises `BadInputError` for values that cannot be rendered.
    """
    if not 1 <= people <= MAX_PEOPLE:
        raise BadInputError(f"The demo has one or two singers, not {people}.")
    if container not in ("mp4", "mkv"):
        raise BadInputError(f"The demo is written as mp4 or mkv, not {container}.")
    if channels not in (1, 2) or seconds < 1.0 or size[0] % 2 or size[1] % 2:
        raise BadInputError("The demo needs 1 or 2 channels, a second or more and an even size.")
    token = token or CancelToken()
    folder.mkdir(parents=True, exist_ok=True)
    samples = round(seconds * sample_rate)
    frames = round(seconds * fps)
    voices: list[SungVoice] = []
    lines: list[tuple[Syllable, ...]] = []
    for index in range(people):
        rng = np.random.default_rng([seed, index])
        kind = VOICES[index]
        line = () if index in frozen else compose(index, seconds, kind.low, kind.high, rng)
        lines.append(line)
        token.check()
        voices.append(sing(line, kind, seconds, sample_rate, rng))
    music = accompany(seconds, sample_rate, np.random.default_rng([seed, 99]))
    stems = _mix([voice.sound for voice in voices], music, channels)
    names = [f"{name}_voice_{'AB'[index]}.wav" for index in range(people)]
    paths = [folder / item for item in (*names, f"{name}_accompaniment.wav")]
    # What is written is what is mixed: the truth has no finer steps than the clip's own sound.
    rounded = [np.round(stem * 32767.0).astype(np.int16) for stem in stems]
    for path, stem in zip(paths, rounded, strict=True):
        write_wav(path, stem, sample_rate)
    mixture = np.sum(rounded, axis=0, dtype=np.int32).astype(np.int16)

    times = np.arange(frames) / float(fps)
    mouths = [voice.mouth_at(times) for voice in voices]
    stage = _Stage(size, people, seed)
    path = folder / f"{name}.{container}"
    clock = ProgressClock("Rendering", frames, on_progress)
    pictures = _counted(stage.pictures(times, mouths, grain), clock, token)
    write_clip(path, pictures, size, fps, mixture, sample_rate)
    return DemoClip(
        path=path,
        voices=tuple(paths[:-1]),
        accompaniment=paths[-1],
        size=size,
        fps=fps,
        frames=frames,
        sample_rate=sample_rate,
        samples=samples,
        boxes=stage.boxes,
        opening=np.stack([opening for opening, _ in mouths]),
        sung=tuple(_phrases(line) for line in lines),
    )


def _counted(
    pictures: Iterator[Image], clock: ProgressClock, token: CancelToken
) -> Iterator[Image]:
    for number, picture in enumerate(pictures):
        token.check()
        yield picture
        clock.update(number + 1)


def _mix(voices: Sequence[FloatArray], music: FloatArray, channels: int) -> list[FloatArray]:
    """Place and level the stems: each (channels, N), together peaking at 0.9."""

    def level(sound: FloatArray) -> float:
        frames = sound[: len(sound) // 480 * 480].reshape(-1, 480)
        power = (frames**2).mean(axis=1)
        heard = power[power > 1e-4 * max(float(power.max()), 1e-12)]
        return float(np.sqrt(heard.mean())) if len(heard) else 1.0

    stems: list[FloatArray] = []
    for index, voice in enumerate(voices):
        sound = voice * (0.1 / level(voice))
        if channels == 2:
            angle = (_PAN[index] if len(voices) > 1 else 0.5) * np.pi / 2
            gains = np.array([[np.cos(angle)], [np.sin(angle)]], dtype=np.float32) * math.sqrt(2)
            stems.append((gains * sound).astype(np.float32))
        else:
            stems.append(sound[None, :])
    played = music if channels == 2 else music.mean(axis=0, keepdims=True)
    gain = 0.1 * 10 ** (_ACCOMPANIMENT_DB / 20) / level(played.mean(axis=0))
    stems.append((played * gain).astype(np.float32))
    peak = max(float(np.abs(np.sum(stems, axis=0)).max()), *(np.abs(s).max() for s in stems))
    return [(stem * (0.9 / peak)).astype(np.float32) for stem in stems]


def _phrases(line: Sequence[Syllable]) -> tuple[tuple[float, float], ...]:
    phrases: list[tuple[float, float]] = []
    start: float | None = None
    for syllable in line:
        start = syllable.start if start is None else start
        if syllable.ends_phrase:
            phrases.append((start, syllable.stop))
            start = None
    return tuple(phrases)


class _Stage:
    """Places the portraits side by side and moves them a little, as people do."""

    def __init__(self, size: tuple[int, int], people: int, seed: int) -> None:
        self._size = size
        self._panel = (size[0] // people, size[1])
        self._portraits: list[Portrait] = []
        self._place: list[tuple[float, float, float]] = []
        boxes: list[tuple[float, float, float, float]] = []
        for index in range(people):
            look = LOOKS[index]
            base = Portrait(look, 1.0)
            # The portrait covers the panel with a margin for the motion.
            scale = 1.08 * max(
                self._panel[0] / (base.size[0] * look.width), self._panel[1] / base.size[1]
            )
            portrait = Portrait(look, scale)
            wide = portrait.size[0] * look.width
            shift_x = (self._panel[0] - wide) / 2
            shift_y = (self._panel[1] - portrait.size[1]) / 2
            self._portraits.append(portrait)
            self._place.append((look.width, shift_x, shift_y))
            x, y, width, height = portrait.face_box()
            left = index * self._panel[0] + shift_x + x * look.width
            boxes.append((left, y + shift_y, width * look.width, height))
        self.boxes = tuple(boxes)
        self._phase = np.random.default_rng([seed, 7]).uniform(0, 2 * np.pi, (people, 4))

    def pictures(
        self,
        times: NDArray[np.float64],
        mouths: Sequence[tuple[FloatArray, FloatArray]],
        grain: float,
    ) -> Iterator[Image]:
        """Draw every frame: RGB (height, width, 3)."""
        patterns = _grain_patterns(self._size, grain) if grain > 0 else []
        for number, time in enumerate(times):
            picture = np.zeros((self._size[1], self._size[0], 3), np.uint8)
            for index, (opening, spread) in enumerate(mouths):
                face = self._portraits[index].frame(
                    float(opening[number]), float(spread[number]), _blink(time, index)
                )
                left = index * self._panel[0]
                picture[:, left : left + self._panel[0]] = cv2.warpAffine(
                    face,
                    self._motion(float(time), index),
                    self._panel,
                    flags=cv2.INTER_LINEAR,
                    borderMode=cv2.BORDER_REPLICATE,
                )
            if patterns:
                lighter, darker = patterns[number % len(patterns)]
                grained = cv2.subtract(cv2.add(picture, lighter), darker)
                picture = np.asarray(grained, dtype=np.uint8)
            yield picture

    def _motion(self, time: float, index: int) -> NDArray[np.float64]:
        """Affine matrix of one portrait at one time: slow sway, nod, turn and breathing."""
        width, shift_x, shift_y = self._place[index]
        phase = self._phase[index]
        unit = self._portraits[index].scale
        sway = 1.6 * unit * math.sin(2 * math.pi * 0.31 * time + phase[0])
        nod = 1.3 * unit * math.sin(2 * math.pi * 0.43 * time + phase[1])
        turn = math.radians(1.2 * math.sin(2 * math.pi * 0.23 * time + phase[2]))
        zoom = 1.0 + 0.008 * math.sin(2 * math.pi * 0.17 * time + phase[3])
        face_x, face_y, across, down = self._portraits[index].face_box()
        pivot = np.array([face_x + across / 2, face_y + down])
        cosine, sine = zoom * math.cos(turn), zoom * math.sin(turn)
        matrix = np.array([[cosine * width, -sine], [sine * width, cosine]])
        target = np.array([pivot[0] * width + shift_x + sway, pivot[1] + shift_y + nod])
        return np.hstack([matrix, (target - matrix @ pivot)[:, None]])


def _grain_patterns(size: tuple[int, int], grain: float) -> list[tuple[Image, Image]]:
    """Patterns of film grain, each as what it adds and what it takes away."""
    rng = np.random.default_rng(3)
    patterns: list[tuple[Image, Image]] = []
    for _ in range(5):
        noise = rng.normal(0.0, grain, (size[1], size[0], 1)).round().repeat(3, axis=2)
        patterns.append(
            (np.maximum(noise, 0).astype(np.uint8), np.maximum(-noise, 0).astype(np.uint8))
        )
    return patterns


def _blink(time: float, index: int) -> float:
    """How far the eyes are closed: a blink of a fifth of a second every few seconds."""
    period = (3.1, 4.3)[index]
    since = (time + 1.7 * (index + 1)) % period
    return max(0.0, 1.0 - abs(since - 0.1) / 0.1) if since < 0.2 else 0.0
