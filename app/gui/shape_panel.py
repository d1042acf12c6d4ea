"""How finished voices are shaped; all of it is heard at once and none of it computes again."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Qt
from PySide6.QtGui import QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSlider,
    QSpinBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.anchor_control import AnchorControl
from app.gui.controller import Controller
from app.gui.engine_mix import ModelChoice
from app.gui.fader import Fader
from app.gui.icons import icon
from app.gui.mix_control import MixControl
from app.gui.model_texts import of_model
from app.gui.theme import FIELD_MARGINS
from app.shape import REST

_STEPS = 100
_LONGEST_FADE_MS = 5000


class ShapePanel(QFrame):
    """Shows and sets `Edits.shape`, the model and what is heard of who isn't in the picture."""

    def __init__(
        self,
        controller: Controller,
        control: MixControl,
        anchors: AnchorControl,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shape_panel")
        self._controller = controller
        self._control = control
        self._anchors = anchors
        self.fullness = QSlider(Qt.Orientation.Horizontal, self)
        self.fullness.setObjectName("fullness")
        self.fullness.setRange(0, _STEPS)
        self.fullness.setPageStep(10)
        # A drag by the mouse leaves the arrow keys to the playhead.
        self.fullness.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.fullness.setTickPosition(QSlider.TickPosition.TicksBelow)
        self.fullness.setTickInterval(_STEPS // 2)
        self.fullness.setAccessibleName(self.tr("Less bleed to fuller voice"))
        self.fullness.setToolTip(
            self.tr("The middle is the voice as the model gave it; double-click to go there")
        )
        self.fullness.installEventFilter(self)
        self.rest = Fader(self.tr("Rest under the voice"), float("-inf"), self)
        self.gate = QCheckBox(self.tr("Silence while the lips are still"), self)
        self.off_screen = QComboBox(self)
        self.off_screen.setAccessibleName(self.tr("Singer out of the picture"))
        self.off_screen.addItem(self.tr("Keep by voice"), "model")
        self.off_screen.addItem(self.tr("Silence"), "silence")
        _let_shrink(self.off_screen, 6)
        self.fade = QSpinBox(self)
        self.fade.setRange(0, _LONGEST_FADE_MS)
        self.fade.setSingleStep(5)
        self.fade.setSuffix(self.tr(" ms"))
        self.fade.setKeyboardTracking(False)
        self.fade.lineEdit().setTextMargins(*FIELD_MARGINS)
        self.fade.setAccessibleName(self.tr("Fade at both ends of the range"))
        self.reset = QPushButton(self.tr("Reset"), self)
        self.reset.setObjectName("reset_shape")
        self.reset.setToolTip(self.tr("Hear the voice as the model gave it"))
        self.advanced = QToolButton(self)
        self.advanced.setObjectName("advanced")
        self.advanced.setText(self.tr("Advanced"))
        self.advanced.setCheckable(True)
        self.advanced.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self._more = QWidget(self)
        self.learn = QCheckBox(self.tr("Learn this clip's voices first"), self._more)
        self.learn.setToolTip(
            self.tr(
                "Takes about a minute more; better where each singer is also heard alone for some "
                "seconds. Mark such a part with In and Out and choose Only this singer here."
            )
        )
        self.model = QComboBox(self._more)
        self.model.setAccessibleName(self.tr("Model"))
        _let_shrink(self.model, 10)
        self._compose()
        self._connect()
        self._open_advanced(False)
        self._show()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.fullness and event.type() == QEvent.Type.MouseButtonDblClick:
            self.fullness.setValue(_STEPS // 2)
            return True
        return False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.LayoutDirectionChange)
        if event.type() in kinds and hasattr(self, "advanced"):
            self._show_arrow()

    def _show_arrow(self) -> None:
        # Not an arrow of the style: that isn't mirrored and then touches the text.
        mirrored = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        closed = "closed_mirrored" if mirrored else "closed"
        name = "opened" if self.advanced.isChecked() else closed
        self.advanced.setIcon(icon(name, alike=True))

    def _compose(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14, 12, 14, 12)
        layout.setSpacing(6)
        layout.addWidget(self._title(self.tr("Voice"), self.fullness))
        layout.addWidget(self.fullness)
        ends = QHBoxLayout()
        ends.addWidget(self._faint(self.tr("Less bleed")))
        ends.addStretch(1)
        ends.addWidget(self._faint(self.tr("Fuller voice")))
        layout.addLayout(ends)
        layout.addSpacing(8)
        layout.addWidget(self._title(self.tr("Rest under the voice"), self.rest.slider))
        layout.addWidget(self.rest)
        layout.addSpacing(8)
        layout.addWidget(self.gate)
        layout.addLayout(self._row(self.tr("Out of the picture"), self.off_screen))
        layout.addLayout(self._row(self.tr("Fade at range ends"), self.fade))
        layout.addSpacing(4)
        layout.addWidget(self.reset, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(4)
        layout.addWidget(self.advanced, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._more)
        layout.addStretch(1)
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(6)
        more.addWidget(self.learn)
        more.addLayout(self._row(self.tr("Model"), self.model))
        more.addWidget(
            self._faint(self.tr("Another model takes effect with the next Isolate; the voices of "
                                "this one are kept for coming back."))
        )  # fmt: skip

    def _connect(self) -> None:
        control = self._control
        self.fullness.valueChanged.connect(lambda value: control.set_fullness(value / _STEPS))
        self.rest.moved.connect(lambda level: control.set_gain(REST, level))
        self.gate.toggled.connect(control.set_gate)
        self.off_screen.activated.connect(
            lambda index: control.set_off_screen(self.off_screen.itemData(index))
        )
        self.fade.valueChanged.connect(control.set_fade)
        self.reset.clicked.connect(control.reset_shape)
        self.advanced.toggled.connect(self._open_advanced)
        self.learn.toggled.connect(self._anchors.set_learn)
        self.model.activated.connect(lambda index: control.set_model(self.model.itemData(index)))
        control.models_known.connect(self._show_models)
        self._controller.edits_changed.connect(lambda _old, _new, _act: self._show())
        self._controller.clip_changed.connect(self._show)
        self._controller.scene_changed.connect(self._show)

    def _show(self) -> None:
        session = self._controller.session
        edits = session.edits
        self.setEnabled(session.clip is not None)
        blockers = [
            QSignalBlocker(widget)
            for widget in (
                self.fullness,
                self.gate,
                self.off_screen,
                self.fade,
                self.learn,
                self.model,
            )
        ]
        self.fullness.setValue(round(edits.shape.fullness * _STEPS))
        self.rest.set_level(edits.shape.rest_gain_db)
        self.gate.setChecked(edits.shape.gate)
        self.off_screen.setCurrentIndex(self.off_screen.findData(edits.off_screen))
        self.fade.setValue(edits.shape.fade_ms)
        self.learn.setChecked(edits.learn)
        self.model.setCurrentIndex(self.model.findData(edits.model))
        del blockers

    def _open_advanced(self, open_: bool) -> None:
        self._show_arrow()
        self._more.setVisible(open_)
        if open_:
            self._control.ask_models()

    def _show_models(self, choices: Sequence[ModelChoice]) -> None:
        items = QStandardItemModel(self.model)
        for choice in choices:
            text = of_model(choice.title)
            if not choice.ready:
                text = self.tr("{model} – no weights").format(model=text)
            item = QStandardItem(text)
            item.setData(choice.id, Qt.ItemDataRole.UserRole)
            item.setEnabled(choice.ready)
            items.appendRow(item)
        self.model.setModel(items)
        self._show()

    def _title(self, text: str, buddy: QWidget) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("heading", True)
        label.setBuddy(buddy)
        return label

    def _faint(self, text: str) -> QLabel:
        label = QLabel(text, self)
        label.setProperty("faint", True)
        label.setWordWrap(len(text) > 30)
        return label

    def _row(self, text: str, widget: QWidget) -> QHBoxLayout:
        row = QHBoxLayout()
        label = QLabel(text, self)
        label.setBuddy(widget)
        label.setWordWrap(True)  # other languages need more room than English
        row.addWidget(label, 1)
        row.addWidget(widget, 1)
        return row


def _let_shrink(box: QComboBox, characters: int) -> None:
    """Long entries must not widen the column."""
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(characters)
