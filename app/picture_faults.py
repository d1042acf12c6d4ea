"""When the user is told of a doubt: faults of the picture, lips that hardly fit the voice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from fractions import Fraction

SHARE = Fraction(3, 10)
"""A fault of the picture is told when it holds for at least this part of the visible time."""
LEAST_SECONDS = 4
"""Agreement of lips and sound is judged from this much visible movement on."""
HARDLY = 0.1
"""Mean agreement below which the user is warned. On the 48 evaluation mixtures no person with clear
lips and their own voice lies below it (0 of 34, most of them judged over 2 or 3 s; the least 0.15),
but 4 of 15 whose lips hardly fit their own sound do; 10 of 16 wrong faces that moved for
`LEAST_SECONDS` are caught. At 0.15 it would be one wrong face more, and 8 of those 15."""
TOLD = ("small", "profile", "blurred", "dark", "covered")
"""The faults that are told, as `vision.types.SecondQuality.warnings` calls them."""


def frequent_faults(seconds: Sequence[Collection[str]]) -> list[tuple[str, int, int]]:
    """Faults that hold for a good part of the visible seconds: (fault, seconds with it, all).

    ``seconds`` gives the faults of each visible second.
    """
    counts = Counter(fault for faults in seconds for fault in set(faults))
    return [
        (fault, counts[fault], len(seconds))
        for fault in TOLD
        if counts[fault] and counts[fault] >= SHARE * len(seconds)
    ]
