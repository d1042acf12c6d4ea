"""The files of a job: video with new sound first, picture untouched, names settled beforehand."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import opentimelineio as otio
import pyloudnorm
import pytest
import scipy.signal
import soundfile
from clips import make_clip
from pipeline_fakes import Person, Shares, install, make_scan

from app import isolate as isolate_module
from app.clip import Clip
from app.deliver import deliver
from app.delivery_job import Delivery
from app.edits import ExportSettings
from app.errors import BadInputError, CancelledError, NotPossibleError
from app.export.span import plan_span
from app.isolate import isolate
from app.isolation import IsolateOptions
from app.jobs import CancelToken, Progress
from app.media.audio import AudioReader
from app.outputs import Place, names_of, plan_outputs
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


VIDEO = ExportSettings(voices=False, video="clip")


def run(
    clip: Clip, settings: ExportSettings, folder: Path, start: int | None = None, stop=None, **more
) -> Delivery:
    singers = find_singers(DUO)
    ids = [singer.id for singer in singers]
    outputs = plan_outputs(clip, ids, settings, Place(folder=folder))
    work = IsolateOptions("shares", start=start, stop=stop)
    with isolate(clip, DUO, singers, singers, work) as job:
        return deliver(clip, job, outputs, settings, **more)


def packets(path: Path) -> list[bytes]:
    with av.open(str(path)) as media:
        return [bytes(packet) for packet in media.demux(video=0) if packet.size]


def test_video_has_the_same_picture_and_two_sounds(clip: Clip, tmp_path: Path) -> None:
    folder = tmp_path / "videos"
    delivery = run(clip, replace(VIDEO, rest=True), folder)
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
    delivery = run(clip, VIDEO, folder, start=48000 + 7)
    assert delivery.notes == (), "less than a frame of picture before the range is nothing to tell"
    with AudioReader(clip.path) as reader:
        original = reader.read(48007, reader.samples)
    with AudioReader(delivery.outputs[0].path) as reader:
        assert reader.samples == original.shape[1]
        np.testing.assert_allclose(reader.read(0, reader.samples), 0.25 * original, atol=2e-4)


def test_a_cut_in_matroska_tells_its_lead_in(tmp_path: Path) -> None:
    made = make_clip(tmp_path / "duo.mkv", audio_codec="pcm_s16le", gop=50)
    delivery = run(Clip.open(made.path), VIDEO, tmp_path / "videos", start=60000)
    assert len(delivery.notes) == 2
    assert "key frames only" in delivery.notes[0]
    assert "1.25 s before the range" in delivery.notes[0]


def test_what_is_too_loud_is_counted(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((50.0, 0.5)), Path(os.environ["SOLOVOX_DATA_DIR"]), monkeypatch)
    assert run(clip, ExportSettings(), tmp_path / "a").clipped > 100
    assert run(clip, ExportSettings(format="wav32f"), tmp_path / "b").clipped == 0


def test_the_clip_itself_is_never_replaced(clip: Clip) -> None:
    with pytest.raises(BadInputError, match="is the clip itself"):
        plan_outputs(clip, ["A"], VIDEO, Place(clip.path, overwrite=True))


def test_voice_and_rest_need_two_names(clip: Clip, tmp_path: Path) -> None:
    place = Place(tmp_path / "duo_rest.wav")
    with pytest.raises(BadInputError, match="is the name of the rest"):
        plan_outputs(clip, ["A"], ExportSettings(rest=True), place)


def test_a_video_name_must_fit(clip: Clip, tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="no video file name"):
        plan_outputs(clip, ["A"], VIDEO, Place(tmp_path / "out.wav"))
    place = Place(tmp_path / "out.mkv")
    assert plan_outputs(clip, ["A"], VIDEO, place)[0].path == tmp_path / "out.mkv"


def test_a_locked_folder_is_told_beforehand(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Permissions don't stop root, so the answer of the system is replaced.
    monkeypatch.setattr(os, "access", lambda path, _mode: path != tmp_path)
    with pytest.raises(BadInputError, match=f"Nothing can be written to the folder {tmp_path};"):
        plan_outputs(clip, ["A"], ExportSettings(), Place(folder=tmp_path / "new" / "er"))


def test_a_cancelled_video_leaves_nothing(clip: Clip, tmp_path: Path) -> None:
    token = CancelToken()

    def stop(progress: Progress) -> None:
        if progress.stage != isolate_module.STAGE:
            token.cancel()

    folder = tmp_path / "videos"
    with pytest.raises(CancelledError):
        run(clip, VIDEO, folder, on_progress=stop, token=token)
    assert list(folder.iterdir()) == []
    assert not _files(Path(os.environ["SOLOVOX_CACHE_DIR"]))


def test_progress_never_moves_back(clip: Clip, tmp_path: Path) -> None:
    told: list[Progress] = []
    settings = ExportSettings(video=".mov", loudness="ebu")
    run(clip, settings, tmp_path / "out", on_progress=told.append)
    writing = [progress for progress in told if progress.stage != isolate_module.STAGE]
    assert {progress.stage for progress in writing} == {
        "Measuring loudness",
        "Writing sound",
        "Writing the video",
    }
    fractions = [progress.fraction for progress in writing]
    assert fractions == sorted(fractions)
    assert fractions[0] < 0.2
    assert fractions[-1] == 1.0


def test_an_interrupted_sound_leaves_nothing(clip: Clip, tmp_path: Path) -> None:
    class Failing:
        sample_rate, channels, layout, start, stop = 48000, 2, "stereo", 0, 192000

        def __iter__(self) -> Iterator[object]:
            raise KeyboardInterrupt

    settings = ExportSettings(rest=True)
    outputs = plan_outputs(clip, ["A", "B"], settings, Place(folder=tmp_path / "stems"))
    with pytest.raises(KeyboardInterrupt):
        deliver(clip, Failing(), outputs, settings)  # type: ignore[arg-type]
    assert not (tmp_path / "stems").exists()


def timecoded(path: Path) -> Clip:
    """29.97 drop-frame from one hour on, stereo PCM of 4 s."""
    make_clip(
        path, fps=Fraction(30000, 1001), audio_codec="pcm_s16le", timecode="01:00:00;00", gop=10
    )
    return Clip.open(path)


def test_stems_with_handles_lie_under_the_clip(tmp_path: Path) -> None:
    clip = timecoded(tmp_path / "duo.mov")
    settings = ExportSettings(
        rest=True, timelines=("fcpxml", "otio", "xml", "edl"), handles=Fraction(6)
    )
    span = plan_span(clip.info, 60000, 120000, settings.handles, "frames", whole_frames=True)
    assert span.frames is not None
    delivery = run(clip, settings, tmp_path / "out", span.first, stop=span.last, span=span)
    assert [output.path.name for output in delivery.outputs] == [
        "duo_A_isolated.wav",
        "duo_B_isolated.wav",
        "duo_rest.wav",
        "duo_timeline.fcpxml",
        "duo_timeline.otio",
        "duo_timeline.xml",
        "duo_timeline.edl",
    ]
    with AudioReader(clip.path) as reader:
        original = reader.read(span.first, span.last)
    total = np.zeros_like(original)
    for file in delivery.files[:3]:
        with AudioReader(file.output.path) as reader:
            total += reader.read(0, reader.samples)
            assert reader.samples == span.last - span.first
        with av.open(str(file.output.path)) as media:
            exact = Fraction(span.frames[0] * 1001, 30000) * 48000
            assert 0 <= exact - int(media.metadata["time_reference"]) < 1
    np.testing.assert_allclose(total, original, atol=2**-22)
    assert len(delivery.notes) == 1
    assert "An EDL holds 4 channels of sound, so Rest could" in delivery.notes[0]
    timeline = otio.adapters.read_from_file(str(tmp_path / "out" / "duo_timeline.otio"))
    for track in timeline.audio_tracks()[:-1]:
        (heard,) = track.find_clips()
        assert heard.source_range.start_time.value == span.frames[1] == span.frames[0] + 6
        assert heard.duration().value == span.frames[2] - span.frames[1]
        place = track.range_of_child(heard).start_time.value
        assert place + 107892 == span.frames[1], "it lies at its own timecode"


@pytest.mark.parametrize(("loudness", "lufs"), [("ebu", -23.0), ("custom", -31.5), ("match", None)])
def test_files_have_the_loudness_asked_for(
    tmp_path: Path, loudness: str, lufs: float | None
) -> None:
    clip = timecoded(tmp_path / "duo.mov")
    settings = ExportSettings(loudness=loudness, lufs=-31.5, format="wav32f")  # type: ignore[arg-type]
    delivery = run(clip, settings, tmp_path / "out")
    if lufs is None:
        with AudioReader(clip.path) as reader:
            lufs = pyloudnorm.Meter(48000).integrated_loudness(reader.read(0, reader.samples).T)
    for file, share in zip(delivery.files, (0.25, 0.5), strict=True):
        sound, _ = soundfile.read(file.output.path)
        assert pyloudnorm.Meter(48000).integrated_loudness(sound) == pytest.approx(lufs, abs=0.01)
        assert file.loudness is not None
        assert file.loudness.integrated == pytest.approx(lufs, abs=0.01)
        assert np.abs(sound).max() <= 10 ** (file.loudness.true_peak / 20)
        if loudness == "match":
            assert file.gain_db == pytest.approx(-20 * np.log10(share), abs=0.01)
    assert delivery.notes == ()


def test_a_true_peak_lowers_the_gain_and_is_told(tmp_path: Path) -> None:
    clip = timecoded(tmp_path / "duo.mov")
    settings = ExportSettings(loudness="custom", lufs=-10.0, true_peak=-3.0)
    delivery = run(clip, settings, tmp_path / "out")
    assert delivery.clipped == 0
    assert len(delivery.notes) == 2
    assert "LUFS instead of -10.0: more would raise its true peak above -3.0" in delivery.notes[0]
    for file in delivery.files:
        assert file.loudness is not None
        assert file.loudness.true_peak == pytest.approx(-3.0)
        sound, _ = soundfile.read(file.output.path)
        dense = scipy.signal.resample_poly(sound, 8, 1, axis=0)
        assert 20 * np.log10(np.abs(dense).max()) == pytest.approx(-3.0, abs=0.1)


def test_untouched_sound_is_measured_as_it_is(clip: Clip, tmp_path: Path) -> None:
    delivery = run(clip, ExportSettings(rest=True), tmp_path / "out")
    for file in delivery.files:
        sound, _ = soundfile.read(file.output.path)
        expected = pyloudnorm.Meter(48000).integrated_loudness(sound)
        assert file.loudness is not None
        assert file.loudness.integrated == pytest.approx(expected, abs=0.01)
        assert file.gain_db == 0.0


def test_fades_lie_at_the_ends_of_the_files(clip: Clip, tmp_path: Path) -> None:
    plain = run(clip, ExportSettings(), tmp_path / "a", 48000, stop=96000)
    faded = run(clip, ExportSettings(), tmp_path / "b", 48000, stop=96000, fade_ms=10)
    for one, other in zip(plain.outputs, faded.outputs, strict=True):
        a, _ = soundfile.read(one.path)
        b, _ = soundfile.read(other.path)
        assert np.array_equal(a[480:-480], b[480:-480])
        ramp = (np.arange(480) + 0.5) / 480
        np.testing.assert_allclose(b[:480], a[:480] * ramp[:, None], atol=2**-22)
        np.testing.assert_allclose(b[-480:], a[-480:] * ramp[::-1, None], atol=2**-22)


def test_compressed_stems(clip: Clip, tmp_path: Path) -> None:
    for format, suffix in (("aac", ".m4a"), ("mp3", ".mp3"), ("flac", ".flac")):
        delivery = run(clip, ExportSettings(format=format), tmp_path / format)
        assert {output.path.suffix for output in delivery.outputs} == {suffix}
        for output in delivery.outputs:
            with AudioReader(output.path) as reader:
                assert (reader.samples, reader.channels) == (192000, 2)


def test_too_full_a_disk_is_told_before_the_work(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=10_000_000))
    began: list[Progress] = []
    with pytest.raises(NotPossibleError, match=r"needs about \d+ MB in .* and 10 MB are free"):
        run(clip, ExportSettings(), tmp_path / "out", on_progress=began.append)
    assert not (tmp_path / "out").exists()
    assert {progress.stage for progress in began} <= {isolate_module.STAGE}


def test_a_disk_that_fills_up_leaves_nothing(
    clip: Clip, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("app.export.atomic.os.replace", full)
    with pytest.raises(NotPossibleError, match="free some space"):
        run(clip, ExportSettings(rest=True), tmp_path / "out")
    assert list((tmp_path / "out").iterdir()) == []


def test_what_cannot_be_is_said_before_the_work(clip: Clip, tmp_path: Path) -> None:
    place = Place(folder=tmp_path)
    with pytest.raises(BadInputError, match="A timeline places sound files"):
        plan_outputs(clip, ["A"], ExportSettings(voices=False, timelines=("edl",)), place)
    made = make_clip(tmp_path / "six.mov", audio_codec="pcm_s16le", layout="5.1")
    with pytest.raises(BadInputError, match="MP3 holds one or two channels"):
        plan_outputs(Clip.open(made.path), ["A"], ExportSettings(format="mp3"), place)


def test_names_by_template(clip: Clip, tmp_path: Path) -> None:
    settings = ExportSettings(
        rest=True, video=".mov", timelines=("xml",), name="{date} {clip} {timecode} {singer}",
        folder=str(tmp_path / "new"),
    )  # fmt: skip
    names = {"A": "Anna/Lena", "B": "Bo"}
    now = datetime(2026, 2, 3)
    outputs = names_of(clip.path, clip.info, names, settings, 48000, now=now)
    assert [(output.kind, output.path.name) for output in outputs] == [
        ("voice", "2026-02-03 duo 00-00-01-00 Anna-Lena.wav"),
        ("voice", "2026-02-03 duo 00-00-01-00 Bo.wav"),
        ("rest", "2026-02-03 duo 00-00-01-00.wav"),
        ("video", "2026-02-03 duo 00-00-01-00 Anna-Lena-+-Bo.mov"),
        ("timeline", "2026-02-03 duo 00-00-01-00.xml"),
    ]
    assert not (tmp_path / "new").exists()
    same = replace(settings, name="{clip}", folder=str(tmp_path), video=".mov")
    (tmp_path / "duo_03.wav").touch()
    found = [output.path.name for output in names_of(clip.path, clip.info, names, same, 0)]
    assert found == ["duo.wav", "duo_02.wav", "duo_04.wav", "duo_02.mov", "duo.xml"]
    for bad, sentence in (("{who}", r"no \{who\} in names"), ("{singer}", "says nothing")):
        with pytest.raises(BadInputError, match=sentence):
            names_of(clip.path, clip.info, names, replace(same, name=bad), 0)


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]
