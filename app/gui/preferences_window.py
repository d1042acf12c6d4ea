"""The settings, page by page; every change holds at once, nothing waits for an OK."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFormLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QPushButton,
    QSpinBox,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.gui.engine_manage import CacheState
from app.gui.models_page import ModelsPage
from app.gui.preferences_control import PreferencesControl
from app.gui.shortcuts_page import ShortcutsPage
from app.gui.sizes import size_text
from app.gui.theme import FIELD_MARGINS
from app.gui.told import told
from app.preferences import LEAST_CACHE_GB, MOST_CACHE_GB, Preferences


class PreferencesWindow(QWidget):
    """A window beside the main one; Esc closes it."""

    def __init__(self, control: PreferencesControl, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("preferences_window")
        self.setWindowTitle(self.tr("Preferences"))
        self.pages = QStackedWidget(self)
        self.list = QListWidget(self)
        self.list.setObjectName("preferences_pages")
        self.list.setAccessibleName(self.tr("Pages"))
        self.list.setFixedWidth(170)
        self.message = QLabel(self)
        self.message.setObjectName("preferences_message")
        self.message.setWordWrap(True)
        self.message.setProperty("problem", True)
        self.message.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.message.hide()
        for title, page in (
            (self.tr("General"), GeneralPage(control, self)),
            (self.tr("Computing"), ComputingPage(control, self)),
            (self.tr("Models"), ModelsPage(control, self)),
            (self.tr("Shortcuts"), ShortcutsPage(control, self)),
        ):
            self.list.addItem(title)
            self.pages.addWidget(page)
        self.list.currentRowChanged.connect(self._turn_to)
        self.list.setCurrentRow(0)
        right = QVBoxLayout()
        right.setContentsMargins(20, 16, 20, 16)
        right.addWidget(self.message)
        right.addWidget(self.pages, 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)
        self.resize(860, 560)
        control.refused.connect(self._say)
        control.changed.connect(lambda _now: self.message.hide())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            return
        super().keyPressEvent(event)

    def _turn_to(self, row: int) -> None:
        self.message.hide()
        self.pages.setCurrentIndex(row)

    def _say(self, sentence: str) -> None:
        self.message.setText("⚠  " + told(sentence))
        self.message.show()


class GeneralPage(QWidget):
    """Language and colours."""

    def __init__(self, control: PreferencesControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        now = control.preferences
        self.scheme = _choice(
            "scheme_choice",
            (
                ("system", self.tr("As the system")),
                ("dark", self.tr("Dark")),
                ("light", self.tr("Light")),
            ),
            now.scheme,
        )
        # Each language by its own name: whoever set the wrong one finds the way back.
        self.language = _choice(
            "language_choice",
            (("system", self.tr("As the system")), ("en", "English"), ("de", "Deutsch")),
            now.language,
        )
        note = _note(self.tr("Another language shows when Solovox is started again."), self)
        form = _form(self)
        form.addRow(self.tr("Colours"), self.scheme)
        form.addRow(self.tr("Language"), self.language)
        form.addRow("", note)
        self.scheme.currentIndexChanged.connect(
            lambda: control.set(scheme=self.scheme.currentData())
        )
        self.language.currentIndexChanged.connect(
            lambda: control.set(language=self.language.currentData())
        )


class ComputingPage(QWidget):
    """Device, precision and cache."""

    def __init__(self, control: PreferencesControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        now = control.preferences
        self.device = _choice("device_choice", (("auto", self.tr("The fastest there is")),), "auto")
        self.precision = _choice(
            "precision_choice",
            (
                ("auto", self.tr("As fast as is harmless")),
                ("fp32", self.tr("32 bit, the same on every device")),
            ),
            now.precision,
        )
        self.limit = QSpinBox(self)
        self.limit.setObjectName("cache_limit")
        self.limit.setRange(LEAST_CACHE_GB, MOST_CACHE_GB)
        self.limit.setSuffix(self.tr(" GB"))
        self.limit.setValue(now.cache_gb)
        self.limit.setKeyboardTracking(False)  # "25" isn't two gigabytes on the way
        self.limit.lineEdit().setTextMargins(*FIELD_MARGINS)
        self.used = _note("", self)
        self.used.setObjectName("cache_used")
        self.clear = QPushButton(self.tr("Clear cache"), self)
        self.clear.setObjectName("cache_clear")
        self.clear.setToolTip(self.tr("Faces and voices found before are computed again"))
        row = QHBoxLayout()
        row.setSpacing(10)
        row.addWidget(self.limit)
        row.addWidget(self.clear)
        row.addStretch(1)
        form = _form(self)
        form.addRow(self.tr("Compute on"), self.device)
        form.addRow(self.tr("Precision"), self.precision)
        form.addRow(_line(self))
        form.addRow(self.tr("Cache, at most"), row)
        form.addRow("", self.used)
        # A row that is a layout doesn't name its field by itself.
        self.limit.setAccessibleName(self.tr("Cache, at most"))
        self.device.activated.connect(lambda: control.set(device=self.device.currentData()))
        self.precision.activated.connect(
            lambda: control.set(precision=self.precision.currentData())
        )
        self.limit.valueChanged.connect(lambda size: control.set(cache_gb=size))
        self.clear.clicked.connect(control.clear_cache)
        control.devices_known.connect(self._show_devices)
        control.cache_known.connect(self._show_cache)
        control.changed.connect(self._show)

    def _show(self, now: Preferences) -> None:
        self.limit.setValue(now.cache_gb)
        _select(self.device, now.device)
        _select(self.precision, now.precision)

    def _show_devices(self, devices: Sequence[tuple[str, str]]) -> None:
        wanted = self._control.preferences.device
        while self.device.count() > 1:
            self.device.removeItem(1)
        for name, description in devices:
            self.device.addItem(told(description), name)
        if devices:
            best = self.tr("The fastest there is: {device}").format(device=told(devices[0][1]))
            self.device.setItemText(0, best)
        if self.device.findData(wanted) < 0:
            gone = self.tr("{device}, not there now").format(device=wanted.upper())
            self.device.addItem(gone, wanted)
        _select(self.device, wanted)

    def _show_cache(self, state: CacheState) -> None:
        self.used.setText(
            self.tr("{used} used in {folder}; {free} free on this disk").format(
                used=size_text(state.used), folder=state.folder, free=size_text(state.free)
            )
        )
        self.clear.setEnabled(state.clearable > 0)


def _form(page: QWidget) -> QFormLayout:
    form = QFormLayout(page)
    form.setContentsMargins(0, 0, 0, 0)
    form.setVerticalSpacing(12)
    form.setHorizontalSpacing(18)
    form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
    return form


def _choice(name: str, entries: Sequence[tuple[str, str]], now: str) -> QComboBox:
    box = QComboBox()
    box.setObjectName(name)
    box.setMinimumWidth(320)
    for data, text in entries:
        box.addItem(text, data)
    _select(box, now)
    return box


def _select(box: QComboBox, data: str) -> None:
    box.setCurrentIndex(max(0, box.findData(data)))


def _note(text: str, parent: QWidget) -> QLabel:
    note = QLabel(text, parent)
    note.setProperty("faint", True)
    note.setWordWrap(True)
    note.setMinimumWidth(480)
    return note


def _line(parent: QWidget) -> QFrame:
    line = QFrame(parent)
    line.setObjectName("preferences_line")
    line.setFixedHeight(1)
    return line
