"""What an editor's day needs around the window: footage with timecode, and ears for the results."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import soundfile
from numpy.typing import NDArray
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractButton, QTabBar, QWidget

from audio_models.metrics import si_sdr

Sound = NDArray[np.float32]


def with_timecode(source: Path, path: Path, timecode: str) -> Path:
    """The same picture and sound as a camera would have written them, in QuickTime."""
    with av.open(str(source)) as clip, av.open(str(path), "w") as output:
        output.metadata["timecode"] = timecode
        video, audio = clip.streams.video[0], clip.streams.audio[0]
        copies = {stream: output.add_stream_from_template(stream) for stream in (video, audio)}
        packets = [packet for packet in clip.demux(video, audio) if packet.pts is not None]
        pictures = [packet for packet in packets if packet.stream is video]
        # Matroska tells no decoding times: pictures are decoded in the order of the file, and
        # early enough for each to be shown on time.
        frame = round(1 / (video.average_rate * video.time_base))
        lead = max(number * frame - packet.pts for number, packet in enumerate(pictures))
        for number, packet in enumerate(pictures):
            packet.dts = number * frame - lead
        for packet in packets:
            packet.stream = copies[packet.stream]
            output.mux(packet)
    return path


def heard(path: Path) -> Sound:
    """Sound of a file as (channels, samples)."""
    return soundfile.read(path, dtype="float32", always_2d=True)[0].T


def loudness_db(sound: Sound) -> float:
    """Root mean square over all channels, in dB below full scale."""
    return float(10 * np.log10(np.mean(np.square(sound)) + 1e-12))


def likeness_db(truth: Sound, sound: Sound) -> float:
    """How much of a sound is this voice and nothing else (SI-SDR)."""
    return float(si_sdr(np.ascontiguousarray(truth), np.ascontiguousarray(sound)))


def time_reference(path: Path) -> int:
    """Samples since midnight of the first sample, as other programs read it."""
    with av.open(str(path)) as media:
        return int(media.metadata["time_reference"])


def sequence_of(path: Path) -> dict[str, object]:
    """What a Final Cut Pro 7 XML says: start timecode, length and name of every sound clip."""
    sequence = ET.parse(path).getroot().find(".//sequence")
    assert sequence is not None
    clips = [
        (item.findtext("name"), *(int(item.findtext(k, "")) for k in ("start", "end", "in", "out")))
        for item in sequence.findall("./media/audio/track/clipitem")
    ]
    return {
        "timecode": sequence.findtext("./timecode/string"),
        "frames": int(sequence.findtext("duration", "0")),
        "clips": clips,
        "switched off": [
            item.findtext("name")
            for item in sequence.findall("./media/audio/track/clipitem")
            if item.findtext("enabled") == "FALSE"
        ],
    }


def fcpxml_of(path: Path) -> list[tuple[str, Fraction, Fraction, bool]]:
    """Name, start in the source, length in seconds and whether it plays, of each sound."""
    clips = ET.parse(path).getroot().findall(".//spine/asset-clip/asset-clip")
    return [
        (
            clip.get("name", ""),
            Fraction(clip.get("start", "0s").rstrip("s")),
            Fraction(clip.get("duration", "0s").rstrip("s")),
            clip.get("enabled") != "0",
        )
        for clip in clips
    ]


def press(editor: object, name: str) -> None:
    """Click a button of the window by its name."""
    window, qtbot = editor.window, editor.qtbot  # type: ignore[attr-defined]
    button = window.findChild(QAbstractButton, name)
    assert button is not None, name
    editor.until(button.isEnabled)  # type: ignore[attr-defined]
    if isinstance(button.parent(), QWidget) and not button.isVisible():
        raise AssertionError(f"{name} can't be seen")
    # Check boxes react on their box and text, not on the empty rest of their row.
    place = QPoint(10, button.height() // 2)
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton, pos=place)


def show_tab(editor: object, title: str) -> None:
    """Click a tab of the right column."""
    bar = editor.window.side_tabs.findChild(QTabBar)  # type: ignore[attr-defined]
    number = next(n for n in range(bar.count()) if bar.tabText(n) == title)
    place = bar.tabRect(number).center()
    editor.qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=place)  # type: ignore[attr-defined]


def go_to(editor: object, frame: int) -> None:
    """Click into the ruler near a frame of 25 per second, then step onto it."""
    window, player = editor.window, editor.player  # type: ignore[attr-defined]
    rate = editor.session.clip.audio.sample_rate  # type: ignore[attr-defined]
    wanted = frame * rate // 25
    ruler = window.timeline.ruler
    place = QPoint(round(ruler.x_of(wanted + rate // 50)), ruler.height() // 2)
    editor.qtbot.mouseClick(ruler, Qt.MouseButton.LeftButton, pos=place)  # type: ignore[attr-defined]
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Left):
        before = player.position
        editor.key(key)  # type: ignore[attr-defined]
        editor.until(lambda before=before: player.position != before)  # type: ignore[attr-defined]
    editor.until(lambda: player.position == wanted)  # type: ignore[attr-defined]
