"""What the preferences say about computing, for the engine's jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.preferences import current

if TYPE_CHECKING:
    from app.isolation import IsolateOptions


def preferred_options() -> IsolateOptions:
    """Options with the device and precision in use; the best device where that one is gone."""
    from app.isolation import IsolateOptions
    from audio_models.device import device_or_best

    wanted = current()
    device = device_or_best(wanted.device).torch_device.type
    return IsolateOptions(device=device, precision=wanted.precision)
