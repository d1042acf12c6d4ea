"""What models are called and licensed under, in the user's language.

The registry knows no Qt and speaks English; a test compares its words with these.
"""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.gui.action_spec import QT_TRANSLATE_NOOP

TEXTS = (
    QT_TRANSLATE_NOOP("Models", "Y-Net, landmarks"),
    QT_TRANSLATE_NOOP("Models", "Y-Net, landmarks, trained on duets"),
    QT_TRANSLATE_NOOP("Models", "Y-Net, mouth video"),
    QT_TRANSLATE_NOOP("Models", "Y-Net, mouth video, trained on duets"),
    QT_TRANSLATE_NOOP("Models", "U-Net of Jansson et al., six levels"),
    QT_TRANSLATE_NOOP("Models", "U-Net of Jansson et al., five levels"),
    QT_TRANSLATE_NOOP("Models", "U-Net of Jansson et al., four levels"),
    QT_TRANSLATE_NOOP("Models", "U-Net of Jansson et al., three levels"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TDF blocks, 17"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TDC blocks, 17"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TFC blocks, 17"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TFC-TDF blocks, 17"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TFC-TDF blocks, 7"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TFC-TDF blocks, 9, 4096 points"),
    QT_TRANSLATE_NOOP("Models", "U-Net of TDC-RNN blocks, 17"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M1: direct, mono"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M2: difference, mono"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M3: with context, mono"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M4: with context, stereo"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M5: learnt upsampling"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M6: four sources"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M7: 8192 Hz, mono"),
    QT_TRANSLATE_NOOP("Models", "Wave-U-Net M5 at 44.1 kHz"),
    QT_TRANSLATE_NOOP("Models", "CNN mask (experimental)"),
    QT_TRANSLATE_NOOP("Models", "CNN mask, ResNet-18 (experimental)"),
    QT_TRANSLATE_NOOP("Models", "none stated by the authors; the user downloads the weights"),
    QT_TRANSLATE_NOOP("Models", "trained by the user"),
)
NAMES = ("Solovox", "MIT")
"""The same in every language."""


def of_model(text: str) -> str:
    """A title or licence of the registry in the user's language."""
    return QCoreApplication.translate("Models", text)
