"""Y-Net at work on a clip: reads imported weights and answers the driver's chunks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from audio_models.base import Chunk, FaceInput
from audio_models.errors import ModelError
from audio_models.official import ynet_from_tensors
from audio_models.registry import Check, Starter
from audio_models.stft import istft
from audio_models.video_net import mouth_input
from audio_models.ynet import SOURCES, TIME_FACTOR, YNet, mask_of

LEVEL_RANGE = 0.1
"""A chunk is brought to peak 1, but a quiet one is not raised more than this against the loudest
so far: 20 dB."""
_SILENCE = 1e-6


def build(weights: Path, device: torch.device, channels_last: bool) -> Starter:
    """Read weights that ``store.add_model`` wrote.

    Raises:
        ModelError: the file cannot be read or does not fit.
    """
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        tensors = load_file(str(weights))
    except (OSError, SafetensorError) as error:
        raise ModelError(f"The weights {weights} cannot be read; add the model again.") from error
    network = ynet_from_tensors(tensors, weights)
    if channels_last:
        network.use_channels_last()
    network = network.to(device)
    return lambda faces, check: YNetEstimator(network, check)


class YNetEstimator:
    """Masks for each face by itself; the part of the network that only hears runs once.

    Y-Net is not indifferent to level: its training sources have their peak at 1 in each 4 s, and
    its authors' demonstration brings a whole track to peak 1. A stream's peak is not known in
    advance, so each chunk is brought to peak 1, a quiet one at most 20 dB above the loudest so far.
    """

    def __init__(self, network: YNet, check: Check) -> None:
        self._network, self._check = network, check
        self._loudest = _SILENCE

    def masks(self, chunk: Chunk) -> Tensor:
        """(faces, 512, T) complex64."""
        spectrum = chunk.spectrum.unsqueeze(0)
        peak = float(istft(spectrum, chunk.samples).abs().max())
        loudest = max(self._loudest, peak)
        level = max(peak, LEVEL_RANGE * loudest)
        hidden, skips = self._network.encode(spectrum / (SOURCES * level), self._check)
        masks = []
        for face in chunk.faces:
            picture = self._picture(face, spectrum.device)
            steps = spectrum.shape[-1] // TIME_FACTOR
            visual = self._network.features(picture, steps, self._check)
            logits = self._network.decode(hidden, skips, visual, self._check)
            masks.append(mask_of(logits)[0])
        self._loudest = loudest
        return torch.stack(masks)

    def _picture(self, face: FaceInput, device: torch.device) -> Tensor:
        """The face as the network was trained: whole pixels, zeros where there is no face."""
        if self._network.visual == "graph":
            marks = np.where(face.valid[:, None, None], np.trunc(face.landmarks[:]), 0.0)
            picture = torch.from_numpy(marks.astype(np.float32)).permute(2, 0, 1)
            return picture.unsqueeze(0).to(device)
        if face.mouth is None:
            raise ModelError("This model needs the mouth video; scan the faces for it first.")
        images = np.where(face.valid[:, None, None, None], face.mouth, np.uint8(0))
        return mouth_input(torch.from_numpy(images).to(device))
