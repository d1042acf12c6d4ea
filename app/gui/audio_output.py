"""Sound out through QAudioSink in pull mode, on a thread of its own."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
from PySide6.QtCore import (
    QCoreApplication,
    QEvent,
    QIODevice,
    QMetaObject,
    QObject,
    Qt,
    QThread,
    QTimer,
    Signal,
    Slot,
)

from app.gui.clock import DeviceClock, PlayedMap
from app.gui.lane_mixer import Levels
from app.gui.sound_feed import SoundFeed

_BUFFER_S = 0.1
"""Device buffer: a switch between original and voice is heard after at most this time."""
_POLL_MS = 20
_CLOSING_S = 5.0


class AudioOutput(QObject):
    """The sound device as a playback clock in clip samples.

    All methods are called on the window's thread; the sink lives on the sound thread. `opened`
    carries the device's name, or "" when there is none: the player then keeps time by itself.
    """

    opened = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread = QThread(self)
        self._thread.setObjectName("sound")
        self._pump = _Pump()
        self._pump.moveToThread(self._thread)
        self._pump.opened.connect(self.opened)
        self._thread.start()

    def warm_up(self) -> None:
        """Load what playing needs, before the first clip does.

        On this thread: Qt's modules run Python while they load, and two threads that load such
        modules at once can wait for each other forever.
        """
        import PySide6.QtMultimedia  # noqa: F401

        QMetaObject.invokeMethod(self._pump, "load", Qt.ConnectionType.QueuedConnection)

    def open(self, feed: SoundFeed | None, rate: int) -> None:
        """Play ``feed`` at ``rate`` Hz from now on; None closes the device."""
        self._pump.request = (feed, rate)
        QMetaObject.invokeMethod(self._pump, "reopen", Qt.ConnectionType.QueuedConnection)

    def position(self) -> int | None:
        """Clip sample heard now; None while the device hasn't reached what was asked for."""
        return self._pump.position()

    def levels(self) -> Levels:
        """Levels of the lanes in what was heard since the last call."""
        return self._pump.levels()

    def suspend(self) -> None:
        """Leave a device that doesn't play; another one is still taken when it comes."""
        QMetaObject.invokeMethod(self._pump, "suspend", Qt.ConnectionType.QueuedConnection)

    def close(self) -> None:
        """Stop the device and its thread."""
        if not self._thread.isRunning():
            return
        QMetaObject.invokeMethod(self._pump, "shut_down", Qt.ConnectionType.QueuedConnection)
        ends = time.monotonic() + _CLOSING_S
        while not self._thread.wait(10) and time.monotonic() < ends:
            # Qt sets its sound system up on this thread, also when the sound thread asked for it;
            # two threads that wait for each other would never end.
            QCoreApplication.sendPostedEvents(
                QCoreApplication.instance(), QEvent.Type.MetaCall.value
            )


class _Source(QIODevice):
    """What the sink reads from: the feed, in the format the device takes."""

    def __init__(self, feed: SoundFeed, rate: int, device_rate: int, floats: bool) -> None:
        super().__init__()
        self.played = PlayedMap(rate / device_rate)
        self.frame_bytes = 2 * (4 if floats else 2)
        self._feed = feed
        self._ratio = rate / device_rate
        self._floats = floats
        self._pending = np.zeros((0, 2), np.float32)
        self._resampler = None
        if rate != device_rate:
            import soxr

            self._resampler = soxr.ResampleStream(rate, device_rate, 2, "float32", quality="HQ")
        self.open(QIODevice.OpenModeFlag.ReadOnly)

    def isSequential(self) -> bool:
        return True

    def bytesAvailable(self) -> int:
        return 1 << 20  # there is always sound to give, if only silence

    def readData(self, size: int) -> bytes:
        count = size // self.frame_bytes
        while len(self._pending) < count:
            missing = count - len(self._pending)
            pulled = self._feed.pull(max(1, math.ceil(missing * self._ratio)))
            sound = pulled.sound
            if self._resampler is not None:
                sound = self._resampler.resample_chunk(sound)
            self.played.add(len(sound), pulled)
            self._pending = np.concatenate([self._pending, sound])
        sound, self._pending = self._pending[:count], self._pending[count:]
        if self._floats:
            return sound.tobytes()
        return np.rint(np.clip(sound, -1, 1) * 32767).astype(np.int16).tobytes()


class _Pump(QObject):
    """Owns the sink; lives on the sound thread."""

    opened = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.request: tuple[SoundFeed | None, int] = (None, 0)
        self._running: tuple[SoundFeed, PlayedMap, DeviceClock, int] | None = None
        self._sink: Any = None
        self._source: _Source | None = None
        self._devices: Any = None
        self._device_id: bytes | bytearray | memoryview = b""
        self._timer: QTimer | None = None

    def position(self) -> int | None:
        running = self._running
        if running is None:
            return None
        feed, played, clock, rate = running
        return played.sample_at(clock.played(time.monotonic()) * rate, feed.serial)

    def levels(self) -> Levels:
        running = self._running
        if running is None:
            return {}
        _feed, played, clock, rate = running
        return played.levels_until(clock.played(time.monotonic()) * rate)

    @Slot()
    def suspend(self) -> None:
        self._stop()

    @Slot()
    def load(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if self._devices is None:
            self._devices = QMediaDevices()
            self._devices.audioOutputsChanged.connect(self._on_devices_changed)
            QMediaDevices.defaultAudioOutput()

    @Slot()
    def reopen(self) -> None:
        from PySide6.QtMultimedia import QAudioFormat, QAudioSink, QMediaDevices

        self._stop()
        feed, rate = self.request
        if feed is None:
            return
        self.load()
        device = QMediaDevices.defaultAudioOutput()
        self._device_id = device.id().data()
        layout = _supported_format(device, rate)
        if layout is None:
            self.opened.emit("")
            return
        device_rate = layout.sampleRate()
        floats = layout.sampleFormat() == QAudioFormat.SampleFormat.Float
        self._source = _Source(feed, rate, device_rate, floats)
        self._sink = QAudioSink(device, layout)
        self._sink.setBufferSize(int(_BUFFER_S * device_rate) * self._source.frame_bytes)
        self._sink.stateChanged.connect(self._on_state_changed)
        self._sink.start(self._source)
        if self._sink is None:
            return  # it failed at once, and the state change has said so
        if self._sink.error().name != "NoError":
            self._stop()
            self.opened.emit("")
            return
        self._running = (feed, self._source.played, DeviceClock(), device_rate)
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._poll)
        self._timer.start(_POLL_MS)
        self.opened.emit(device.description())

    @Slot()
    def _on_devices_changed(self) -> None:
        from PySide6.QtMultimedia import QMediaDevices

        if QMediaDevices.defaultAudioOutput().id().data() != self._device_id:
            self.reopen()

    @Slot()
    def shut_down(self) -> None:
        self._stop()
        if self._devices is not None:
            self._devices.deleteLater()
            self._devices = None
        self.thread().quit()

    def _stop(self) -> None:
        self._running = None
        if self._timer is not None:
            self._timer.stop()
            self._timer.deleteLater()
            self._timer = None
        sink, self._sink = self._sink, None
        if sink is not None:
            sink.stateChanged.disconnect(self._on_state_changed)
            sink.stop()
            sink.deleteLater()
        self._source = None

    def _poll(self) -> None:
        if self._sink is not None and self._running is not None:
            self._running[2].update(self._sink.processedUSecs() / 1e6, time.monotonic())

    def _on_state_changed(self) -> None:
        # By name: the enumerations' classes moved between versions of Qt.
        if self._sink is not None and self._sink.state().name == "StoppedState":
            self._stop()
            self._device_id = b""  # the same device is taken again when it comes back
            self.opened.emit("")


def _supported_format(device: Any, rate: int) -> Any:
    """Two channels at ``rate`` if the device takes that, else at its own rate; None without."""
    from PySide6.QtMultimedia import QAudioFormat

    if device.isNull():
        return None
    layout = QAudioFormat()
    layout.setChannelCount(2)
    for wanted in (rate, device.preferredFormat().sampleRate()):
        layout.setSampleRate(wanted)
        for kind in (QAudioFormat.SampleFormat.Float, QAudioFormat.SampleFormat.Int16):
            layout.setSampleFormat(kind)
            if device.isFormatSupported(layout):
                return layout
    return None
