"""The command line from its arguments to files, sentences and exit codes, with a made-up model."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile
import torch
from clips import make_clip
from pipeline_fakes import Person, Shares, install, make_scan

import app.isolate
import app.scan
from app import cli
from app.commands import export_options
from app.export.sound import AUDIO_FORMATS
from app.media.audio import AudioReader
from audio_models.base import Chunk

ROOT = Path(__file__).resolve().parent.parent.parent
RATE = 48000
DUO = make_scan((Person(0.25, width=90), Person(0.75)))


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Shares:
    made = Shares((0.25, 0.5))
    install(made, Path(os.environ["SOLOVOX_DATA_DIR"]), monkeypatch)
    return made


@pytest.fixture
def clip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A clip with two made-up people; the working folder is an empty one."""
    made = make_clip(tmp_path / "media" / "duo.mkv", audio_codec="pcm_s16le", rate=RATE)
    monkeypatch.setattr(app.scan, "scan_clip", lambda *_, **__: DUO)
    monkeypatch.setattr(app.isolate, "measure_lag", lambda *_: 0)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return made.path


@pytest.fixture(autouse=True)
def _media_folder(tmp_path: Path) -> None:
    (tmp_path / "media").mkdir()


def original(clip: Path) -> np.ndarray:
    with AudioReader(clip) as reader:
        return reader.read(0, reader.samples)


def read(path: Path) -> np.ndarray:
    return soundfile.read(path, dtype="float64", always_2d=True)[0].T


def separate(clip: Path, *options: str) -> int:
    return cli.main(["separate", str(clip), "--model", "shares", *options])


def files() -> set[str]:
    return {str(path) for path in Path().rglob("*")}


def test_the_largest_singer_is_the_default(clip: Path, model: Shares, capsys) -> None:
    assert separate(clip) == 0
    assert files() == {"duo_A_isolated.wav"}
    voice = soundfile.SoundFile("duo_A_isolated.wav")
    assert (voice.samplerate, voice.channels, voice.subtype) == (RATE, 2, "PCM_24")
    np.testing.assert_allclose(read(Path("duo_A_isolated.wav")), 0.25 * original(clip), atol=2e-4)
    captured = capsys.readouterr()
    assert captured.out == f"{Path.cwd() / 'duo_A_isolated.wav'}\n"
    assert "Isolating Singer A with shares on CPU" in captured.err
    assert "real-time factor" in captured.err


def test_all_with_rest_adds_up_to_the_original(clip: Path, model: Shares) -> None:
    assert separate(clip, "--all", "--rest") == 0
    assert files() == {"duo_A_isolated.wav", "duo_B_isolated.wav", "duo_rest.wav"}
    total = sum(read(Path(name)) for name in files())
    source = original(clip).astype(np.float64)
    assert total.shape == source.shape
    assert np.abs(total - source).max() <= 2.0**-23


@pytest.mark.parametrize("sound", ["wav16", "wav24", "wav32f", "flac"])
def test_formats(clip: Path, model: Shares, sound: str) -> None:
    assert separate(clip, "--singer", "right", "--format", sound) == 0
    (name,) = files()
    assert name == f"duo_B_isolated{AUDIO_FORMATS[sound]}"
    subtype = {"wav16": "PCM_16", "wav24": "PCM_24", "wav32f": "FLOAT", "flac": "PCM_24"}[sound]
    assert soundfile.info(name).subtype == subtype
    assert soundfile.info(name).frames == original(clip).shape[1]


def test_stems_for_an_editing_program(clip: Path, model: Shares, capsys) -> None:
    options = ["--timeline", "fcpxml", "--timeline", "edl", "--handles", "5", "--loudness", "-30"]
    more = ["--true-peak", "-1", "--name", "{clip} {kind} {singer}", "--in", "1", "--out", "2"]
    assert separate(clip, "--json", *options, *more) == 0
    assert files() == {"duo isolated A.wav", "duo timeline.fcpxml", "duo timeline.edl"}
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["start_sample"], result["samples"]) == (20 * 1920, 35 * 1920)
    assert soundfile.info("duo isolated A.wav").frames == 35 * 1920
    voice, *_ = result["outputs"]
    assert voice["loudness_lufs"] == -30.0
    assert voice["true_peak_dbtp"] < -1.0
    event = Path("duo timeline.edl").read_text().splitlines()[5 + 1]
    assert event.split()[2:] == ["AA", "C", *["00:00:01:00", "00:00:02:00"] * 2]


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--handles", "-3", "is no length"),
        ("--loudness", "loud", "is no loudness"),
        ("--true-peak", "3", "is no peak"),
        ("--fade", "long", "is no fade"),
        ("--name", "{who}", "There is no {who} in names"),
    ],
)
def test_what_is_no_value_is_said(
    clip: Path, model: Shares, capsys, option: str, value: str, sentence: str
) -> None:
    assert separate(clip, f"{option}={value}") == 2
    assert sentence in capsys.readouterr().err


def test_the_formats_offered_are_those_that_can_be_written() -> None:
    assert set(export_options.FORMATS) == set(AUDIO_FORMATS)


def test_range_length_is_exact(clip: Path, model: Shares) -> None:
    assert separate(clip, "--in", "0:01.25", "--out", "3.00001", "--singer", "1") == 0
    voice = read(Path("duo_A_isolated.wav"))
    start, stop = 60000, 144000
    np.testing.assert_allclose(voice, 0.25 * original(clip)[:, start:stop], atol=2e-4)


def test_an_end_beyond_the_clip_means_its_end(clip: Path, model: Shares) -> None:
    assert separate(clip, "--in", "3", "--out", "1:00") == 0
    assert read(Path("duo_A_isolated.wav")).shape[1] == original(clip).shape[1] - 3 * RATE


def test_json_lines(clip: Path, model: Shares, capsys) -> None:
    assert separate(clip, "--json", "--rest") == 0
    captured = capsys.readouterr()
    events = [json.loads(line) for line in captured.out.splitlines()]
    assert {event["event"] for event in events} == {"progress", "note", "result"}
    ends = {e["stage"]: (e["done"], e["total"]) for e in events if e["event"] == "progress"}
    assert ends["Separating"] == ends["Writing sound"] == (4.0, 4.0)
    result = events[-1]
    written = [(o["kind"], o["singer"], o["path"]) for o in result["outputs"]]
    assert written == [
        ("voice", "A", str(Path.cwd() / "duo_A_isolated.wav")),
        ("rest", "rest", str(Path.cwd() / "duo_rest.wav")),
    ]
    for output in result["outputs"]:
        assert output["loudness_lufs"] < output["true_peak_dbtp"] < 0
        assert output["gain_db"] == 0
    assert (result["samples"], result["sample_rate"], result["lag_frames"]) == (4 * RATE, RATE, 0)
    assert captured.err == ""


def test_errors_are_json_too(clip: Path, model: Shares, capsys) -> None:
    assert separate(clip, "--json", "--singer", "Z") == 2
    event = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (event["event"], event["exit_code"]) == ("error", 2)
    assert "no singer 'Z'" in event["text"]


def test_nothing_is_overwritten_unasked(clip: Path, model: Shares, capsys) -> None:
    Path("duo_A_isolated.wav").write_bytes(b"mine")
    assert separate(clip) == 2
    assert "duo_A_isolated.wav exists already" in capsys.readouterr().err
    assert Path("duo_A_isolated.wav").read_bytes() == b"mine"
    assert not model.chunks, "told before anything is computed"
    assert separate(clip, "--overwrite") == 0
    assert soundfile.info("duo_A_isolated.wav").frames == 4 * RATE


def test_output_names_a_file_and_folder_is_made(clip: Path, model: Shares) -> None:
    assert separate(clip, "--output", "solo.wav") == 0
    assert separate(clip, "--output", "other") == 0
    assert separate(clip, "--all", "--folder", "stems/voices") == 0
    assert files() == {
        "solo.wav",
        "other.wav",
        "stems",
        "stems/voices",
        "stems/voices/duo_A_isolated.wav",
        "stems/voices/duo_B_isolated.wav",
    }


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        (("--output", "solo.flac"), 2, "let it end in .wav"),
        (("--output", "nowhere/solo.wav"), 2, "There is no folder"),
        (("--all", "--output", "solo.wav"), 2, "2 singers need one"),
        (("--in", "9"), 2, "the sound of duo.mkv ends"),
        (("--in", "3", "--out", "2"), 2, "--out must be later than --in"),
        (("--in", "x"), 2, "'x' is not a time"),
        (("--singer", "C"), 2, "one of A, B"),
        (("--singer", "A", "--all"), 2, "not allowed with"),
        (("--join", "A+Q"), 2, "no singer 'Q' to join"),
        (("--join", "A"), 2, "write --join A+B"),
        (("--format", "ogg"), 2, "invalid choice: 'ogg'"),
        (("--model", "best"), 2, "There is no model called best"),
        (("--model", "ynet-m"), 2, "no weights yet"),
        (("--frobnicate",), 2, "Unrecognized arguments: --frobnicate"),
    ],
)
def test_wrong_options_get_one_sentence(
    clip: Path, model: Shares, capsys, options: tuple[str, ...], code: int, text: str
) -> None:
    assert separate(clip, *options) == code
    captured = capsys.readouterr()
    assert text in captured.err
    assert captured.err.count("\n") == 1
    assert captured.out == ""
    assert files() == set()


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (("separate",), "required: CLIP"),
        (("separate", "none.mp4"), "There is no file none.mp4"),
        (("sing",), "neither a file nor a command"),
        (("separate", "silent.mkv", "--model", "shares"), "has no sound"),
        (("separate", "song.wav", "--model", "shares"), "has no picture"),
        (("separate", "text.mp4", "--model", "shares"), "text.mp4"),
        (("faces", "song.wav"), "has no picture"),
        (("faces", "silent.mkv", "--sheet", "sheet.jpg"), "end in .png"),
        (("models", "add", "none.pth"), "There is no file none.pth"),
        (("models", "add", "text.mp4"), "text.mp4"),
        (("models", "remove", "shares"), "nothing to remove"),
        (("models", "verify", "nobody"), "There is no model called nobody"),
        (("models", "landmarks", "--file", "text.mp4"), "holds no FAN weights"),
        (("models",), "required: ACTION"),
        (("bench",), "required: WHAT"),
        (("train", "default", "--data", "nowhere"), "nowhere"),
        (("train", "landmarks", "--data", "nowhere", "--out", "x.npz"), "nowhere"),
        (("train", "lips", "--data", "nowhere", "--out", "x.safetensors"), "nowhere"),
        (("train", "fused", "--data", "nowhere", "--out", "x.safetensors"), "nowhere"),
        (("train", "fused", "--data", ".", "--out", "no/x.safetensors"), "no folder no"),
        (("train", "pack", "--data", "nowhere", "--out", "x.tar"), "nowhere"),
        (("train", "pack", "--data", ".", "--out", "text.mp4"), "is there already"),
        (("train", "pack", "--data", ".", "--out", "x.tar", "--landmarks", "y.npz"), "y.npz"),
        (("evaluate", "nowhere", "--model", "shares"), "nowhere"),
        (("bench", "job", "--repeat", "0"), "once or more"),
    ],
)
def test_wrong_input_gets_one_sentence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    model: Shares,
    capsys,
    arguments: tuple[str, ...],
    text: str,
) -> None:
    monkeypatch.chdir(tmp_path / "media")
    if "shares" in arguments and arguments[0] == "models":
        (Path(os.environ["SOLOVOX_DATA_DIR"]) / "models" / "shares.bin").unlink()
    make_clip(Path("silent.mkv"), audio_codec=None, seconds=1.0)
    make_clip(Path("song.wav"), video_codec=None, audio_codec="pcm_s16le", seconds=1.0)
    Path("text.mp4").write_text("not a video at all\n" * 50)
    assert cli.main(arguments) == 2
    captured = capsys.readouterr()
    assert text in captured.err
    assert captured.err.count("\n") == 1
    assert "Traceback" not in captured.err


def test_no_face_is_not_possible(
    clip: Path, model: Shares, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr(app.scan, "scan_clip", lambda *_, **__: make_scan(()))
    assert separate(clip) == 3
    assert cli.main(["faces", str(clip)]) == 3
    assert capsys.readouterr().err.count("No face was found in the clip") == 2
    assert files() == set()


def test_nobody_in_the_chosen_range(
    clip: Path, model: Shares, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    scan = make_scan((Person(0.3, stop=1.0), Person(0.7, start=2.0, stop=3.0)))
    monkeypatch.setattr(app.scan, "scan_clip", lambda *_, **__: scan)
    assert separate(clip, "--in", "3.5") == 3
    assert "No face is in the picture between --in and --out" in capsys.readouterr().err
    assert separate(clip, "--in", "2", "--all") == 0
    assert files() == {"duo_B_isolated.wav"}
    assert separate(clip, "--in", "2", "--singer", "A") == 0
    assert "Singer A is not in the picture in the chosen range" in capsys.readouterr().err


def test_a_sound_file_will_do_for_a_model_without_faces(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    install(Shares((0.5,), needs="nothing"), Path(os.environ["SOLOVOX_DATA_DIR"]), monkeypatch)
    monkeypatch.chdir(tmp_path)
    song = make_clip(tmp_path / "media" / "song.wav", video_codec=None, audio_codec="pcm_s16le")
    assert separate(song.path) == 0
    np.testing.assert_allclose(
        read(Path("song_voice_isolated.wav")), 0.5 * original(song.path), atol=2e-4
    )
    assert separate(song.path, "--video") == 2
    assert "no picture" in capsys.readouterr().err


def test_faces_lists_and_draws(
    clip: Path, monkeypatch: pytest.MonkeyPatch, capsys, tmp_path: Path
) -> None:
    import cv2

    assert cli.main(["faces", str(clip)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[1].split() == [
        "A",
        "Singer",
        "A",
        "0:00.000",
        "0:04.000",
        "4.0",
        "s",
        "100%",
        "left",
    ]
    assert lines[2].split()[-1] == "right"
    assert lines[3] == f"Contact sheet: {Path.cwd() / 'duo_faces.png'}"
    sheet = cv2.imread("duo_faces.png")
    assert sheet.shape == (720 + 2 * 144, 960, 3)
    # The second singer's picture: thumbnails are grey squares of known brightness.
    assert abs(int(sheet[720 + 144 + 70, 70].mean()) - 80) <= 1

    assert cli.main(["faces", str(clip), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert [row["id"] for row in result["singers"]] == ["A", "B"]
    assert result["singers"][1]["screen_time_s"] == 4.0
    assert files() == {"duo_faces.png"}, "an equal sheet is not written twice"

    assert cli.main(["faces", str(clip), "--join", "A+B"]) == 0
    assert files() == {"duo_faces.png", "duo_faces_02.png"}
    assert cli.main(["faces", str(clip), "--sheet", "duo_faces.png"]) == 2
    assert "duo_faces.png exists already" in capsys.readouterr().err


def test_a_stopped_job_leaves_nothing_and_says_so(
    clip: Path, model: Shares, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    masks = model.masks

    def interrupt(chunk: Chunk) -> torch.Tensor:
        signal.raise_signal(signal.SIGINT)
        time.sleep(0.2)
        return masks(chunk)

    monkeypatch.setattr(model, "masks", interrupt)
    before = signal.getsignal(signal.SIGINT)
    assert separate(clip) == 130
    assert capsys.readouterr().err.splitlines()[-1] == "Cancelled."
    assert files() == set()
    assert signal.getsignal(signal.SIGINT) is before


def test_a_failing_job_leaves_no_file_but_a_log(
    clip: Path, model: Shares, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    def fail(_chunk: object) -> None:
        raise ZeroDivisionError("boom")

    monkeypatch.setattr(model, "masks", fail)
    assert separate(clip) == 1
    last = capsys.readouterr().err.splitlines()[-1]
    log = Path(os.environ["SOLOVOX_DATA_DIR"]) / "logs" / "solovox.log"
    assert last == (
        f"Solovox met an unexpected problem (ZeroDivisionError); the details are in {log}."
    )
    assert "ZeroDivisionError: boom" in log.read_text()
    assert files() == set()
    monkeypatch.setenv("SOLOVOX_DEBUG", "1")
    with pytest.raises(ZeroDivisionError):
        separate(clip)


def test_models_are_listed(model: Shares, capsys) -> None:
    assert cli.main(["models", "list", "--json"]) == 0
    rows = {row["id"]: row for row in json.loads(capsys.readouterr().out)["models"]}
    assert rows["ynet-gr"]["state"] == "missing"
    assert rows["solovox"]["needs"] == "landmarks"
