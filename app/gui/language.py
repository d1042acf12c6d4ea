"""The language of the window: English is in the source, others are compiled translations."""

from __future__ import annotations

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from app.paths import RESOURCES

TRANSLATIONS = RESOURCES / "translations"


def set_language(application: QApplication, language: str) -> QLocale:
    """Speak ``language`` from the next window on; ``system`` asks the system, in its order.

    Numbers and sizes follow, and so does the direction of the layout. Returns the locale in use.
    """
    locale = _locale(language)
    QLocale.setDefault(locale)
    for translator in application.findChildren(QTranslator, "solovox"):
        application.removeTranslator(translator)
        translator.deleteLater()
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    for name, place in (("qtbase_", folder), ("solovox_", str(TRANSLATIONS))):
        translator = QTranslator(application)
        translator.setObjectName("solovox")
        if locale.language() != QLocale.Language.English and translator.load(
            name + locale.name(), place
        ):
            application.installTranslator(translator)
    application.setLayoutDirection(locale.textDirection())
    return locale


def _locale(language: str) -> QLocale:
    """The language to speak: the wanted one, or the first of the system's that there is."""
    if language != "system":
        return QLocale(language)
    system = QLocale.system()
    for wanted in system.uiLanguages():
        code = wanted.replace("-", "_").split("_")[0]
        if code == "en":
            break
        if (TRANSLATIONS / f"solovox_{code}.qm").is_file():
            return system if system.name().startswith(code) else QLocale(wanted)
    return QLocale("en")
