"""The window: puts the widgets together and hands signals on; decides nothing itself."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSizePolicy,
    QToolBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from app.gui import dialogs
from app.gui.action_build import build_actions, fill_menus, refresh_icons
from app.gui.anchor_control import AnchorControl
from app.gui.banner import Banner
from app.gui.control_keys import ControlKeys
from app.gui.controller import Controller
from app.gui.export_control import ExportControl
from app.gui.export_panel import ExportPanel
from app.gui.file_drop import FileDrop
from app.gui.frame_feed import Picture
from app.gui.guidance import enabled_actions, exported_text, next_step, singers_hint
from app.gui.hear_control import HearControl, HoldKey
from app.gui.history_control import HistoryControl
from app.gui.job_bar import JobBar
from app.gui.main_split import MainSplit
from app.gui.mix_control import MixControl
from app.gui.mixer_panel import MixerPanel
from app.gui.offer_bar import OfferBar
from app.gui.people_control import PeopleControl
from app.gui.people_view import PeopleView
from app.gui.preferences_control import PreferencesControl
from app.gui.project_control import ProjectControl
from app.gui.queue_control import QueueControl
from app.gui.queue_panel import QueuePanel
from app.gui.recent_menu import RecentMenu
from app.gui.result_recall import ResultRecall
from app.gui.shape_panel import ShapePanel
from app.gui.side_tabs import SideTabs
from app.gui.singers_panel import SingersPanel
from app.gui.timeline import Timeline
from app.gui.timeline_control import TimelineControl
from app.gui.told import told
from app.gui.transport_bar import TransportBar
from app.gui.video_canvas import VideoCanvas
from app.gui.window_memory import recall_window, remember_window

if TYPE_CHECKING:
    from app.delivery_job import Delivery


class MainWindow(QMainWindow):
    """One clip, its singers, its sound."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("main_window")
        self.setWindowTitle("Solovox")
        self.resize(1280, 800)
        self.controller = Controller(self)
        self.history = HistoryControl(self.controller)
        self.people = PeopleControl(self.controller)
        self.export = ExportControl(self.controller)
        self.lanes = TimelineControl(self.controller)
        self.hear = HearControl(self.controller)
        self.mix = MixControl(self.controller)
        self.anchors = AnchorControl(self.controller)
        self.export.shaping = self.mix.shaping
        self.preferences = PreferencesControl(self.controller, self)
        self.banner = Banner(self)
        self.offers = OfferBar(self)
        self.recall = ResultRecall(self.controller)
        self.queue = QueueControl(self.controller)
        self.project = ProjectControl(self.controller, self.history, self.offers, self)
        own = (self.history, self.people, self.export, self.lanes, self.hear, self.preferences)
        more = (self.anchors, self.project, self.queue)
        self.named_actions = actions = build_actions(self, self, self.controller, *own, *more)
        self.singers = SingersPanel(self.named_actions, self)
        self.canvas = VideoCanvas(self)
        self.people_view = PeopleView(
            self.people, self.canvas, self.singers, self.lanes, actions["draw_face"]
        )
        self.transport = TransportBar(self.named_actions, self)
        self.timeline = Timeline(self.named_actions, self.lanes.spectrogram, self)
        self.job_bar = JobBar(self)
        self.queue_panel = QueuePanel(self.queue, self)
        self.mixer = MixerPanel(self.controller, self.mix, self)
        self.shape = ShapePanel(self.controller, self.mix, self.anchors, self)
        self.side_tabs = SideTabs(self)
        self.side_tabs.add_panel(self.mixer, self.tr("Mixer"))
        self.side_tabs.add_panel(self.shape, self.tr("Shape"))
        self.export_panel = ExportPanel(self)
        self.side_tabs.add_panel(self.export_panel, self.tr("Export"))
        self.device_badge = _badge("device_badge", self)
        self.sound_badge = _badge("sound_badge", self)
        self._picture: Picture | None = None
        self._compose()
        for name in ("side_tabs", "scrub_sound"):
            self.named_actions[name].setChecked(True)
        self._connect()
        self.preferences.take_actions(self.named_actions)
        self._on_clip_changed()
        self._control_keys = ControlKeys(self)
        FileDrop(self, self.take)
        recall_window(self)

    def show_side_tabs(self, shown: bool) -> None:
        """Show the right column, or leave its place to the picture."""
        self.side_tabs.setVisible(shown)

    def ask_open(self) -> None:
        """Let the user pick a clip or a project; several clips go into the queue."""
        self.take(dialogs.ask_clips(self))

    def ask_queue(self) -> None:
        """Let the user pick clips for the queue."""
        self.queue.add(dialogs.ask_clips(self))

    def take(self, paths: list[Path]) -> None:
        """Open one file; several, and folders, go into the queue."""
        if len(paths) == 1 and not paths[0].is_dir():
            self.open(paths[0])
        elif paths:
            self.queue.add(paths)

    def _on_empty_canvas_activated(self) -> None:
        # A clip whose first picture is still to come is no invitation to choose another.
        if self.controller.session.clip is None:
            self.ask_open()

    def open(self, path: Path) -> None:
        """Open a clip or a project."""
        self.banner.hide()
        self.project.open(path)

    def show_export(self) -> None:
        """Bring the Export tab to the front."""
        self.named_actions["side_tabs"].setChecked(True)
        self.side_tabs.show_panel(self.export_panel)
        self.export_panel.button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def ask_export_folder(self) -> None:
        """Let the user say where exported files go."""
        clip = self.controller.session.clip
        folder = dialogs.ask_folder(self, clip.path.parent if clip is not None else Path.home())
        if folder is not None:
            self.export_panel.set_folder(folder)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._control_keys.stop()
        remember_window(self)
        self.project.close()
        self.queue.close()
        self.controller.close()
        event.accept()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange and hasattr(self, "timeline"):
            refresh_icons(self.named_actions)
            self.transport.set_playing(self.controller.player.playing)
            self.people_view.show_people()
            self.timeline.refresh_theme()
            self.lanes.show_rows()
            self.mixer.refresh_theme()
        super().changeEvent(event)

    def _compose(self) -> None:
        fill_menus(self.menuBar(), self.named_actions)
        recent = RecentMenu(self.project.recent, self.open, self)
        recent.place(self.menuBar(), after=self.named_actions["open"])
        bar = QToolBar(self.tr("Tools"), self)
        bar.setObjectName("tool_bar")
        bar.setMovable(False)
        bar.setIconSize(QSize(18, 18))
        bar.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        bar.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        for name in ("open", "find", "isolate", "compare", "export"):
            bar.addAction(self.named_actions[name])
            button = bar.widgetForAction(self.named_actions[name])
            assert isinstance(button, QToolButton)
            button.setObjectName(f"button_{name}")
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setProperty("primary", name == "isolate")
            if name in ("open", "compare"):
                bar.addSeparator()
        badges = QWidget(bar)
        badges.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(badges)
        row.setContentsMargins(0, 0, 0, 0)
        row.addStretch(1)
        row.addWidget(self.sound_badge)
        row.addWidget(self.device_badge)
        bar.addWidget(badges)
        self.addToolBar(bar)

        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.banner)
        right.addWidget(self.offers)
        right.addWidget(self.canvas, 1)
        upper = QWidget(self)
        across = QHBoxLayout(upper)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(0)
        across.addWidget(self.singers)
        across.addLayout(right, 1)
        across.addWidget(self.side_tabs)
        lower = QWidget(self)
        below = QVBoxLayout(lower)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(0)
        below.addWidget(self.transport)
        below.addWidget(self.timeline, 1)
        body = QWidget(self)
        rows = QVBoxLayout(body)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        rows.addWidget(MainSplit(upper, lower, self), 1)
        rows.addWidget(self.job_bar)
        rows.addWidget(self.queue_panel)
        self.setCentralWidget(body)
        self.setTabOrder(self.canvas, self.singers.list)

    def _connect(self) -> None:
        control, player = self.controller, self.controller.player
        control.clip_changed.connect(self._on_clip_changed)
        control.scene_changed.connect(self._on_scene_changed)
        control.selection_changed.connect(self._on_selection_changed)
        control.range_changed.connect(self._on_range_changed)
        control.voices_changed.connect(self._show_state)
        control.heard_changed.connect(self._show_heard)
        control.job_started.connect(self._on_job_started)
        control.job_progressed.connect(self.job_bar.show_progress)
        control.job_ended.connect(self._on_job_ended)
        control.problem.connect(self.banner.show_problem)
        control.remark.connect(self.banner.show_remark)
        export = self.export
        export.exported.connect(self._on_exported)
        export.planned.connect(lambda plan: self.export_panel.show_plan(plan, bool(control.busy)))
        export.settings_changed.connect(self.export_panel.show_settings)
        export.settings_changed.connect(lambda _settings: self._show_state())
        self.export_panel.changed.connect(export.change)
        self.export_panel.typed.connect(export.preview)
        self.export_panel.export_asked.connect(export.export_now)
        self.export_panel.folder_asked.connect(self.ask_export_folder)
        control.device_known.connect(self._show_device)
        self.queue.shown.connect(self.named_actions["queue"].setChecked)
        self.queue_panel.open_asked.connect(self.open)
        self.queue_panel.add_asked.connect(self.ask_queue)
        self.project.title_changed.connect(self._show_title)
        self.project.saved.connect(self._on_saved)
        self.history.show_in(self.named_actions["undo"], self.named_actions["redo"])
        player.picture_shown.connect(self._on_picture)
        player.moved.connect(self._on_moved)
        player.playing_changed.connect(self.transport.set_playing)
        player.speed_changed.connect(self.transport.set_speed)
        HoldKey(self.named_actions["compare"])
        control.isolated_changed.connect(self.named_actions["compare"].setChecked)
        player.output_changed.connect(self._show_output)
        self.canvas.resized.connect(player.set_view)
        self.canvas.activated.connect(self._on_empty_canvas_activated)
        self.lanes.show_in(self.timeline)
        self.lanes.timecode_passed.connect(self.transport.set_timecode)
        self.timeline.seek_asked.connect(self.hear.scrub)
        self.job_bar.cancel_asked.connect(control.cancel)

    def _on_clip_changed(self) -> None:
        clip = self.controller.session.clip
        if clip is None:
            self.transport.set_duration(None)
        else:
            self.export_panel.finished.clear()
            # Space plays from here on, whichever button was pressed last.
            self.canvas.setFocus()
        self._picture = None
        self.canvas.show_picture(None, 0.0)
        self._on_range_changed()
        self._on_scene_changed()

    def _on_scene_changed(self) -> None:
        session = self.controller.session
        self.canvas.set_scene(session.scene, self._picture_time())
        self._on_selection_changed()

    def _on_selection_changed(self) -> None:
        session = self.controller.session
        self.canvas.set_selected(session.selected)
        self.singers.set_selected(session.selected)
        self._show_state()

    def _on_range_changed(self) -> None:
        session = self.controller.session
        start, stop = session.range
        self.timeline.set_range(start, stop)
        if session.clip is not None:
            self.transport.set_duration(self._clip_time(session.clip.last))
            whole = session.range == (0, session.clip.audio.samples)
            self.transport.set_range(self._clip_time(start), self._clip_time(stop), whole)
        self._show_state()

    def _on_picture(self, picture: Picture) -> None:
        self._picture = picture
        self.canvas.show_picture(picture.image, float(picture.time))

    def _on_moved(self, sample: int) -> None:
        self.timeline.set_position(sample)
        self.transport.set_position(self._clip_time(sample))

    def _on_job_started(self, title: str) -> None:
        self.job_bar.show_busy(title)
        if self.controller.busy == "isolate":
            self.banner.hide()
            self.named_actions["compare"].setChecked(True)
        self._show_state()

    def _on_job_ended(self) -> None:
        self._show_state()

    def _on_exported(self, delivery: Delivery) -> None:
        self.export_panel.finished.add(delivery)
        self.named_actions["side_tabs"].setChecked(True)
        self.side_tabs.show_panel(self.export_panel)
        self.banner.show_notice(exported_text(delivery), str(delivery.outputs[0].path.parent))

    def _on_saved(self, path: Path) -> None:
        self.banner.show_notice(self.tr("Saved {name}.").format(name=path.name), str(path.parent))

    def _show_title(self, name: str, dirty: bool) -> None:
        self.setWindowTitle(f"{name}[*] — Solovox")
        self.setWindowModified(dirty)

    def _show_state(self) -> None:
        """Enable what can be done now and say what to do next."""
        session, busy = self.controller.session, bool(self.controller.busy)
        for name, possible in enabled_actions(session, busy).items():
            self.named_actions[name].setEnabled(possible)
        self.singers.set_hint(singers_hint(session, busy))
        if not busy:
            self.job_bar.show_hint(next_step(session))

    def _show_heard(self) -> None:
        """Say in the picture which of the two is heard, once there are two."""
        control = self.controller
        if not control.session.heard_voices():
            self.canvas.set_heard("")
        elif not control.isolated:
            self.canvas.set_heard(self.tr("Original"))
        elif control.player.isolated_here:
            self.canvas.set_heard(self.tr("Isolated"))
        else:
            self.canvas.set_heard(self.tr("Original – not isolated here yet"))

    def _show_device(self, description: str) -> None:
        self.device_badge.setText(told(description))
        self.device_badge.setToolTip(self.tr("Voices are computed on this device"))
        self.device_badge.setVisible(True)

    def _show_output(self, name: str) -> None:
        self.sound_badge.setText(name or self.tr("No sound device"))
        tip = self.tr("Sound goes to this device")
        silent = self.tr("There is no sound device, so the clip plays silently")
        self.sound_badge.setToolTip(tip if name else silent)
        self.sound_badge.setVisible(not name)

    def _clip_time(self, sample: int) -> Fraction:
        clip = self.controller.session.clip
        assert clip is not None
        return Fraction(sample - clip.first, clip.audio.sample_rate)

    def _picture_time(self) -> float:
        return float(self._picture.time) if self._picture is not None else 0.0


def _badge(name: str, parent: QWidget) -> QLabel:
    badge = QLabel(parent)
    badge.setObjectName(name)
    badge.hide()
    return badge
