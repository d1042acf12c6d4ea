"""The job between faces and files: who the model sees, which samples come out, what is reported."""

from __future__ import annotations

import os
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
import torch
from clips import make_clip
from pipeline_fakes import Person, Shares, install, make_scan

from app import isolate as isolate_module
from app.chosen_model import load_chosen, needs_of
from app.clip import Clip
from app.errors import BadInputError, CancelledError, NotPossibleError
from app.isolate import isolate
from app.isolation import IsolatedBlock, IsolateOptions, Parts
from app.jobs import CancelToken, Progress
from app.media.audio import AudioReader
from app.singers import find_singers
from audio_models.separator import save_separator
from audio_models.separator_mean import SeparatorMean
from audio_models.separator_stack import StackConfig, StackSeparator
from audio_models.solovox import SecondAgreement, SolovoxStarter

RATE = 44100
DUO = make_scan((Person(0.25), Person(0.75)))


@pytest.fixture
def data_dir() -> Path:
    return Path(os.environ["SOLOVOX_DATA_DIR"])


@pytest.fixture
def clip(tmp_path: Path) -> Clip:
    made = make_clip(tmp_path / "duo.mkv", audio_codec="pcm_s16le", rate=RATE, layout="stereo")
    return Clip.open(made.path)


@pytest.fixture(autouse=True)
def no_lag(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolate_module, "measure_lag", lambda *_: 0)


def sound_of(blocks: list[IsolatedBlock], singer: str) -> np.ndarray:
    return np.concatenate([block.voices[singer] for block in blocks], axis=1)


def test_every_singer_gets_the_mask_of_its_own_face(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((0.25, 0.5)), data_dir, monkeypatch)
    singers = find_singers(DUO)
    with isolate(clip, DUO, singers, singers[::-1], IsolateOptions("shares")) as job:
        blocks = list(job)
    with AudioReader(clip.path) as reader:
        original = reader.read(0, reader.samples)
    assert [block.start for block in blocks] == np.cumsum(
        [0, *[block.rest.shape[1] for block in blocks[:-1]]]
    ).tolist()
    voices = {singer: sound_of(blocks, singer) for singer in ("A", "B")}
    rest = np.concatenate([block.rest for block in blocks], axis=1)
    assert rest.shape == original.shape
    np.testing.assert_allclose(voices["B"], 0.25 * original, atol=2e-4)
    np.testing.assert_allclose(voices["A"], 0.5 * original, atol=2e-4)
    np.testing.assert_array_equal(voices["A"] + voices["B"] + rest, original)


def test_everybody_visible_is_shown_to_the_model(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = Shares((1.0, 0.0))
    install(model, data_dir, monkeypatch)
    singers = find_singers(DUO)
    with isolate(clip, DUO, singers, singers[1:], IsolateOptions("shares")) as job:
        blocks = list(job)
    assert list(blocks[0].voices) == ["B"]
    assert all(len(chunk.faces) == 2 for chunk in model.chunks)
    assert model.chunks[0].faces[0].valid[:100].all()


def test_range_is_exact_to_the_sample(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((1.0, 0.0)), data_dir, monkeypatch)
    singers = find_singers(DUO)
    start, stop = clip.sample_range(Fraction("1.2345"), Fraction("2.7"))
    assert (start, stop) == (54441, 119070)
    options = IsolateOptions("shares", start=start, stop=stop)
    with isolate(clip, DUO, singers, singers[:1], options) as job:
        assert (job.start, job.stop, job.sample_rate, job.channels) == (start, stop, RATE, 2)
        assert job.layout == "stereo"
        voice = sound_of(list(job), "A")
    with AudioReader(clip.path) as reader:
        np.testing.assert_allclose(voice, reader.read(start, stop), atol=2e-4)


def test_lag_moves_the_lips_and_is_reported(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain, moved = Shares((1.0, 0.0)), Shares((1.0, 0.0))
    singers = find_singers(DUO)
    install(plain, data_dir, monkeypatch)
    with isolate(clip, DUO, singers, singers[:1], IsolateOptions("shares")) as job:
        list(job)
        assert job.report.lag_frames == 0
    monkeypatch.setattr(isolate_module, "measure_lag", lambda *_: 3)
    install(moved, data_dir, monkeypatch)
    with isolate(clip, DUO, singers, singers[:1], IsolateOptions("shares")) as job:
        list(job)
        assert job.report.lag_frames == 3
    before = plain.chunks[0].faces[0].landmarks
    after = moved.chunks[0].faces[0].landmarks
    np.testing.assert_allclose(after[:90], before[3:93], atol=1e-4)


def test_a_model_without_faces_needs_no_picture(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((0.5,), needs="nothing"), data_dir, monkeypatch)
    made = make_clip(tmp_path / "song.wav", video_codec=None, audio_codec="pcm_s16le")
    with isolate(Clip.open(made.path), None, [], [], IsolateOptions("shares")) as job:
        voice = sound_of(list(job), "voice")
    with AudioReader(made.path) as reader:
        np.testing.assert_allclose(voice, 0.5 * reader.read(0, reader.samples), atol=2e-4)


def test_a_model_with_faces_needs_one(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((1.0,)), data_dir, monkeypatch)
    with pytest.raises(NotPossibleError, match="follows a face"):
        isolate(clip, DUO, find_singers(DUO), [], IsolateOptions("shares"))


def test_cancel_ends_the_job_between_blocks(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((1.0, 1.0)), data_dir, monkeypatch)
    made = make_clip(tmp_path / "long.mkv", seconds=12.0, audio_codec="pcm_s16le", rate=RATE)
    clip = Clip.open(made.path)
    singers, token = find_singers(DUO), CancelToken()
    with isolate(clip, DUO, singers, singers, IsolateOptions("shares"), token=token) as job:
        blocks = iter(job)
        next(blocks)
        token.cancel()
        with pytest.raises(CancelledError):
            list(blocks)


def test_progress_counts_seconds_of_sound(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((1.0, 1.0)), data_dir, monkeypatch)
    seen: list[Progress] = []
    singers = find_singers(DUO)
    options = IsolateOptions("shares")
    with isolate(clip, DUO, singers, singers, options, on_progress=seen.append) as job:
        list(job)
    assert [progress.done for progress in seen] == sorted(progress.done for progress in seen)
    assert (seen[-1].done, seen[-1].total) == (4.0, 4.0)


def test_what_spoils_the_picture_is_reported(
    clip: Clip, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(Shares((1.0, 1.0)), data_dir, monkeypatch)
    scan = make_scan((Person(0.2, width=30), Person(0.7, stop=1.0)))
    singers = find_singers(scan)
    options = IsolateOptions("shares", start=20 * RATE // 10, stop=4 * RATE)
    with isolate(clip, scan, singers, singers, options) as job:
        small, absent = job.report.warnings
    assert small.startswith("Singer A: the face is small in the picture for 2 of 2")
    assert absent == "Singer B is not in the picture in the chosen range."


def test_lips_that_fit_no_voice_are_reported_at_the_end(
    tmp_path: Path, data_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = make_clip(tmp_path / "duo.mkv", seconds=6.0, audio_codec="pcm_s16le", rate=RATE)
    model = Shares((1.0, 1.0, 1.0))
    told = {0: 0.3, 1: 0.05, 2: 0.05}
    model.agreement = [SecondAgreement(n, face, told[face]) for n in range(6) for face in told]
    install(model, data_dir, monkeypatch)
    people = (Person(0.2, stop=6.0), Person(0.5, stop=6.0), Person(0.8, stop=6.0, still=True))
    scan = make_scan(people, seconds=6.0)
    singers = find_singers(scan)
    with isolate(Clip.open(made.path), scan, singers, singers, IsolateOptions("shares")) as job:
        assert job.report.warnings == ()
        list(job)
        (warning,) = job.report.warnings
    assert warning.startswith("Singer B: lips and sound hardly agree")


@pytest.mark.parametrize(
    ("options", "text"),
    [
        (IsolateOptions("none"), "There is no model called none"),
        (IsolateOptions("ynet-g"), "no weights yet"),
        (IsolateOptions(device="toaster"), "no device called toaster"),
    ],
)
def test_models_and_devices_that_are_not_there(options: IsolateOptions, text: str) -> None:
    with pytest.raises(BadInputError, match=text):
        needs_of(options)


def test_another_separator_can_be_tried(tmp_path: Path) -> None:
    torch.manual_seed(3)
    other = tmp_path / "other.safetensors"
    save_separator(StackSeparator(StackConfig(width=16, layers=1)), other)
    try:
        shipped, _ = load_chosen(IsolateOptions(device="cpu"))
    except BadInputError as error:
        pytest.skip(str(error))
    tried, _ = load_chosen(IsolateOptions(device="cpu", parts=Parts(other)))
    assert isinstance(shipped.starter, SolovoxStarter)
    assert isinstance(tried.starter, SolovoxStarter)
    assert tried.starter.separator.config.width == 16
    assert isinstance(shipped.starter.separator, SeparatorMean)
    assert tried.starter.fused is not None
    bare, _ = load_chosen(IsolateOptions(device="cpu", parts=Parts(no_fused=True)))
    assert isinstance(bare.starter, SolovoxStarter)
    assert bare.starter.fused is None
    alone, _ = load_chosen(IsolateOptions(device="cpu", parts=Parts(no_separator=True)))
    assert isinstance(alone.starter, SolovoxStarter)
    masks = alone.starter.separator(torch.zeros(2, 512, 7, dtype=torch.complex64))
    assert masks.shape == (2, 3, 512, 7)
    assert torch.allclose(masks, torch.tensor(1 / 3))
    with pytest.raises(BadInputError, match="give weights that train fused wrote"):
        load_chosen(IsolateOptions(device="cpu", parts=Parts(fused=other)))
    with pytest.raises(BadInputError, match="give weights that train default wrote"):
        load_chosen(IsolateOptions(device="cpu", parts=Parts(Path(__file__))))
