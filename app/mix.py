"""Which lanes are heard and how loud: solo, mute and gain of the mixer, and the A/B switch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from app.edits import Edits, LaneMix
from app.shape import REST, gain, room_gain

ORIGINAL = "original"
"""Name of the lane that holds the clip's own sound."""


@dataclass(frozen=True)
class Heard:
    """Factors of the lanes; what is absent is silent."""

    isolated: bool = False
    """The mix of the lanes is heard; else the original."""
    original: float = 1.0
    """Factor of the original where it is heard instead of the mix."""
    lanes: Mapping[str, float] = field(default_factory=dict)
    """Lane -> factor in the mix."""


def heard(edits: Edits, isolated: bool) -> Heard:
    """Work out what is heard.

    The mix is the chosen singers with the rest under them. Lanes switched to solo are heard
    alone; the original belongs to the mix only then. A rest whose level is off is at full level
    in its solo: whoever asks for it alone wants to hear what was taken away.
    """
    lanes = (*edits.selected, REST, ORIGINAL)
    mixes = {lane: edits.mix.get(lane, LaneMix()) for lane in lanes}
    solo = {lane for lane in lanes if mixes[lane].solo}
    factors = {lane: gain(mixes[lane].gain_db) for lane in lanes}
    factors[REST] = room_gain(edits.shape) or float(REST in solo)
    on = solo or {*edits.selected, REST}
    return Heard(
        isolated=isolated,
        original=0.0 if mixes[ORIGINAL].mute else factors[ORIGINAL],
        lanes={lane: factors[lane] for lane in lanes if lane in on and not mixes[lane].mute},
    )


def with_lane(edits: Edits, lane: str, mix: LaneMix) -> Edits:
    """Give the decisions with another mix of one lane; a lane as it was at first isn't kept."""
    mixes = {name: kept for name, kept in edits.mix.items() if name != lane}
    if mix != LaneMix():
        mixes[lane] = mix
    return replace(edits, mix=mixes)
