"""The verbs of exporting: settings as edits, the plan of files, and the export itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal

from app.edits import Edits, ExportSettings
from app.errors import AppError
from app.export.naming import FIELDS, file_name
from app.gui.controller import Controller
from app.gui.export import ExportOrder
from app.gui.told import told
from app.outputs import Output, check_folder, check_formats, names_of
from app.shape import REST, Shaping, shaping_of

_SETTLE_MS = 150
"""Names look at the disk, so they are made once after a burst of changes."""


@dataclass(frozen=True)
class Plan:
    """What an export would write now."""

    outputs: tuple[Output, ...] = ()
    hindrance: str = ""
    """Why nothing can be written; "" when it can."""
    compute_first: bool = False
    """Voices, or the sound of their handles, must be computed before."""


class ExportControl(QObject):
    """Exports what the settings in `Edits.export` ask for."""

    planned = Signal(object)
    """`Plan`, whenever it may have changed."""
    settings_changed = Signal(object)
    """`ExportSettings`."""
    exported = Signal(object)
    """`app.delivery_job.Delivery`."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(controller)
        self._controller = controller
        self._waiting = False
        self.shaping: Callable[[], Shaping | None] = self._shaping
        """Gives how voices are shaped; replaced by whoever knows the faces too."""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(_SETTLE_MS)
        self._settle.timeout.connect(self.refresh)
        controller.edits_changed.connect(self._on_edits)
        controller.clip_changed.connect(self._on_clip)
        for signal in (
            controller.scene_changed,
            controller.selection_changed,
            controller.range_changed,
            controller.voices_changed,
        ):
            signal.connect(self._settle.start)
        controller.job_started.connect(lambda _title: self.refresh())
        controller.job_ended.connect(self._on_job_ended)
        controller.exported.connect(self._on_exported)

    @property
    def settings(self) -> ExportSettings:
        """The editor's decisions about exports."""
        return self._controller.session.edits.export

    def change(self, settings: ExportSettings) -> None:
        """Take other settings, as an editing act."""
        session = self._controller.session
        if session.clip is not None:
            self._controller.edit(
                self.tr("Change export"),
                lambda: setattr(session, "edits", replace(session.edits, export=settings)),
            )

    def plan(self, settings: ExportSettings | None = None) -> Plan:
        """What would be written with these settings, or with those of the clip."""
        session = self._controller.session
        settings = settings or self.settings
        clip = session.clip
        if clip is None:
            return Plan(hindrance=self.tr("Open a clip first."))
        singers = {card.id: card.name for card in session.cards()}
        if not singers:
            return Plan(hindrance=self.tr("Choose a singer first."))
        try:
            file_name(settings.name, dict.fromkeys(FIELDS, "x"), "")
            outputs = names_of(
                clip.path, clip.info, singers, settings, session.range[0], clip.video_suffix
            )
            check_formats(clip.audio, outputs, settings)
            check_folder(outputs[0].path.parent, may_be_made=True)
        except AppError as error:
            return Plan(hindrance=told(str(error)))
        except IndexError:
            return Plan(hindrance=self.tr("Nothing is chosen to be written."))
        return Plan(tuple(outputs), "", bool(session.missing()))

    def refresh(self) -> None:
        """Tell the plan."""
        self.planned.emit(self.plan())

    def preview(self, settings: ExportSettings) -> None:
        """Tell the plan of settings that are still being typed."""
        self.planned.emit(self.plan(settings))

    def export_now(self) -> None:
        """Write the files; voices that are missing are computed first."""
        session, plan = self._controller.session, self.plan()
        if self._controller.busy:
            return
        if plan.hindrance:
            self._controller.problem.emit(plan.hindrance)
        elif plan.compute_first:
            self._waiting = session.can_isolate()
            self._controller.isolate()
        else:
            self._controller.export(self._order(plan))

    def _order(self, plan: Plan) -> ExportOrder:
        session = self._controller.session
        mix = session.edits.mix
        levels = {}
        if self.settings.mixer:
            levels = {lane: mix[lane].gain_db for lane in (*session.selected, REST) if lane in mix}
        shaping = self.shaping()
        assert shaping is not None, "there is a clip"
        voices = {
            card.id: file for card, file in zip(session.cards(), session.files(), strict=True)
        }
        return ExportOrder(plan.outputs, self.settings, voices, session.span(), shaping, levels)

    def _shaping(self) -> Shaping | None:
        session = self._controller.session
        if session.clip is None:
            return None
        audio = session.clip.audio
        return shaping_of(session.edits, audio.sample_rate, audio.samples)

    def _on_edits(self, before: Edits, after: Edits, _act: str) -> None:
        if before.export != after.export:
            self.settings_changed.emit(after.export)
        if before != after:
            self._settle.start()

    def _on_clip(self) -> None:
        self._waiting = False
        self.settings_changed.emit(self.settings)
        self.refresh()

    def _on_job_ended(self) -> None:
        if self._waiting:
            self._waiting = False
            # After the handlers of the job that has just ended.
            QTimer.singleShot(0, self._go_on)
        self._settle.start()

    def _go_on(self) -> None:
        if self._controller.session.can_export():
            self.export_now()

    def _on_exported(self, delivery: object) -> None:
        self.exported.emit(delivery)
        self.refresh()
