"""The people in the clip: who is chosen, what they are called, and all that is done to the list."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QLabel,
    QListView,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui.same_person import SamePerson
from app.gui.scene import Scene, SingerCard
from app.gui.singers_model import SingerDelegate, SingersModel

_CONTEXT = ("rename_singer", "merge", "separate", "split", "ignore")
_BUTTONS = ("draw_face", "merge", "split", "ignore")


class SingersPanel(QFrame):
    """Shows the singers and lets them be chosen and changed."""

    chosen = Signal(tuple)
    """Ids of the chosen singers."""
    renamed = Signal(str, str)
    restored = Signal(str)
    """An ignored person is to be listed again."""
    stop_asked = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("singers_panel")
        self._actions = actions
        self._model = SingersModel(self)
        self._model.renamed.connect(self.renamed)
        title = QLabel(self.tr("Singers"), self)
        title.setProperty("heading", True)
        self._hint = QLabel(self)
        self._hint.setObjectName("singers_hint")
        self._hint.setProperty("faint", True)
        self._hint.setWordWrap(True)
        self.list = self._make_list()
        self.same_person = SamePerson(self)
        self.ignored = QToolButton(self)
        self.ignored.setObjectName("ignored_singers")
        self.ignored.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.ignored.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.ignored.setMenu(QMenu(self.ignored))
        self.ignored.hide()
        self._following = QLabel(self)
        self._following.setObjectName("following_face")
        self._following.setWordWrap(True)
        self._stop = QToolButton(self)
        self._stop.setObjectName("stop_following")
        self._stop.setText(self.tr("Cancel"))
        self._stop.setAccessibleName(self.tr("Stop following the drawn face"))
        self._stop.clicked.connect(self.stop_asked)
        head = QHBoxLayout()
        head.addWidget(title)
        head.addStretch(1)
        for name in _BUTTONS:
            head.addWidget(self._button(actions[name]))
        following = QHBoxLayout()
        following.addWidget(self._following, 1)
        following.addWidget(self._stop)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 8, 12, 10)
        layout.setSpacing(6)
        layout.addLayout(head)
        layout.addWidget(self._hint)
        layout.addWidget(self.list, 1)
        layout.addLayout(following)
        layout.addWidget(self.same_person)
        layout.addWidget(self.ignored)
        self.setFixedWidth(264)
        self.show_following("")
        self._quiet = False

    def set_scene(
        self, scene: Scene, selected: tuple[str, ...], span: tuple[float, float] = (0.0, 0.0)
    ) -> None:
        """Show the people found so far with the chosen ones marked.

        ``span`` is the clip's extent in seconds of media time.
        """
        self._quiet = True
        self._model.set_scene(scene, *span)
        self._quiet = False
        self.set_selected(selected)
        self._show_ignored(scene.ignored)

    def set_warnings(self, warnings: dict[str, list[str]]) -> None:
        """Show what will cost quality, by singer."""
        self._model.set_warnings(warnings)

    def set_hint(self, text: str) -> None:
        """Say something above the list; "" for nothing."""
        self._hint.setText(text)
        self._hint.setVisible(bool(text))

    def show_following(self, text: str) -> None:
        """Say that a drawn face is being followed; "" when it isn't."""
        self._following.setText(text)
        self._following.setVisible(bool(text))
        self._stop.setVisible(bool(text))

    def set_selected(self, selected: tuple[str, ...]) -> None:
        """Mark these singers."""
        self._quiet = True
        selection = QItemSelection()
        for row in range(self._model.rowCount()):
            if self._model.singer_id(row) in selected:
                index = self._model.index(row)
                selection.select(index, index)
        self.list.selectionModel().select(
            selection, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        self._quiet = False

    def edit_name(self, singer: str) -> None:
        """Let the name of a singer be typed in its row."""
        row = self._model.row_of(singer)
        if row is not None:
            index = self._model.index(row)
            self.list.selectionModel().setCurrentIndex(
                index, QItemSelectionModel.SelectionFlag.NoUpdate
            )
            self.list.edit(index)

    def menu(self) -> QMenu:
        """What can be done to the chosen singers."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for name in _CONTEXT:
            menu.addAction(self._actions[name])
        return menu

    def _make_list(self) -> QListView:
        view = QListView(self)
        view.setObjectName("singers_list")
        view.setAccessibleName(self.tr("Singers"))
        view.setModel(self._model)
        view.setItemDelegate(SingerDelegate(self))
        view.setMouseTracking(True)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setEditTriggers(
            QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._on_menu_asked)
        view.selectionModel().selectionChanged.connect(self._on_selection_changed)
        return view

    def _button(self, action: QAction) -> QToolButton:
        button = QToolButton(self)
        button.setObjectName(action.objectName().replace("action_", "button_"))
        button.setProperty("flat", True)
        button.setDefaultAction(action)
        button.setIconSize(QSize(18, 18))
        button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        button.setAccessibleName(action.text())
        return button

    def _show_ignored(self, ignored: tuple[SingerCard, ...]) -> None:
        menu = self.ignored.menu()
        menu.clear()
        for card in ignored:
            action = menu.addAction(self.tr("List {name} again").format(name=card.name))
            action.triggered.connect(lambda _checked=False, key=card.id: self.restored.emit(key))
        self.ignored.setText(self.tr("{count} ignored").format(count=len(ignored)))
        self.ignored.setVisible(bool(ignored))

    def _on_menu_asked(self, place: QPoint) -> None:
        if self.list.indexAt(place).isValid():
            self.menu().popup(self.list.viewport().mapToGlobal(place))

    def _on_selection_changed(self) -> None:
        if not self._quiet:
            rows = sorted(index.row() for index in self.list.selectionModel().selectedIndexes())
            self.chosen.emit(tuple(self._model.singer_id(row) for row in rows))
