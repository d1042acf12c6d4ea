"""What the sound device is given: its own rate and format, at the right level and place."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from PySide6 import QtMultimedia
from PySide6.QtWidgets import QApplication

from app.gui import audio_output
from app.gui.audio_output import _Pump, _Source
from app.gui.downmix import to_stereo
from app.gui.sound_feed import Pulled

RATE = 48_000


class Tone:
    """A feed of a 1 kHz tone that starts at sample 5000."""

    serial = 3

    def __init__(self) -> None:
        self.next = 5000

    def pull(self, count: int) -> Pulled:
        time = np.arange(self.next, self.next + count) / RATE
        wave = (0.5 * np.sin(2 * np.pi * 1000 * time)).astype(np.float32)
        pulled = Pulled(np.stack([wave, wave], axis=1), self.next, self.serial)
        self.next += count
        return pulled


@pytest.mark.parametrize(
    ("device_rate", "floats"), [(48_000, True), (48_000, False), (44_100, True)]
)
def test_the_device_gets_what_it_asks_for(device_rate: int, floats: bool) -> None:
    source = _Source(Tone(), RATE, device_rate, floats)  # type: ignore[arg-type]
    asked = 4410 * source.frame_bytes
    data = [source.readData(asked) for _ in range(10)]
    assert {len(block) for block in data} == {asked}
    kind = np.float32 if floats else np.int16
    sound = np.frombuffer(b"".join(data), kind).reshape(-1, 2) / (1 if floats else 32767)
    steady = sound[2000:-2000, 0]
    assert np.sqrt(np.mean(steady**2)) == pytest.approx(0.5 / np.sqrt(2), rel=0.01)
    spectrum = np.abs(np.fft.rfft(steady * np.hanning(len(steady))))
    peak = np.argmax(spectrum) * device_rate / len(steady)
    assert peak == pytest.approx(1000, abs=device_rate / len(steady))
    heard = source.played.sample_at(20_000, serial=3)
    assert heard == pytest.approx(5000 + 20_000 * RATE / device_rate, abs=RATE * 0.03)
    assert source.played.sample_at(20_000, serial=4) is None


def test_surround_goes_to_two_channels_by_the_standard() -> None:
    left, right, centre, low, back_left, back_right = np.eye(6, dtype=np.float32)
    half = 2**-0.5
    for channel, expected in (
        (left, (1, 0)),
        (right, (0, 1)),
        (centre, (half, half)),
        (low, (0, 0)),
        (back_left, (half, 0)),
        (back_right, (0, half)),
    ):
        np.testing.assert_allclose(to_stereo(channel[:, None])[:, 0], expected, atol=1e-6)


def test_mono_goes_to_both_channels() -> None:
    np.testing.assert_array_equal(
        to_stereo(np.array([[0.25, -0.5]], np.float32)), [[0.25, -0.5], [0.25, -0.5]]
    )


class Hook:
    """A signal without Qt."""

    def __init__(self) -> None:
        self.slots: list[Any] = []

    def connect(self, slot: Any) -> None:
        self.slots.append(slot)

    def disconnect(self, slot: Any) -> None:
        self.slots.remove(slot)

    def emit(self) -> None:
        for slot in list(self.slots):
            slot()


class Machine:
    """A computer whose sound devices come and go; stands for `QMediaDevices` and `QAudioSink`."""

    def __init__(self) -> None:
        self.default = "speakers"
        self.changed = Hook()
        self.sinks: list[Any] = []

    def plug(self, name: str) -> None:
        self.default = name
        self.changed.emit()

    def devices(self) -> Any:
        return SimpleNamespace(audioOutputsChanged=self.changed, deleteLater=lambda: None)

    def device(self) -> Any:
        name = self.default
        return SimpleNamespace(
            id=lambda: SimpleNamespace(data=name.encode), description=lambda: name, name=name
        )

    def sink(self, device: Any, _layout: Any) -> Any:
        made = SimpleNamespace(
            device=device.name, kind="IdleState", stateChanged=Hook(), source=None,
            setBufferSize=lambda _size: None, deleteLater=lambda: None,
            processedUSecs=lambda: 0,
        )  # fmt: skip
        made.start = lambda source: setattr(made, "source", source)
        made.stop = lambda: setattr(made, "source", None)
        made.error = lambda: SimpleNamespace(name="NoError")
        made.state = lambda: SimpleNamespace(name=made.kind)
        self.sinks.append(made)
        return made


def test_sound_follows_the_device_that_is_the_default_now(
    qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine = Machine()
    monkeypatch.setattr(QtMultimedia, "QAudioSink", machine.sink)
    monkeypatch.setattr(
        QtMultimedia,
        "QMediaDevices",
        type("Devices", (), {
            "__new__": lambda _cls: machine.devices(),
            "defaultAudioOutput": staticmethod(machine.device),
        }),
    )  # fmt: skip
    layout = SimpleNamespace(
        sampleRate=lambda: RATE, sampleFormat=lambda: QtMultimedia.QAudioFormat.SampleFormat.Float
    )
    monkeypatch.setattr(
        audio_output, "_supported_format", lambda device, _rate: layout if device.name else None
    )
    pump = _Pump()
    names: list[str] = []
    pump.opened.connect(names.append)
    tone: Any = Tone()
    pump.request = (tone, RATE)
    pump.reopen()
    machine.plug("headphones")
    assert names == ["speakers", "headphones"]
    assert [sink.source is not None for sink in machine.sinks] == [False, True]
    machine.changed.emit()
    assert len(machine.sinks) == 2, "another device that isn't the default changes nothing"
    machine.sinks[-1].kind = "StoppedState"
    machine.sinks[-1].stateChanged.emit()
    machine.plug("")
    assert names[-1] == ""
    assert pump.position() is None
    machine.plug("headphones")
    assert names[-1] == "headphones"
    assert machine.sinks[-1].source is not None
    pump.suspend()
    assert all(sink.source is None for sink in machine.sinks)
