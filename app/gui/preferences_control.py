"""Settings in the window: keeps them, applies them at once, and runs what their pages ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QWidget

from app.errors import AppError
from app.gui.action_build import set_keys
from app.gui.actions import ACTIONS
from app.gui.controller import Controller
from app.gui.theme import set_scheme
from app.gui.told import told
from app.gui.workers import JobHandlers
from app.paths import config_dir
from app.preferences import PreferenceFile
from app.shortcuts import Keys, bindings, without_defaults

if TYPE_CHECKING:
    from app.gui.preferences_window import PreferencesWindow
    from app.gui.shortcut_sheet import ShortcutSheet

DEFAULT_KEYS: dict[str, Keys] = {spec.id: spec.shortcuts for spec in ACTIONS}


class PreferencesControl(QObject):
    """The settings of this user; `keys` are those in force."""

    changed = Signal(object)
    """The new `Preferences`."""
    keys_changed = Signal()
    devices_known = Signal(object)
    """Pairs of id and description."""
    models_known = Signal(object)
    """All `ModelFacts`."""
    model_changed = Signal(object, str)
    """One `ModelFacts`, and what was done to it: verify, import or remove."""
    cache_known = Signal(object)
    """`CacheState`."""
    refused = Signal(str)
    """A sentence that says why something asked for on a page was not done."""

    def __init__(self, controller: Controller, window: QWidget) -> None:
        super().__init__(window)
        self._controller = controller
        self._window = window
        self._file = PreferenceFile(config_dir())
        self.preferences, self._damaged = self._file.load()
        self._actions: Mapping[str, QAction] = {}
        self._pages: PreferencesWindow | None = None
        self._sheet: ShortcutSheet | None = None
        self.keys: dict[str, Keys] = {}

    def take_actions(self, actions: Mapping[str, QAction]) -> None:
        """Give these actions the user's keys, now and whenever they change."""
        self._actions = actions
        self._apply_keys()
        for sentence in self._damaged:
            self._controller.remark.emit(told(sentence))

    def show_preferences(self) -> None:
        """Open the window of settings, or bring it to the front."""
        if self._pages is None:
            from app.gui.preferences_window import PreferencesWindow

            self._pages = PreferencesWindow(self, self._window)
        _raise(self._pages)
        self.refresh()

    def show_shortcuts(self) -> None:
        """Open the sheet of all keys; the same key closes it."""
        if self._sheet is None:
            from app.gui.shortcut_sheet import ShortcutSheet

            self._sheet = ShortcutSheet(self._actions, self._window)
            self.keys_changed.connect(self._sheet.refresh)
        if self._sheet.isVisible():
            self._sheet.hide()
        else:
            _raise(self._sheet)

    def set(self, **values: Any) -> bool:
        """Change settings and keep them; False when that was refused, which is then told."""
        try:
            wanted = self.preferences.changed(**values)
            if wanted == self.preferences:
                return True
            self._file.save(wanted)
        except AppError as error:
            self.refused.emit(str(error))
            return False
        before, self.preferences = self.preferences, wanted
        if (wanted.preset, wanted.shortcuts) != (before.preset, before.shortcuts):
            self._apply_keys()
        if wanted.scheme != before.scheme:
            application = QApplication.instance()
            assert isinstance(application, QApplication)
            set_scheme(application, wanted.scheme)
        if wanted.device != before.device:
            self._run("name_device", on_done=self._controller.device_known.emit)
        if wanted.cache_gb < before.cache_gb:
            self._run("shrink_cache", wanted.cache_gb, on_done=self.cache_known.emit)
        self.changed.emit(wanted)
        return True

    def set_keys(self, action: str, keys: Keys) -> bool:
        """Give an action keys of the user's own; those of the preset are not kept as own."""
        own = {**self.preferences.shortcuts, action: keys}
        kept = without_defaults(own, DEFAULT_KEYS, self.preferences.preset)
        return self.set(shortcuts=kept)

    def refresh(self) -> None:
        """Ask for what the pages show: devices, models, cache."""
        self._run("list_models", on_done=self.models_known.emit)
        self._run("cache_state", on_done=self.cache_known.emit)
        self._run("list_devices", on_done=self.devices_known.emit)

    def verify_model(self, model: str) -> None:
        """Compare a model's weights with their SHA-256."""
        self._run("verify_model", model, on_done=lambda m: self.model_changed.emit(m, "verify"))

    def import_model(self, file: Path, model: str) -> None:
        """Take a downloaded checkpoint as a model's weights."""
        done: Callable[[Any], None] = lambda m: self.model_changed.emit(m, "import")  # noqa: E731
        self._run("import_model", file, model, on_done=done)

    def remove_model(self, model: str) -> None:
        """Delete weights the user added."""
        self._run("remove_model", model, on_done=lambda m: self.model_changed.emit(m, "remove"))

    def clear_cache(self) -> None:
        """Remove all cached results that no open window works on."""
        self._run("clear_cache", on_done=self.cache_known.emit)

    def _apply_keys(self) -> None:
        wanted = self.preferences
        self.keys = bindings(DEFAULT_KEYS, wanted.preset, wanted.shortcuts)
        for spec in ACTIONS:
            if spec.id in self._actions:
                set_keys(self._actions[spec.id], spec, self.keys[spec.id])
        self.keys_changed.emit()

    def _run(self, name: str, *arguments: Any, on_done: Callable[[Any], None]) -> None:
        handlers = JobHandlers(on_done, self.refused.emit)
        self._controller.jobs.run(name, *arguments, handlers=handlers)


def _raise(widget: QWidget) -> None:
    widget.show()
    widget.raise_()
    widget.activateWindow()
