"""The measurement measures: looped clips are whole, peaks are real, peers have their size."""

from __future__ import annotations

import cProfile
import hashlib
import json
import pstats
import sys
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from app.bench import clip as bench_clip
from app.bench import inside, job
from app.bench.child import run_child
from app.bench.peers import DemucsLike, OpenUnmixLike, time_peers
from app.errors import BadInputError, CancelledError, NotPossibleError
from app.jobs import CancelToken
from app.lanes import Axis


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bench_clip.render_loop(tmp_path_factory.mktemp("loop"), (320, 180))


def frames_and_sound(path: Path) -> tuple[list[Fraction], list[bytes], int]:
    """Times and hashes of all frames, and the number of sound samples."""
    times, hashes, samples = [], [], 0
    with av.open(str(path)) as media:
        for frame in media.decode(*media.streams.get(video=0, audio=0)):
            if isinstance(frame, av.VideoFrame):
                times.append(frame.pts * frame.time_base)
                hashes.append(hashlib.sha256(frame.to_ndarray().tobytes()).digest())
            else:
                samples += frame.samples
    return times, hashes, samples


def test_looped_clip_repeats_every_frame_on_time(loop: Path, tmp_path: Path) -> None:
    once = frames_and_sound(loop)[1]
    assert len(once) == 200
    path = tmp_path / "long.mkv"
    seconds = bench_clip.repeat(loop, path, 17.5, CancelToken())
    assert seconds == 18.0  # the next whole group of pictures
    times, hashes, samples = frames_and_sound(path)
    assert hashes == [*once, *once, *once[:50]]
    assert np.allclose([float(t) for t in times], np.arange(450) / 25, atol=0.0011)
    assert samples == 18 * 48000


def test_repeating_can_be_cancelled(loop: Path, tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    with pytest.raises(CancelledError):
        bench_clip.repeat(loop, tmp_path / "long.mkv", 27.0, token)
    assert not (tmp_path / "long.mkv").exists()


def test_peak_memory_of_a_process_is_seen(tmp_path: Path) -> None:
    def peak(megabytes: int) -> int:
        code = f"x = b'1' * {megabytes * 1000000}; import time; time.sleep(0.2); "
        code += "print('{\"length\": %d}' % len(x))"
        run = run_child(["-c", code], tmp_path, {}, CancelToken())
        assert run.fact("length") == megabytes * 1000000
        assert run.peak_bytes is not None
        return run.peak_bytes

    assert peak(200) - peak(20) == pytest.approx(180e6, rel=0.05)


def test_processor_time_of_a_process_is_seen(tmp_path: Path) -> None:
    busy = "import time; t = time.process_time()\nwhile time.process_time() - t < 0.3: pass"
    idle = "import time; time.sleep(0.3)"
    token = CancelToken()
    assert 0.3 <= run_child(["-c", busy], tmp_path, {}, token).cpu_s < 0.6
    assert run_child(["-c", idle], tmp_path, {}, token).cpu_s < 0.2


def test_a_failing_process_gives_its_last_sentence(tmp_path: Path) -> None:
    with pytest.raises(NotPossibleError, match="the disk is full"):
        run_child(["-c", "raise SystemExit('the disk is full')"], tmp_path, {}, CancelToken())


def test_cancelling_kills_the_process(tmp_path: Path) -> None:
    token = CancelToken()
    token.cancel()
    code = "import time, pathlib; time.sleep(1); pathlib.Path('alive').touch()"
    with pytest.raises(CancelledError):
        run_child(["-c", code], tmp_path, {}, token)
    assert not (tmp_path / "alive").exists()


def test_peers_have_the_published_size_and_give_sound() -> None:
    unmix, demucs = OpenUnmixLike().eval(), DemucsLike().eval()
    assert sum(p.numel() for p in unmix.parameters()) == pytest.approx(8.9e6, rel=0.01)
    assert sum(p.numel() for p in demucs.parameters()) == pytest.approx(83.6e6, rel=0.01)
    with torch.inference_mode():
        assert unmix(torch.randn(2, 44100)).shape == (2, 44100)
        small = DemucsLike(channels=4).eval()(torch.randn(2, 44100))
    assert small.shape[0] == 8
    assert 40000 < small.shape[1] <= 44100
    assert torch.isfinite(small).all()


def test_peers_are_timed_per_second_of_sound(monkeypatch: pytest.MonkeyPatch) -> None:
    for package in ("openunmix.model", "demucs.htdemucs"):
        monkeypatch.setitem(sys.modules, package, None)  # as where they are not installed
    monkeypatch.setattr("app.bench.peers.DemucsLike", lambda: DemucsLike(channels=2))
    peers = time_peers(torch.randn(2, 3 * 44100) * 0.1, lambda: None)
    assert [peer.name.split(",")[0] for peer in peers] == ["Open-Unmix", "Demucs"]
    assert all(0 < peer.cpu < 20 and peer.real_time_factor > 0 for peer in peers)


def test_stage_times_come_from_the_profile(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inside, "STAGES", (("axis", "app/lanes.py", "frame_at"),))
    profile = cProfile.Profile()
    axis = Axis(Fraction(0), 10, 0, 10, 48000)
    profile.runcall(lambda: [axis.frame_at(0) for _ in range(1000)])
    times = inside.stage_times(pstats.Stats(profile))
    assert 0 < times["axis"] < 5
    monkeypatch.setattr(inside, "STAGES", (("gone", "app/lanes.py", "no_such_function"),))
    with pytest.raises(KeyError, match="no_such_function"):
        inside.stage_times(pstats.Stats(profile))


def test_the_whole_measurement_on_a_small_clip(loop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(job, "render_loop", lambda *_, **__: loop)
    monkeypatch.setattr("app.bench.peers.DemucsLike", lambda: DemucsLike(channels=2))
    monkeypatch.setattr(job, "_PEER_SECONDS", 1)
    try:
        report = job.bench_job(4.0, size=(320, 180), runs=2)
    except BadInputError as error:
        pytest.skip(str(error))
    assert report.seconds == 4.0
    assert set(report.stages) == {name for name, *_ in inside.STAGES}
    stages = sum(stage.cpu for stage in report.stages.values())
    assert 0 < stages < report.voices.cpu < report.whole.cpu
    assert 0 < report.decode.cpu < report.faces.cpu < report.whole.cpu
    assert report.first_sound_warm_s <= report.first_sound_cold_s
    assert 2e8 < report.peak_bytes < 3e9
    assert len(report.runs) == 2
    assert report.runs[-1] == report.whole.wall
    assert report.alone is not None
    assert report.alone.cpu > report.decode.cpu
    assert report.long_whole is None
    json.dumps(report.facts())
    assert f"{report.whole.cpu:9.3f}" in "\n".join(report.lines())
