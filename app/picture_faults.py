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
"""Mean agreement below which the user is warned. Seconds of a person with their own voice reach 0.6
to 0.9 where the lips can be read well, but 0.2 to 0.4 is common and the voice still theirs."""
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
