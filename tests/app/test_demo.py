"""The rendered duet: its sound adds up and its lips follow the voices that drive them."""

from __future__ import annotations

import json
import wave
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import soundfile

from app.cli import main
from app.demo import DemoClip, render_demo
from app.demo.portrait import LOOKS, Portrait
from app.demo.score import compose
from app.demo.voice import VOICES, sing
from app.errors import BadInputError, CancelledError
from app.jobs import CancelToken, Progress


def read_wav(path: Path) -> np.ndarray:
    with wave.open(str(path), "rb") as file:
        raw = np.frombuffer(file.readframes(file.getnframes()), "<i2")
        return raw.reshape(-1, file.getnchannels()).T.astype(np.int32)


def decode_sound(path: Path) -> np.ndarray:
    with av.open(str(path)) as media:
        blocks = [f.to_ndarray() for f in media.decode(audio=0)]
    if blocks[0].shape[0] == 1:  # packed
        packed = np.concatenate(blocks, axis=1)[0]
        return packed.reshape(-1, 2).T.astype(np.int32)
    return np.concatenate(blocks, axis=1)


def lip_openings(clip: DemoClip) -> np.ndarray:
    """Inner lip opening over the eye distance, from a face mesh on each face: (people, frames)."""
    import mediapipe

    mesh = [
        mediapipe.solutions.face_mesh.FaceMesh(static_image_mode=False, max_num_faces=1)
        for _ in clip.boxes
    ]
    rows: list[list[float]] = [[] for _ in clip.boxes]
    with av.open(str(clip.path)) as media:
        for frame in media.decode(video=0):
            picture = frame.to_ndarray(format="rgb24")
            for index, (x, y, w, h) in enumerate(clip.boxes):
                left, top = max(0, int(x - w / 2)), max(0, int(y - h / 2))
                crop = np.ascontiguousarray(
                    picture[top : int(y + 1.5 * h), left : int(x + 1.5 * w)]
                )
                found = mesh[index].process(crop).multi_face_landmarks
                assert found, "no face in the crop"
                p = found[0].landmark
                eyes = np.hypot(
                    (p[33].x - p[263].x) * crop.shape[1], (p[33].y - p[263].y) * crop.shape[0]
                )
                rows[index].append((p[14].y - p[13].y) * crop.shape[0] / eyes)
    return np.array(rows)


def test_mixture_is_the_sum_of_the_truth(demo_clip: DemoClip) -> None:
    parts = [read_wav(path) for path in (*demo_clip.voices, demo_clip.accompaniment)]
    assert all(part.shape == (2, demo_clip.samples) for part in parts)
    assert np.array_equal(decode_sound(demo_clip.path), np.sum(parts, axis=0))


def test_lips_follow_the_voice_that_drives_them(demo_clip: DemoClip) -> None:
    tracked = lip_openings(demo_clip)
    for index in (0, 1):
        own = np.corrcoef(tracked[index], demo_clip.opening[index])[0, 1]
        other = np.corrcoef(tracked[index], demo_clip.opening[1 - index])[0, 1]
        assert own > 0.9
        assert other < 0.6
        closed = demo_clip.opening[index] < 0.02
        wide = demo_clip.opening[index] > 0.9
        assert np.median(tracked[index][closed]) < 0.07
        assert np.median(tracked[index][wide]) > 0.15


def test_voices_differ_and_overlap(demo_clip: DemoClip) -> None:
    high, low = (read_wav(path).mean(axis=0) / 32767 for path in demo_clip.voices)

    def loud(x: np.ndarray) -> np.ndarray:
        power = (x[: len(x) // 480 * 480].reshape(-1, 480) ** 2).mean(axis=1)
        return power > 0.001 * power.max()

    both = loud(high) & loud(low)
    assert both.mean() > 0.25
    assert (loud(high) & ~loud(low)).mean() > 0.05
    assert (loud(low) & ~loud(high)).mean() > 0.05

    def lowest(x: np.ndarray) -> float:
        spectrum = np.abs(np.fft.rfft(x)) ** 2
        hz = np.fft.rfftfreq(len(x), 1 / demo_clip.sample_rate)
        share = np.cumsum(spectrum[hz > 70]) / spectrum[hz > 70].sum()
        return float(hz[hz > 70][np.searchsorted(share, 0.02)])

    assert lowest(high) > 280
    assert lowest(low) < 150


def test_picture_has_the_asked_rate_and_length(demo_clip: DemoClip) -> None:
    with av.open(str(demo_clip.path)) as media:
        stream = media.streams.video[0]
        assert (stream.width, stream.height) == demo_clip.size
        times = [frame.pts * frame.time_base for frame in media.decode(stream)]
    assert len(times) == demo_clip.frames == 100
    # Matroska keeps whole milliseconds.
    assert all(abs(t - Fraction(k, 25)) <= Fraction(1, 1000) for k, t in enumerate(times))


def test_frozen_face_has_no_voice_and_closed_lips(tmp_path: Path) -> None:
    clip = render_demo(
        tmp_path, seconds=1.5, size=(320, 180), container="mkv", frozen=(1,), name="frozen"
    )
    assert np.all(clip.opening[1] == 0)
    assert clip.opening[0].max() > 0.5
    assert np.all(read_wav(clip.voices[1]) == 0)
    assert np.abs(read_wav(clip.voices[0])).max() > 1000
    assert clip.sung[1] == ()


def test_other_formats(tmp_path: Path) -> None:
    clip = render_demo(
        tmp_path,
        seconds=1.2,
        size=(320, 240),
        fps=Fraction(30000, 1001),
        sample_rate=44100,
        channels=1,
        people=1,
        name="solo",
    )
    assert clip.path.suffix == ".mp4"
    with av.open(str(clip.path)) as media:
        assert media.streams.audio[0].codec_context.sample_rate == 44100
        assert media.streams.audio[0].codec_context.channels == 1
        assert media.streams.video[0].average_rate == Fraction(30000, 1001)
    assert read_wav(clip.voices[0]).shape == (1, round(1.2 * 44100))
    assert sorted(p.name for p in tmp_path.iterdir()) == [
        "solo.mp4",
        "solo_accompaniment.wav",
        "solo_voice_A.wav",
    ]


def test_same_seed_same_song_other_seed_other_song() -> None:
    def line(seed: int) -> tuple:
        return compose(0, 6.0, 64, 76, np.random.default_rng(seed))

    assert line(1) == line(1)
    assert line(1) != line(2)
    assert all(64 <= note.pitch <= 76 and note.stop <= 5.75 for note in line(1))
    assert line(1)[-1].ends_phrase


def test_pitch_of_the_sound_is_the_pitch_of_the_score() -> None:
    rng = np.random.default_rng(0)
    note = max(compose(1, 6.0, 45, 57, rng), key=lambda s: s.stop - s.start)
    voice = sing([note], VOICES[1], 6.0, 16000, rng)
    part = voice.sound[int((note.start + 0.15) * 16000) : int((note.stop - 0.1) * 16000)]
    lags = np.correlate(part, part, "full")[len(part) - 1 :]
    low, high = int(16000 / 250), int(16000 / 90)
    found = 16000 / (low + int(np.argmax(lags[low:high])))
    assert 12 * abs(np.log2(found / (440 * 2 ** ((note.pitch - 69) / 12)))) < 0.5


def test_only_the_mouth_moves_with_the_opening() -> None:
    portrait = Portrait(LOOKS[0], 1.0)
    closed, wide = portrait.frame(0.0, 0.0), portrait.frame(1.0, 0.0)
    change = np.abs(closed.astype(int) - wide.astype(int)).max(axis=2)
    assert change[:120].max() == 0
    assert change[138:165, 112:145].mean() > 20


def test_refuses_what_it_cannot_render(tmp_path: Path) -> None:
    for wrong in ({"people": 3}, {"container": "avi"}, {"size": (321, 180)}, {"seconds": 0.2}):
        with pytest.raises(BadInputError):
            render_demo(tmp_path, **wrong)  # type: ignore[arg-type]
    assert not list(tmp_path.iterdir())


def test_cancelling_leaves_no_half_clip(tmp_path: Path) -> None:
    token = CancelToken()

    def stop_halfway(progress: Progress) -> None:
        if progress.done >= 5:
            token.cancel()

    with pytest.raises(CancelledError):
        render_demo(tmp_path, seconds=2.0, size=(320, 180), on_progress=stop_halfway, token=token)
    assert all(path.suffix == ".wav" for path in tmp_path.iterdir())


def test_demo_command_isolates_both_singers(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["demo", "--folder", str(tmp_path), "--seconds", "4", "--json"]
    assert main(arguments) == 0
    result = [json.loads(line) for line in capsys.readouterr().out.splitlines()][-1]
    assert "synthetic" in result["about"]
    assert Path(result["clip"]).is_file()
    assert [voice["singer"] for voice in result["voices"]] == ["A", "B"]
    gains = []
    for voice, mark in zip(result["voices"], "AB", strict=True):
        assert Path(voice["truth"]).name == f"duet_voice_{mark}.wav"
        written = soundfile.info(voice["path"])
        assert (written.frames, written.channels) == (4 * 48000, 2)
        gains.append(voice["si_sdr_after_db"] - voice["si_sdr_before_db"])
    assert sum(gains) / 2 > 1.0
