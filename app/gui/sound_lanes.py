"""Which lanes the clip has: the original, and the voices of the chosen singers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor

from app.gui.session import Session
from app.gui.theme import current_tone, panel_singer_colour
from app.gui.waveform_view import SoundLane


def sound_lanes(session: Session, original: NDArray[np.float32]) -> list[SoundLane]:
    """Make the lanes; ``original`` is the envelope of the clip's sound, empty until it is known."""
    if session.clip is None:
        return []
    samples = session.clip.audio.samples
    name = QCoreApplication.translate("SoundLanes", "Original")
    wave = QColor(current_tone().wave)
    lanes = [SoundLane(name, wave, original, 0, samples, samples)]
    for card in session.scene.singers:
        voice = session.voices.get(card.id)
        if voice is not None and card.id in session.selected:
            colour = panel_singer_colour(card.colour)
            lanes.append(
                SoundLane(card.name, colour, voice.peaks, voice.start, voice.stop, voice.ready)
            )
    return lanes
