"""The queue at the bottom of the window: every clip with its state, and what can be done to it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QSignalBlocker, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QProgressBar,
    QToolButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from app.batch import Rule
from app.gui.queue_control import QueueControl
from app.gui.stages import stage_text
from app.gui.timecode import remaining_text
from app.gui.told import told
from app.project.queue import QueuedClip

_HEIGHT = 190
_STEPS = 1000
_CLIP, _STATE, _PROGRESS = range(3)
_NUMBER = Qt.ItemDataRole.UserRole


class QueuePanel(QFrame):
    """Hidden until there is a queue."""

    open_asked = Signal(object)
    """Path of a clip to be opened in the window."""
    add_asked = Signal()

    def __init__(self, control: QueueControl, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("queue_panel")
        self.setFixedHeight(_HEIGHT)
        self._control = control
        self._buttons: dict[str, QToolButton] = {}
        self._title = QLabel(self)
        self._title.setObjectName("queue_title")
        self._title.setProperty("heading", True)
        self._rule = QComboBox(self)
        self._rule.setObjectName("queue_rule")
        self._rule.setAccessibleName(self.tr("Whose voices are isolated"))
        rules: tuple[tuple[Rule, str], ...] = (
            ("largest", self.tr("Largest face")),
            ("all", self.tr("All singers")),
        )
        for rule, text in rules:
            self._rule.addItem(text, rule)
        self._rule.currentIndexChanged.connect(self._on_rule)
        self.list = QTreeWidget(self)
        self._set_up_list()
        self._compose()
        control.changed.connect(self.refresh)
        control.progressed.connect(self._on_progressed)
        control.shown.connect(self.setVisible)
        self.list.itemSelectionChanged.connect(self._show_buttons)
        self.refresh()
        self.hide()

    def refresh(self) -> None:
        """Show the queue as it is; the chosen row stays chosen."""
        chosen = self.chosen
        self.list.clear()
        for item in self._control.queue.items:
            row = QTreeWidgetItem(self.list)
            row.setData(_CLIP, _NUMBER, item.id)
            row.setText(_CLIP, item.path.name)
            row.setToolTip(_CLIP, str(item.path))
            self._fill(row, item)
            if item.id == chosen:
                self.list.setCurrentItem(row)
        with QSignalBlocker(self._rule):
            self._rule.setCurrentIndex(self._rule.findData(self._control.rule))
        self._show_title()
        self._show_buttons()

    @property
    def chosen(self) -> int | None:
        """Number of the clip in the chosen row."""
        row = self.list.currentItem()
        return int(row.data(_CLIP, _NUMBER)) if row is not None else None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete and self.chosen is not None:
            self._control.remove(self.chosen)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        else:
            super().keyPressEvent(event)

    def _set_up_list(self) -> None:
        self.list.setObjectName("queue_list")
        self.list.setAccessibleName(self.tr("Queue of clips"))
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHeaderLabels([self.tr("Clip"), self.tr("State"), self.tr("Progress")])
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(_CLIP, QHeaderView.ResizeMode.Interactive)
        header.setSectionResizeMode(_STATE, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(_PROGRESS, QHeaderView.ResizeMode.Fixed)
        header.resizeSection(_CLIP, 280)
        header.resizeSection(_PROGRESS, 170)
        self.list.itemDoubleClicked.connect(lambda _row, _column: self._open())

    def _compose(self) -> None:
        control = self._control
        top = QHBoxLayout()
        top.addWidget(self._title)
        top.addStretch(1)
        label = QLabel(self.tr("Isolate:"), self)
        label.setBuddy(self._rule)
        top.addWidget(label)
        top.addWidget(self._rule)
        top.addWidget(self._button("add", self.tr("Add…"), self.add_asked.emit))
        start = self._button("start", self.tr("Start"), self._start_or_stop)
        start.setProperty("primary", True)
        top.addWidget(start)
        close = self._button("close", "✕", lambda: control.show_queue(False))
        close.setProperty("flat", True)
        close.setAccessibleName(self.tr("Hide the queue; it goes on"))
        close.setToolTip(close.accessibleName())
        top.addWidget(close)
        side = QVBoxLayout()
        side.setSpacing(4)
        for row in (
            (("up", self.tr("Up"), self._move(-1)), ("down", self.tr("Down"), self._move(1))),
            (
                ("cancel", self.tr("Cancel"), self._act(control.cancel)),
                ("retry", self.tr("Retry"), self._act(control.retry)),
            ),
            (
                ("remove", self.tr("Remove"), self._act(control.remove)),
                ("folder", self.tr("Show files"), self._show_files),
            ),
        ):
            line = QHBoxLayout()
            for name, text, act in row:
                line.addWidget(self._button(name, text, act, wide=True))
            side.addLayout(line)
        side.addStretch(1)
        lower = QHBoxLayout()
        lower.addWidget(self.list, 1)
        lower.addLayout(side)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 6, 12, 8)
        layout.setSpacing(6)
        layout.addLayout(top)
        layout.addLayout(lower, 1)

    def _button(
        self, name: str, text: str, act: Callable[[], object], wide: bool = False
    ) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(f"queue_{name}")
        button.setText(text)
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        if wide:
            button.setMinimumWidth(92)
        button.clicked.connect(lambda _checked=False: act())
        self._buttons[name] = button
        return button

    def _fill(self, row: QTreeWidgetItem, item: QueuedClip) -> None:
        text = self._state_text(item)
        row.setText(_STATE, text)
        row.setToolTip(_STATE, told(item.message) or text)
        if item.state == "running":
            bar = QProgressBar(self.list)
            bar.setRange(0, _STEPS)
            bar.setTextVisible(False)
            bar.setAccessibleName(self.tr("Progress of {name}").format(name=item.path.name))
            bar.setValue(round(item.fraction * _STEPS))
            self.list.setItemWidget(row, _PROGRESS, bar)

    def _state_text(self, item: QueuedClip) -> str:
        if item.state == "waiting":
            return self.tr("Waiting")
        if item.state == "running":
            stage = stage_text(item.stage) if item.stage else self.tr("Opening")
            text = f"{stage} · {item.fraction:.0%}"
            if item.remaining_s is not None:
                text += " · " + self.tr("{time} left").format(time=remaining_text(item.remaining_s))
            return text
        if item.state == "done":
            names = ", ".join(path.name for path in item.files)
            return self.tr("✓ Done: {names}").format(names=names)
        if item.state == "failed":
            return "⚠ " + told(item.message)
        return self.tr("Cancelled")

    def _on_progressed(self, number: int) -> None:
        item = self._control.queue.get(number)
        for place in range(self.list.topLevelItemCount()):
            row = self.list.topLevelItem(place)
            if item is not None and row is not None and row.data(_CLIP, _NUMBER) == number:
                row.setText(_STATE, self._state_text(item))
                bar = self.list.itemWidget(row, _PROGRESS)
                if isinstance(bar, QProgressBar):
                    bar.setValue(round(item.fraction * _STEPS))

    def _show_title(self) -> None:
        queue = self._control.queue
        self._title.setText(
            self.tr("Queue: {done} of {all} finished").format(
                done=queue.finished, all=len(queue.items)
            )
            if queue.items
            else self.tr("Queue: drop clips or folders here")
        )

    def _show_buttons(self) -> None:
        control, queue = self._control, self._control.queue
        item = queue.get(self.chosen) if self.chosen is not None else None
        state = item.state if item is not None else ""
        for name, possible in {
            "up": item is not None,
            "down": item is not None,
            "cancel": state in ("waiting", "running"),
            "retry": state in ("failed", "cancelled"),
            "remove": state not in ("", "running"),
            "folder": bool(item is not None and item.files),
            "start": control.going or queue.next is not None,
        }.items():
            self._buttons[name].setEnabled(possible)
        self._buttons["start"].setText(
            self.tr("Stop after this clip") if control.going else self.tr("Start")
        )
        self._rule.setEnabled(not control.going)

    def _start_or_stop(self) -> None:
        if self._control.going:
            self._control.stop_queue()
        else:
            self._control.start_queue()

    def _on_rule(self, index: int) -> None:
        self._control.set_rule(self._rule.itemData(index))

    def _act(self, verb: Callable[[int], None]) -> Callable[[], None]:
        def act() -> None:
            if self.chosen is not None:
                verb(self.chosen)

        return act

    def _move(self, places: int) -> Callable[[], None]:
        return self._act(lambda number: self._control.move(number, places))

    def _open(self) -> None:
        item = self._control.queue.get(self.chosen) if self.chosen is not None else None
        if item is not None:
            self.open_asked.emit(item.path)

    def _show_files(self) -> None:
        item = self._control.queue.get(self.chosen) if self.chosen is not None else None
        if item is not None and item.files:
            folder: Path = item.files[0].parent
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
