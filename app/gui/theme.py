"""Colours of the window: Fusion with an own dark and light palette, chosen by the system."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

from app.paths import RESOURCES

_SINGER_COLOURS = ("#56b4e9", "#e69f00", "#3fc58f", "#e0709f", "#f0e442", "#ff7f50")
"""Bright forms of the Okabe-Ito set, which stays apart with colour-blind eyes."""
_SINGER_COLOURS_ON_LIGHT = ("#0d6aa8", "#9a5b00", "#00704f", "#a8336c", "#6f6700", "#b23c00")
"""The same hues, dark enough for text on a light ground (contrast at least 4.5)."""
FIELD_MARGINS = (4, 0, 4, 0)
"""Around the text of number fields, whose padding style sheets don't reach."""


@dataclass(frozen=True)
class Tone:
    """One colour scheme."""

    window: str
    panel: str
    raised: str
    line: str
    text: str
    faint: str
    accent: str
    on_accent: str
    problem: str
    remark: str
    notice: str
    wave: str
    warn: str
    """Ink of warnings."""
    good: str
    bad: str


DARK = Tone(
    window="#1b1c1f",
    panel="#232529",
    raised="#2f3237",
    line="#3c4047",
    text="#e9eaec",
    faint="#a6abb3",
    accent="#5b9dff",
    on_accent="#0a1526",
    problem="#5a2328",
    remark="#4a3c17",
    notice="#1f3d2f",
    wave="#9aa2ae",
    warn="#f2bd62",
    good="#4fb783",
    bad="#ff8080",
)
LIGHT = Tone(
    window="#f2f3f5",
    panel="#ffffff",
    raised="#e6e8eb",
    line="#c9cdd3",
    text="#1c1e21",
    faint="#5a606a",
    accent="#1f6fe5",
    on_accent="#ffffff",
    problem="#fbdcdc",
    remark="#fbefcf",
    notice="#d9f2e3",
    wave="#5a6370",
    warn="#8a4b00",
    good="#156b45",
    bad="#c02626",
)


_chosen: list[Tone] = []
"""The scheme the user chose instead of the system's; empty for none."""


def current_tone() -> Tone:
    """Give the scheme in use; dark where the system doesn't say, as video tools are."""
    if _chosen:
        return _chosen[0]
    scheme = QGuiApplication.styleHints().colorScheme()
    return LIGHT if scheme == Qt.ColorScheme.Light else DARK


def singer_colour(index: int, on_light: bool = False) -> QColor:
    """Give the colour of the singer at this place in the list."""
    colours = _SINGER_COLOURS_ON_LIGHT if on_light else _SINGER_COLOURS
    return QColor(colours[index % len(colours)])


def panel_singer_colour(index: int) -> QColor:
    """Give the singer's colour for use on the window's own ground."""
    return singer_colour(index, on_light=current_tone() is LIGHT)


def apply_theme(application: QApplication) -> None:
    """Set style, palette and style sheet, and again whenever the system's scheme changes."""
    application.setStyle("Fusion")
    _paint(application)
    hints = QGuiApplication.styleHints()
    hints.colorSchemeChanged.connect(lambda _scheme: _paint(application))


def set_scheme(application: QApplication, scheme: str) -> None:
    """Use the ``dark`` or the ``light`` colours, or those of the ``system``."""
    _chosen[:] = {"dark": [DARK], "light": [LIGHT]}.get(scheme, [])
    _paint(application)


def _paint(application: QApplication) -> None:
    tone = current_tone()
    palette = QPalette()
    role = QPalette.ColorRole
    for which, colour in (
        (role.Window, tone.window),
        (role.Base, tone.panel),
        (role.AlternateBase, tone.raised),
        (role.Button, tone.raised),
        (role.ToolTipBase, tone.raised),
        (role.WindowText, tone.text),
        (role.Text, tone.text),
        (role.ButtonText, tone.text),
        (role.ToolTipText, tone.text),
        (role.PlaceholderText, tone.faint),
        (role.Highlight, tone.accent),
        (role.HighlightedText, tone.on_accent),
        (role.Link, tone.accent),
        (role.Mid, tone.line),
    ):
        palette.setColor(which, QColor(colour))
    for which in (role.WindowText, role.Text, role.ButtonText):
        faded = QColor(tone.text)
        faded.setAlphaF(0.42)
        palette.setColor(QPalette.ColorGroup.Disabled, which, faded)
    application.setPalette(palette)
    application.setStyleSheet(_sheet(tone))


def _sheet(tone: Tone) -> str:
    down, up = (
        (RESOURCES / "icons" / f"{way}_{'light' if tone is LIGHT else 'dark'}.svg").as_posix()
        for way in ("down", "up")
    )
    return f"""
    QMainWindow, QMenuBar {{ background: {tone.window}; color: {tone.text}; }}
    QMenuBar::item {{ padding: 4px 9px; background: transparent; border-radius: 4px; }}
    QMenuBar::item:selected {{ background: {tone.raised}; }}
    QToolBar {{ background: {tone.panel}; border: 0; border-bottom: 1px solid {tone.line};
        spacing: 6px; padding: 6px 10px; }}
    QToolBar::separator {{ width: 1px; background: {tone.line}; margin: 5px 5px; }}
    {_buttons()} {{ background: {tone.raised}; color: {tone.text};
        border: 1px solid transparent; border-radius: 6px; padding: 6px 12px; }}
    {_buttons(":hover")} {{ border-color: {tone.line}; }}
    {_buttons(":pressed")}, {_buttons(":checked")} {{ background: {tone.accent};
        color: {tone.on_accent}; }}
    {_buttons(":focus")} {{ border-color: {tone.accent}; }}
    {_buttons(":disabled")} {{ color: {tone.faint}; background: transparent; }}
    {_buttons('[flat="true"]')} {{ background: transparent; padding: 5px; }}
    {_buttons('[primary="true"]')} {{ background: {tone.accent}; color: {tone.on_accent};
        font-weight: 600; }}
    {_buttons('[primary="true"]:disabled')} {{ background: {tone.raised}; color: {tone.faint};
        font-weight: 600; }}
    {_buttons('[primary="true"]:focus')} {{ border-color: {tone.text}; }}
    QLabel#device_badge, QLabel#sound_badge {{ color: {tone.faint}; padding: 3px 9px;
        border: 1px solid {tone.line}; border-radius: 9px; }}
    QLabel[faint="true"] {{ color: {tone.faint}; }}
    QLabel[heading="true"] {{ font-weight: 600; }}
    QFrame#singers_panel, QFrame#transport_bar, QFrame#job_bar {{ background: {tone.panel}; }}
    QFrame#singers_panel {{ border-right: 1px solid {tone.line}; }}
    QFrame#timeline QToolButton[flat="true"] {{ padding: 2px; }}
    QScrollBar {{ background: {tone.window}; border: 0; margin: 0; }}
    QScrollBar:horizontal {{ height: 12px; }}
    QScrollBar:vertical {{ width: 12px; }}
    QScrollBar::handle {{ background: {tone.line}; border-radius: 4px; margin: 2px; }}
    QScrollBar::handle:horizontal {{ min-width: 28px; }}
    QScrollBar::handle:vertical {{ min-height: 28px; }}
    QScrollBar::handle:hover {{ background: {tone.faint}; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
    QSplitter#main_split::handle {{ background: {tone.panel};
        border-bottom: 1px solid {tone.line}; }}
    QSplitter#main_split::handle:hover {{ background: {tone.accent}; }}
    QFrame#same_person {{ background: {tone.raised}; border-radius: 8px; }}
    QFrame#same_person QToolButton {{ background: {tone.panel}; }}
    QFrame#transport_bar {{ border-top: 1px solid {tone.line}; }}
    QFrame#job_bar {{ border-top: 1px solid {tone.line}; }}
    QFrame#queue_panel {{ background: {tone.panel}; border-top: 1px solid {tone.line}; }}
    QTreeView {{ background: {tone.panel}; alternate-background-color: {tone.raised};
        border: 1px solid {tone.line}; outline: 0; }}
    QTreeView::item {{ padding: 4px 5px; }}
    QTreeView::item:selected {{ background: {tone.raised}; color: {tone.text}; }}
    QTreeView:focus {{ border: 1px solid {tone.accent}; }}
    QHeaderView::section {{ background: {tone.raised}; color: {tone.faint}; border: 0;
        padding: 3px 8px; }}
    QFrame#banner[kind="problem"] {{ background: {tone.problem}; }}
    QFrame#offer_bar {{ background: {tone.remark}; }}
    QFrame#banner[kind="remark"] {{ background: {tone.remark}; }}
    QFrame#banner[kind="notice"] {{ background: {tone.notice}; }}
    QTabWidget#side_tabs {{ background: {tone.panel}; }}
    QTabWidget#side_tabs::pane {{ border: 0; border-left: 1px solid {tone.line};
        background: {tone.panel}; }}
    QTabWidget#side_tabs QTabBar::tab {{ background: {tone.window}; color: {tone.faint};
        padding: 8px 14px; border: 0; border-bottom: 2px solid transparent; }}
    QTabWidget#side_tabs QTabBar::tab:selected {{ background: {tone.panel}; color: {tone.text};
        border-bottom-color: {tone.accent}; font-weight: 600; }}
    QTabWidget#side_tabs QTabBar::tab:focus {{ border-bottom-color: {tone.text}; }}
    QTabWidget#side_tabs QScrollArea, QFrame#mixer_panel, QFrame#export_panel,
        QFrame#shape_panel,
        QFrame#finished_files {{ background: {tone.panel}; }}
    QFrame#export_panel QCheckBox::indicator:unchecked,
        QFrame#shape_panel QCheckBox::indicator:unchecked {{ border: 1px solid {tone.faint};
        border-radius: 3px; background: {tone.window}; }}
    QFrame#export_panel QCheckBox::indicator:unchecked:focus,
        QFrame#shape_panel QCheckBox::indicator:unchecked:focus {{ border-color: {tone.accent}; }}
    QListWidget#finished_list {{ background: {tone.window}; border-radius: 6px; }}
    QListWidget#finished_list::item {{ padding: 2px 6px; }}
    QListWidget#finished_list::item:selected {{ background: {tone.accent};
        color: {tone.on_accent}; }}
    QLabel#export_preview {{ color: {tone.faint}; }}
    QLabel#export_preview[hindrance="true"] {{ background: {tone.remark}; color: {tone.text};
        border-radius: 4px; padding: 6px; }}
    QFrame[strip="true"] {{ border: 0; border-bottom: 1px solid {tone.line}; }}
    QToolButton[lane="true"] {{ background: {tone.raised}; color: {tone.text};
        border: 1px solid {tone.line}; border-radius: 4px; padding: 0; }}
    QToolButton[lane="true"]:checked {{ background: {tone.accent}; color: {tone.on_accent};
        border-color: {tone.accent}; font-weight: 700; }}
    QToolButton[lane="true"]:focus {{ border: 2px solid {tone.text}; }}
    QToolButton#advanced {{ background: transparent; border: 1px solid transparent;
        border-radius: 4px; padding: 3px 6px; font-weight: 600; }}
    QToolButton#advanced:focus {{ border-color: {tone.accent}; }}
    QWidget#preferences_window, QWidget#shortcut_sheet {{ background: {tone.window}; }}
    QListWidget#preferences_pages {{ border: 0; border-right: 1px solid {tone.line};
        padding: 10px 6px; }}
    QListWidget#preferences_pages::item {{ padding: 8px 10px; border-radius: 6px;
        border: 1px solid transparent; }}
    QListWidget#preferences_pages::item:focus {{ border-color: {tone.accent}; }}
    QListWidget#preferences_pages::item:selected, QListWidget#models_list::item:selected
        {{ background: {tone.raised}; color: {tone.text}; font-weight: 600; }}
    QListWidget#models_list::item {{ padding: 5px 8px; }}
    QListWidget#models_list, QTextBrowser#model_card, QTreeWidget#shortcut_table
        {{ background: {tone.panel}; border: 1px solid {tone.line}; border-radius: 6px; }}
    QListWidget#models_list:focus, QTextBrowser#model_card:focus,
        QTreeWidget#shortcut_table:focus {{ border-color: {tone.accent}; }}
    QScrollArea#shortcut_area, QScrollArea#shortcut_area > QWidget > QWidget
        {{ background: {tone.window}; border: 0; }}
    QTreeWidget#shortcut_table::item {{ padding: 3px 4px; }}
    QWidget#preferences_window QLineEdit {{ background: {tone.panel};
        border: 1px solid {tone.faint}; border-radius: 4px; padding: 4px 6px; }}
    QWidget#preferences_window QLineEdit:focus {{ border-color: {tone.accent}; }}
    QFrame#preferences_line {{ border: 0; background: {tone.line}; max-height: 1px; }}
    QLabel[problem="true"] {{ color: {tone.bad}; }}
    QListView {{ background: {tone.panel}; border: 1px solid transparent; outline: 0; }}
    QListView:focus {{ border: 1px solid {tone.accent}; }}
    QCheckBox {{ border: 1px solid transparent; border-radius: 4px; padding: 1px 3px; }}
    QCheckBox:focus {{ border-color: {tone.accent}; }}
    QComboBox {{ background: {tone.raised}; color: {tone.text}; border: 1px solid {tone.line};
        border-radius: 4px; padding: 3px 8px; }}
    QComboBox:focus {{ border-color: {tone.accent}; }}
    QComboBox:disabled {{ color: {tone.faint}; }}
    QComboBox::drop-down {{ border: 0; width: 22px; }}
    QComboBox::down-arrow {{ image: url("{down}"); width: 12px; height: 12px; }}
    {_spins()} {{ background: {tone.window}; color: {tone.text};
        border: 1px solid {tone.line}; border-radius: 4px; padding: 2px; }}
    {_spins(" QLineEdit")} {{ border: 0; padding: 0; background: transparent; }}
    {_spins(":focus")} {{ border-color: {tone.accent}; }}
    {_spins(":disabled")} {{ color: {tone.faint}; }}
    {_spins("::up-button")}, {_spins("::down-button")} {{ width: 18px; border: 0;
        background: transparent; }}
    {_spins("::up-arrow")} {{ image: url("{up}"); width: 10px; height: 10px; }}
    {_spins("::down-arrow")} {{ image: url("{down}"); width: 10px; height: 10px; }}
    QSlider {{ border: 1px solid transparent; border-radius: 4px; }}
    QSlider:focus {{ border-color: {tone.accent}; }}
    QProgressBar {{ background: {tone.raised}; border: 0; border-radius: 4px;
        max-height: 8px; min-height: 8px; }}
    QProgressBar::chunk {{ background: {tone.accent}; border-radius: 4px; }}
    QToolTip {{ background: {tone.raised}; color: {tone.text}; border: 1px solid {tone.line};
        padding: 4px; }}
    """


def _buttons(which: str = "") -> str:
    """Selector of the window's own buttons; those of file dialogs keep their looks."""
    places = (
        "QFrame#timeline QToolButton",
        "QToolBar QToolButton",
        "QFrame#singers_panel QToolButton",
        "QFrame#transport_bar QToolButton",
        "QFrame#job_bar QToolButton",
        "QFrame#banner QToolButton",
        "QFrame#export_panel QToolButton",
        "QPushButton#export_button",
        "QFrame#offer_bar QToolButton",
        "QFrame#queue_panel QToolButton",
        "QFrame#shape_panel QPushButton",
        "QWidget#preferences_window QPushButton",
    )
    return ", ".join(f"{place}{which}" for place in places)


def _spins(which: str = "") -> str:
    """Selector of number fields with arrows; those of faders have none."""
    places = (
        "QFrame#export_panel QDoubleSpinBox",
        "QFrame#shape_panel QSpinBox",
        "QWidget#preferences_window QSpinBox",
    )
    return ", ".join(f"{place}{which}" for place in places)
