"""The files of a job: video with new sound first, picture untouched, names settled beforehand."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from clips import make_clip
from pipeline_fakes import Person, Shares, install, make_scan

from app import isolate as isolate_module
from app.clip import Clip
from app.deliver import DeliverOptions, Delivery, deliver, plan_outputs
from app.errors import BadInputError, CancelledError
from app.isolate import IsolateOptions, isolate
from app.jobs import CancelToken, Progress
from app.media.audio import AudioReader
from app.singers import find_singers

DUO = make_scan((Person(0.25), Person(0.75)))


@pytest.fixture(autouse=True)
def model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate_module, "measure_lag", lambda *_: 0)
    install(Shares((0.25, 0.5)), Path(os.environ["SOLOVOX_DATA_DIR"]), monkeypatch)


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    made = make_clip(tmp_path / "duo.mov", audio_codec="pcm_s16le", gop=10)
    return Clip.open(made.path)


def run(clip: Clip, options: DeliverOptions, start: int | None = None, **more) -> Delivery:
    singers = find_singers(DUO)
    outputs = plan_outputs(clip, [singer.id for singer in singers], options)
    work = IsolateOptions("shares", start=start)
    with isolate(clip, DUO, singers, singers, work) as job:
        return deliver(clip, job, outputs, options, **more)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as media:
        return [bytes(packet) for packet in media.demux(video=0) if packet.size]


def test_video_has_the_same_picture_and_two_sounds(clip: Clip, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    delivery = run(clip, DeliverOptions(video=True, rest=True, folder=folder))
    names = [output.path.name for output in delivery.outputs]
    assert names == ["duo_A_isolated.mov", "duo_B_isolated.mov", "duo_rest.wav"]
    assert {path.name for path in folder.iterdir()} == set(names)
    with AudioReader(clip.path) as reader:
        original = reader.read(0, reader.samples)
    for share, output in zip((0.25, 0.5), delivery.outputs, strict=False):
        assert packets(output.path) == packets(clip.path)
        written = Clip.open(output.path)
        assert [stream.samples for stream in written.info.audio] == [original.shape[1]] * 2
        for stream, factor in zip(written.info.audio, (share, 1.0), strict=True):
            with AudioReader(output.path, stream) as reader:
                np.testing.assert_allclose(
                    reader.read(0, reader.samples), factor * original, atol=2e-4
                )


def test_video_of_a_range_has_that_sound_only(clip: Clip, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    delivery = run(clip, DeliverOptions(video=True, folder=folder), start=48000 + 7)
    assert delivery.notes == (), "less than a frame of picture before the range is nothing to tell"
    with AudioReader(clip.path) as reader:
        original = reader.read(48007, reader.samples)
    with AudioReader(delivery.outputs[0].path) as reader:
        assert reader.samples == original.shape[1]
        np.testing.assert_allclose(reader.read(0, reader.samples), 0.25 * original, atol=2e-4)


def test_a_cut_in_matroska_tells_its_lead_in(tmp_path: Path) -> None:
    made = make_clip(tmp_path / "duo.mkv", audio_codec="pcm_s16le", gop=50)
    options = DeliverOptions(video=True, folder=tmp_path / "videos")
    delivery = run(Clip.open(made.path), options, start=60000)
    assert len(delivery.notes) == 2
    assert "key frames only" in delivery.notes[0]
    assert "1.25 s before the range" in delivery.notes[0]


def test_what_is_too_loud_is_counted(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((50.0, 0.5)), Path(os.environ["SOLOVOX_DATA_DIR"]), monkeypatch)
    assert run(clip, DeliverOptions(folder=tmp_path / "a")).clipped > 100
    assert run(clip, DeliverOptions("wav32f", folder=tmp_path / "b")).clipped == 0


def test_the_clip_itself_is_never_replaced(clip: Clip) -> None:
    options = DeliverOptions(video=True, output=clip.path, overwrite=True)
    with pytest.raises(BadInputError, match="is the clip itself"):
        plan_outputs(clip, ["A"], options)


def test_voice_and_rest_need_two_names(clip: Clip, tmp_path: Path) -> None:
    options = DeliverOptions(rest=True, output=tmp_path / "duo_rest.wav")
    with pytest.raises(BadInputError, match="is the name of the rest"):
        plan_outputs(clip, ["A"], options)


def test_a_video_name_must_fit(clip: Clip, tmp_path: Path) -> None:
    options = DeliverOptions(video=True, output=tmp_path / "out.wav")
    with pytest.raises(BadInputError, match="no video file name"):
        plan_outputs(clip, ["A"], options)
    options = DeliverOptions(video=True, output=tmp_path / "out.mkv")
    assert plan_outputs(clip, ["A"], options)[0].path == tmp_path / "out.mkv"


def test_a_locked_folder_is_told_beforehand(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions don't stop root, so the answer of the system is replaced.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    with pytest.raises(BadInputError, match=f"Nothing can be written to the folder {tmp_path};"):
        plan_outputs(clip, ["A"], DeliverOptions(folder=tmp_path / "new" / "er"))


def test_a_cancelled_video_leaves_nothing(clip: Clip, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.stage != isolate_module.STAGE:
            token.cancel()

    folder = tmp_path / "videos"
    options = DeliverOptions(video=True, folder=folder)
    with pytest.raises(CancelledError):
        run(clip, options, on_progress=stop, token=token)
    assert list(folder.iterdir()) == []
    assert not _files(Path(os.environ["SOLOVOX_CACHE_DIR"]))


def test_an_interrupted_sound_leaves_nothing(clip: Clip, tmp_path: Path) -> None:
    class Failing:
        sample_rate, channels, layout, start, stop = 48000, 2, "stereo", 0, 192000

        def __iter__(self) -> Iterator[object]:
            raise KeyboardInterrupt

    options = DeliverOptions(folder=tmp_path / "stems", rest=True)
    outputs = plan_outputs(clip, ["A", "B"], options)
    with pytest.raises(KeyboardInterrupt):
        deliver(clip, Failing(), outputs, options)  # type: ignore[arg-type]
    assert list((tmp_path / "stems").iterdir()) == []


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
