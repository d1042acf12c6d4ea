"""One row at the bottom: what runs, how far it is, how long it takes; or what to do next."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QToolButton, QWidget

from app.gui.stages import stage_text
from app.gui.timecode import remaining_text
from app.jobs import Progress

_STEPS = 1000


class JobBar(QFrame):
    """Progress with remaining time and a cancel button, or a hint while nothing runs."""

    cancel_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("job_bar")
        self._stage = QLabel(self)
        self._stage.setObjectName("job_stage")
        self._bar = QProgressBar(self)
        self._bar.setObjectName("job_progress")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(self.tr("Progress"))
        self._left = QLabel(self)
        self._left.setObjectName("job_remaining")
        self._left.setProperty("faint", True)
        self._cancel = QToolButton(self)
        self._cancel.setObjectName("job_cancel")
        self._cancel.setText(self.tr("Cancel"))
        self._cancel.clicked.connect(self.cancel_asked)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 5, 12, 5)
        layout.setSpacing(12)
        layout.addWidget(self._stage)
        layout.addWidget(self._bar, 1)
        layout.addWidget(self._left)
        layout.addWidget(self._cancel)
        self.setFixedHeight(42)
        self.show_hint("")

    def show_hint(self, text: str) -> None:
        """Nothing runs: say what can be done next."""
        self._stage.setText(text)
        for widget in (self._bar, self._left, self._cancel):
            widget.setVisible(False)

    def show_busy(self, stage: str) -> None:
        """Something runs whose extent isn't known yet."""
        self._stage.setText(stage)
        self._bar.setRange(0, 0)
        self._left.setText("")
        for widget in (self._bar, self._left, self._cancel):
            widget.setVisible(True)

    def show_progress(self, progress: Progress) -> None:
        """Show how far the running job is."""
        self._stage.setText(stage_text(progress.stage))
        self._bar.setRange(0, _STEPS)
        self._bar.setValue(round(progress.fraction * _STEPS))
        percent = f"{progress.fraction:.0%}"
        if progress.remaining_s is None:
            self._left.setText(percent)
        else:
            self._left.setText(
                self.tr("{percent} · {time} left").format(
                    percent=percent, time=remaining_text(progress.remaining_s)
                )
            )
        for widget in (self._bar, self._left, self._cancel):
            widget.setVisible(True)
