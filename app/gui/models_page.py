"""The models: what each is, whether its weights are whole, importing and removing them."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from app.gui.model_texts import of_model
from app.gui.preferences_control import PreferencesControl
from app.gui.sizes import size_text
from app.models import ModelFacts

_ASK_S = 5
"""How long the second press that removes is waited for."""


class ModelsPage(QWidget):
    """A list of models and all about the chosen one."""

    def __init__(self, control: PreferencesControl, parent: QWidget) -> None:
        super().__init__(parent)
        self._control = control
        self._models: dict[str, ModelFacts] = {}
        self._busy = ""
        self.list = QListWidget(self)
        self.list.setObjectName("models_list")
        self.list.setAccessibleName(self.tr("Models"))
        self.list.setFixedHeight(150)
        self.about = QLabel(self)
        self.about.setObjectName("model_about")
        self.about.setWordWrap(True)
        self.card = QTextBrowser(self)
        self.card.setObjectName("model_card")
        self.card.setAccessibleName(self.tr("Model card"))
        self.card.setOpenLinks(False)
        self.verify = self._button("model_verify", self.tr("Verify"))
        self.take = self._button("model_import", self.tr("Import a file…"))
        self.remove = self._button("model_remove", self.tr("Remove"))
        self._asking = QTimer(self)
        self._asking.setSingleShot(True)
        self._asking.setInterval(1000 * _ASK_S)
        self._asking.timeout.connect(self._show)
        buttons = QHBoxLayout()
        for button in (self.verify, self.take, self.remove):
            buttons.addWidget(button)
        buttons.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.list)
        layout.addWidget(self.about)
        layout.addLayout(buttons)
        layout.addWidget(self.card, 1)
        self.list.currentRowChanged.connect(lambda _row: self._show())
        self.verify.clicked.connect(self._verify)
        self.take.clicked.connect(self._import)
        self.remove.clicked.connect(self._remove)
        control.models_known.connect(self._take_all)
        control.model_changed.connect(self._take_one)
        control.refused.connect(lambda _sentence: self._done())

    def chosen(self) -> ModelFacts | None:
        """The model that is shown."""
        item = self.list.currentItem()
        return self._models.get(str(item.data(256))) if item is not None else None

    def _take_all(self, models: list[ModelFacts]) -> None:
        row = max(0, self.list.currentRow())
        self._models = {model.id: model for model in models}
        self.list.blockSignals(True)
        self.list.clear()
        for model in models:
            item = QListWidgetItem(self._line(model), self.list)
            item.setData(256, model.id)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)
        self._show()

    def _take_one(self, model: ModelFacts, act: str) -> None:
        self._done()
        self._take_all([self._models[m] if m != model.id else model for m in self._models])
        if act == "verify" and model.state == "ready":
            self.about.setText(self.about.text() + "\n✓  " + self.tr("Its SHA-256 is right."))

    def _line(self, model: ModelFacts) -> str:
        return f"{self._mark(model)}  {of_model(model.title)} — {self._state(model)}"

    def _mark(self, model: ModelFacts) -> str:
        return {"ready": "✓", "missing": "○", "damaged": "⚠"}[model.state]

    def _state(self, model: ModelFacts) -> str:
        if model.state == "missing":
            return self.tr("no weights yet")
        if model.state == "damaged":
            return self.tr("damaged, import it again")
        if model.own:
            return self.tr("comes with Solovox, {size}").format(size=size_text(model.size_bytes))
        return self.tr("imported, {size}").format(size=size_text(model.size_bytes))

    def _show(self) -> None:
        model = self.chosen()
        self.remove.setText(self.tr("Remove"))
        for button in (self.verify, self.take, self.remove):
            button.setEnabled(False)
        if model is None:
            return
        lines = [self.tr("Licence: {licence}").format(licence=of_model(model.licence))]
        if model.sha256 is not None:
            lines.append(self.tr("SHA-256: {digest}").format(digest=model.sha256))
        if model.state == "missing" and model.published_name is not None:
            lines.append(
                self.tr(
                    "Download {name} from its authors, then import it here; it may not be passed "
                    "on with Solovox."
                ).format(name=model.published_name)
            )
        if self._busy:
            lines.append(self._busy)
        self.about.setText("\n".join(lines))
        if self.card.property("shown") != model.id:
            self.card.setMarkdown(model.card or self.tr("There is no card for this model."))
            self.card.setProperty("shown", model.id)
        if not self._busy:
            self.verify.setEnabled(model.state != "missing")
            self.take.setEnabled(model.state == "missing" and model.published_name is not None)
            self.remove.setEnabled(not model.own and model.state != "missing")

    def _verify(self) -> None:
        model = self.chosen()
        if model is not None:
            self._begin(self.tr("Reading the weights…"))
            self._control.verify_model(model.id)

    def _import(self) -> None:
        model = self.chosen()
        if model is None:
            return
        kinds = self.tr("Checkpoints") + " (*.pth *.pt *.ckpt *.tar);;"
        kinds += self.tr("All files") + " (*)"
        title = self.tr("Import the weights of {title}").format(title=of_model(model.title))
        name, _ = QFileDialog.getOpenFileName(self, title, "", kinds)
        if name:
            self._begin(self.tr("Importing…"))
            self._control.import_model(Path(name), model.id)

    def _remove(self) -> None:
        """Remove on the second press: the file has to be downloaded again afterwards."""
        model = self.chosen()
        if model is None:
            return
        if not self._asking.isActive():
            self.remove.setText(self.tr("Press again to remove"))
            self._asking.start()
            return
        self._asking.stop()
        self._begin(self.tr("Removing…"))
        self._control.remove_model(model.id)

    def _begin(self, text: str) -> None:
        self._busy = text
        self._show()

    def _done(self) -> None:
        self._busy = ""
        self._show()

    def _button(self, name: str, text: str) -> QPushButton:
        button = QPushButton(text, self)
        button.setObjectName(name)
        return button
