"""The Export tab: what is written, how, and under which names; every choice is an edit."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.edits import ExportSettings
from app.export.naming import FIELDS
from app.gui.export_control import Plan
from app.gui.finished_files import FinishedFiles
from app.gui.theme import FIELD_MARGINS

_SHOWN_NAMES = 6
_TIMELINES = ("fcpxml", "xml", "otio", "edl")


class ExportPanel(QFrame):
    """Shows `ExportSettings` and tells which ones the editor wants instead."""

    changed = Signal(object)
    """`ExportSettings` to take."""
    typed = Signal(object)
    """`ExportSettings` with a name that is still being typed."""
    export_asked = Signal()
    folder_asked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export_panel")
        self._settings = ExportSettings()
        self._showing = False
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(12, 12, 12, 12)
        self._layout.setSpacing(6)
        self._build_head()
        self.finished = FinishedFiles(self)
        self._layout.addWidget(self.finished)
        self._build_files()
        self._build_timelines()
        self._build_levels()
        self._build_names()
        self._layout.addStretch(1)
        self.show_settings(self._settings)
        self.show_plan(Plan(hindrance=self.tr("Open a clip first.")))

    def show_settings(self, settings: ExportSettings) -> None:
        """Show these settings in all controls."""
        self._settings = settings
        self._showing = True
        self.voices.setChecked(settings.voices)
        self.rest.setChecked(settings.rest)
        self.video.setChecked(bool(settings.video))
        self.container.setEnabled(bool(settings.video))
        self.container.setCurrentIndex(self.container.findData(settings.video or "clip"))
        self.format.setCurrentIndex(self.format.findData(settings.format))
        for kind, box in self.timelines.items():
            box.setChecked(kind in settings.timelines)
        self.handle_unit.setCurrentIndex(self.handle_unit.findData(settings.handle_unit))
        self.handles.setDecimals(0 if settings.handle_unit == "frames" else 2)
        self.handles.setValue(float(settings.handles))
        self.loudness.setCurrentIndex(self.loudness.findData(settings.loudness))
        self.lufs.setVisible(settings.loudness == "custom")
        self.lufs.setValue(settings.lufs)
        self.limit.setChecked(settings.true_peak is not None)
        self.true_peak.setEnabled(settings.true_peak is not None)
        if settings.true_peak is not None:
            self.true_peak.setValue(settings.true_peak)
        self.mixer.setChecked(settings.mixer)
        if self.template.text() != settings.name:
            self.template.setText(settings.name)
        folder = settings.folder
        self.folder.setText(Path(folder).name or folder if folder else self.tr("Beside the clip"))
        self.folder.setToolTip(folder)
        self.beside.setVisible(bool(folder))
        self._showing = False

    def show_plan(self, plan: Plan, busy: bool = False) -> None:
        """Show which files would be written, or why none can be."""
        count = len(plan.outputs)
        if plan.compute_first:
            text = self.tr("Isolate and export")
        elif count > 1:
            text = self.tr("Export {count} files").format(count=count)
        else:
            text = self.tr("Export")
        self.button.setText(text)
        self.button.setEnabled(bool(plan.outputs) and not busy)
        names = [output.path.name for output in plan.outputs[:_SHOWN_NAMES]]
        if count > _SHOWN_NAMES:
            names.append(self.tr("… and {count} more").format(count=count - _SHOWN_NAMES))
        said = plan.hindrance or "\n".join(names)
        self.preview.setText(said)
        self.preview.setToolTip("\n".join(str(output.path) for output in plan.outputs))
        self.preview.setProperty("hindrance", bool(plan.hindrance))
        self.preview.style().unpolish(self.preview)
        self.preview.style().polish(self.preview)

    def set_folder(self, folder: Path | None) -> None:
        """Take the folder that was chosen; None = beside the clip."""
        self._change(folder=str(folder) if folder is not None else "")

    def _build_head(self) -> None:
        self.button = QPushButton(self)
        self.button.setObjectName("export_button")
        self.button.setProperty("primary", True)
        self.button.clicked.connect(self.export_asked)
        self.preview = QLabel(self)
        self.preview.setObjectName("export_preview")
        self.preview.setWordWrap(True)
        self.preview.setTextFormat(Qt.TextFormat.PlainText)
        self.preview.setAccessibleName(self.tr("Files that will be written"))
        self._layout.addWidget(self.button)
        self._layout.addWidget(self.preview)

    def _build_files(self) -> None:
        self._heading(self.tr("Files"))
        self.voices = self._check(self.tr("Voice of each singer"), "voices")
        self.rest = self._check(self.tr("Rest: the sound without them"), "rest")
        self.format = self._choice(
            self.tr("Sound format"),
            ("wav24", self.tr("WAV, 24 bit")),
            ("wav16", self.tr("WAV, 16 bit")),
            ("wav32f", self.tr("WAV, 32 bit float")),
            ("flac", self.tr("FLAC, 24 bit")),
            ("aac", self.tr("AAC (.m4a)")),
            ("mp3", self.tr("MP3")),
        )
        self.format.activated.connect(lambda: self._change(format=self.format.currentData()))
        self._row(self._caption(self.tr("Format"), self.format), self.format)
        self.video = QCheckBox(self.tr("Video"), self)
        self.video.setToolTip(self.tr("The same picture with the voices as first sound"))
        self.container = self._choice(
            self.tr("Kind of video file"),
            ("clip", self.tr("Like the clip")),
            (".mp4", "MP4"),
            (".mov", "MOV"),
            (".mkv", "MKV"),
        )
        self.video.clicked.connect(self._change_video)
        self.container.activated.connect(self._change_video)
        self._row(self.video, self.container)

    def _build_timelines(self) -> None:
        self._heading(self.tr("Timeline with the stems"))
        grid = QGridLayout()
        grid.setVerticalSpacing(6)
        self.timelines: dict[str, QCheckBox] = {}
        texts = {
            "fcpxml": (self.tr("FCPXML"), self.tr("For Final Cut Pro and DaVinci Resolve")),
            "xml": (self.tr("FCP 7 XML"), self.tr("For Premiere Pro and DaVinci Resolve")),
            "otio": (self.tr("OTIO"), self.tr("OpenTimelineIO, for DaVinci Resolve and others")),
            "edl": (self.tr("EDL"), self.tr("CMX 3600; holds four channels of sound")),
        }
        for number, kind in enumerate(_TIMELINES):
            box = QCheckBox(texts[kind][0], self)
            box.setObjectName(f"export_timeline_{kind}")
            box.setToolTip(texts[kind][1])
            box.clicked.connect(self._change_timelines)
            self.timelines[kind] = box
            grid.addWidget(box, number // 2, number % 2)
        self._layout.addLayout(grid)
        self.handles = self._number(self.tr("Handles"), 0, 999, 1)
        self.handles.setToolTip(self.tr("Extra sound before and after the range"))
        self.handles.valueChanged.connect(self._change_handles)
        self.handle_unit = self._choice(
            self.tr("Unit of the handles"),
            ("frames", self.tr("frames")),
            ("seconds", self.tr("seconds")),
        )
        self.handle_unit.activated.connect(self._change_handle_unit)
        self._row(self._caption(self.tr("Handles"), self.handles), self.handles, self.handle_unit)

    def _build_levels(self) -> None:
        self._heading(self.tr("Loudness"))
        self.loudness = self._choice(
            self.tr("Loudness"),
            ("untouched", self.tr("Untouched")),
            ("match", self.tr("As loud as the original")),
            ("ebu", self.tr("EBU R 128, −23 LUFS")),
            ("custom", self.tr("Custom")),
        )
        self.loudness.activated.connect(lambda: self._change(loudness=self.loudness.currentData()))
        self._layout.addWidget(self.loudness)
        self.lufs = self._number(self.tr("Loudness in LUFS"), -70, -1, 0.5, self.tr(" LUFS"))
        self.lufs.setDecimals(1)
        self.lufs.valueChanged.connect(lambda value: self._change(lufs=round(value, 1)))
        self._layout.addWidget(self.lufs)
        self.limit = QCheckBox(self.tr("True peak below"), self)
        self.limit.setObjectName("export_limit")
        self.limit.setToolTip(self.tr("Lowers the gain of a file where its true peak is higher"))
        self.true_peak = self._number(self.tr("True peak"), -20, 0, 0.5, self.tr(" dBTP"))
        self.true_peak.setDecimals(1)
        self.true_peak.setValue(-1.0)
        self.limit.clicked.connect(self._change_peak)
        self.true_peak.valueChanged.connect(self._change_peak)
        self._row(self.limit, self.true_peak)
        self.mixer = self._check(self.tr("With the gains of the mixer"), "mixer")

    def _build_names(self) -> None:
        self._heading(self.tr("Names"))
        self.template = QLineEdit(self)
        self.template.setObjectName("export_template")
        self.template.setAccessibleName(self.tr("Template of the file names"))
        self.template.textEdited.connect(
            lambda text: self.typed.emit(replace(self._settings, name=text))
        )
        self.template.editingFinished.connect(lambda: self._change(name=self.template.text()))
        insert = QToolButton(self)
        insert.setObjectName("export_insert_field")
        insert.setText("{ }")
        insert.setAccessibleName(self.tr("Insert a field into the name"))
        insert.setToolTip(insert.accessibleName())
        insert.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(insert)
        for field in FIELDS:
            menu.addAction(f"{{{field}}}", partial(self._insert, f"{{{field}}}"))
        insert.setMenu(menu)
        self._row(self.template, insert, stretch=0)
        self.folder = QLabel(self)
        self.folder.setObjectName("export_folder")
        choose = QToolButton(self)
        choose.setObjectName("export_choose_folder")
        choose.setText(self.tr("Folder…"))
        choose.clicked.connect(self.folder_asked)
        self.beside = QToolButton(self)
        self.beside.setObjectName("export_beside_clip")
        self.beside.setText("✕")
        self.beside.setAccessibleName(self.tr("Write beside the clip again"))
        self.beside.setToolTip(self.beside.accessibleName())
        self.beside.clicked.connect(lambda: self.set_folder(None))
        self._row(self.folder, self.beside, choose, stretch=0)

    def _insert(self, text: str) -> None:
        self.template.insert(text)
        self._change(name=self.template.text())

    def _change_video(self) -> None:
        self._change(video=self.container.currentData() if self.video.isChecked() else "")

    def _change_timelines(self) -> None:
        self._change(timelines=tuple(k for k in _TIMELINES if self.timelines[k].isChecked()))

    def _change_handles(self, value: float) -> None:
        self._change(handles=Fraction(str(round(value, 2))))

    def _change_handle_unit(self) -> None:
        unit = self.handle_unit.currentData()
        frames = round(self._settings.handles) if unit == "frames" else self._settings.handles
        self._change(handle_unit=unit, handles=Fraction(frames))

    def _change_peak(self) -> None:
        self._change(true_peak=round(self.true_peak.value(), 1) if self.limit.isChecked() else None)

    def _change(self, **fields: object) -> None:
        """Ask for the settings with other values; what is shown waits for the answer."""
        if not self._showing:
            wanted = replace(self._settings, **fields)  # type: ignore[arg-type]
            if wanted != self._settings:
                self.changed.emit(wanted)

    def _heading(self, text: str) -> None:
        label = QLabel(text, self)
        label.setProperty("heading", True)
        label.setWordWrap(True)
        label.setContentsMargins(0, 8, 0, 0)
        self._layout.addWidget(label)

    def _check(self, text: str, name: str) -> QCheckBox:
        box = QCheckBox(text, self)
        box.setObjectName(f"export_{name}")
        box.clicked.connect(lambda checked: self._change(**{name: checked}))
        self._layout.addWidget(box)
        return box

    def _choice(self, name: str, *entries: tuple[str, str]) -> QComboBox:
        box = QComboBox(self)
        box.setAccessibleName(name)
        for data, text in entries:
            box.addItem(text, data)
        return box

    def _number(
        self, name: str, low: float, high: float, step: float, suffix: str = ""
    ) -> QDoubleSpinBox:
        box = QDoubleSpinBox(self)
        box.setAccessibleName(name)
        box.setRange(low, high)
        box.setSingleStep(step)
        box.setSuffix(suffix)
        box.setKeyboardTracking(False)
        box.lineEdit().setTextMargins(*FIELD_MARGINS)
        return box

    def _caption(self, text: str, control: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setBuddy(control)
        return label

    def _row(self, *widgets: QWidget, stretch: int = 1) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for number, widget in enumerate(widgets):
            row.addWidget(widget, 1 if number == stretch else 0)
        self._layout.addLayout(row)
