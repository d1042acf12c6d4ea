"""The models the program knows, as data; light to import, torch comes with the first model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from audio_models.base import SAMPLE_RATE, MaskEstimator
from audio_models.errors import ModelError

if TYPE_CHECKING:
    import torch

    from audio_models.sound_network import SoundNetwork

Check: TypeAlias = Callable[[], None]
Starter: TypeAlias = Callable[[int, Check], MaskEstimator]
"""Called once per clip with the number of faces and the cancel check of the job: gives an
estimator with new state. The estimator calls the check between its longer steps."""
Builder: TypeAlias = "Callable[[Path, torch.device, bool], Starter | SoundNetwork]"
"""Called once per load with the weights file, the device and whether to store convolutions
channels-last: reads the weights onto the device. Networks that only hear come as they are."""

DEFAULT_MODEL = "solovox"


@dataclass(frozen=True)
class ModelSpec:
    """One model: how it is built, what it needs and where it comes from."""

    id: str
    title: str
    needs: Literal["landmarks", "mouth", "nothing"]
    weights: str
    """File name, looked for in the program's and then in the user's folder."""
    licence: str
    card: str
    """Model card, a file in ``docs/models``."""
    build: Builder
    joint_by_sum: bool
    """The masks of several faces do not know of each other: divide each by their sum. Such a
    model treats every face by itself and may be given only some of them."""
    sha256: str | None = None
    """Of the weights file; None for files the user brings."""
    companions: tuple[tuple[str, str], ...] = ()
    """Further files the model needs beside its weights: name and SHA-256."""
    published_name: str | None = None
    """The file its authors publish, for models whose weights the user brings."""
    sample_rate: int = SAMPLE_RATE
    """Of the sound the model hears, Hz."""
    largest_chunk_s: int = 12
    """Longest chunk worth giving, a multiple of 4 s."""
    trained_here: bool = False
    """Its weights are made by the user with ``train``; the program brings none."""


@dataclass(frozen=True)
class LoadedModel:
    """Weights in memory, ready to work on any number of clips."""

    spec: ModelSpec
    device: torch.device
    bf16: bool
    """True where the device gains from bfloat16."""
    starter: Starter | None = None
    """Of models that answer for faces with masks."""
    network: SoundNetwork | None = None
    """Of models that only hear."""
    on_cpu: Callable[[], LoadedModel] | None = None
    """Reads the same weights onto the CPU, for when another device stops working."""

    def start(self, faces: int, check: Check = lambda: None) -> MaskEstimator:
        """New state for a clip with this many faces."""
        if self.starter is None:
            raise ModelError(f"The model {self.spec.id} only hears; it takes no faces.")
        return self.starter(faces, check)


def _build_solovox(weights: Path, device: torch.device, channels_last: bool) -> Starter:
    from audio_models.solovox import build

    return build(weights, device, channels_last)


def _build_ynet(weights: Path, device: torch.device, channels_last: bool) -> Starter:
    from audio_models.ynet_estimator import build

    return build(weights, device, channels_last)


def _build_network(weights: Path, device: torch.device, channels_last: bool) -> SoundNetwork:
    from audio_models.networks import load_network

    return load_network(weights, device, channels_last)


def _ynet(variant: str, title: str, needs: Literal["landmarks", "mouth"]) -> ModelSpec:
    return ModelSpec(
        id=f"ynet-{variant}",
        title=title,
        needs=needs,
        weights=f"ynet-{variant}.safetensors",
        licence="none stated by the authors; the user downloads the weights",
        card="ynet.md",
        build=_build_ynet,
        joint_by_sum=True,
        published_name=f"y_net_{variant}7.pth",
        largest_chunk_s=12 if needs == "landmarks" else 8,
    )


def _sound(model_id: str, title: str, sample_rate: int) -> ModelSpec:
    return ModelSpec(
        id=model_id,
        title=title,
        needs="nothing",
        weights=f"{model_id}.safetensors",
        licence="trained by the user",
        card="networks.md",
        build=_build_network,
        joint_by_sum=False,
        sample_rate=sample_rate,
        trained_here=True,
    )


MODELS: tuple[ModelSpec, ...] = (
    ModelSpec(
        id=DEFAULT_MODEL,
        title="Solovox",
        needs="landmarks",
        weights="solovox-separator.safetensors",
        sha256="85dc7d29c1dd5cb6c9ca24a306b46ec903044e3d4d1a4003a8d0c67998ec41d8",
        companions=(
            (
                "solovox-bands.safetensors",
                "2068ef0d919376a564d8f626d0334e9d0e70497fd5872d63916c818a83fd36a5",
            ),
            (
                "solovox-lips.safetensors",
                "0db544d37d6dfde1a652e5a0cd33342e700984420dbbf154828f74254c0be275",
            ),
            (
                "solovox-speaker.safetensors",
                "f15c25c01fbcc4c2e54ca74d64ae5c03cc767021139e9b38113d9271b477fa84",
            ),
            (
                "solovox-fused.safetensors",
                "483c904141c0c9bb8d6a678a9d5ce74a72a589d3664383ab82e51db79da5fe91",
            ),
        ),
        licence="MIT",
        card="solovox.md",
        build=_build_solovox,
        joint_by_sum=False,
    ),
    _ynet("g", "Y-Net, landmarks", "landmarks"),
    _ynet("gr", "Y-Net, landmarks, trained on duets", "landmarks"),
    _ynet("m", "Y-Net, mouth video", "mouth"),
    _ynet("mr", "Y-Net, mouth video, trained on duets", "mouth"),
    _sound("unet-jansson", "U-Net of Jansson et al., six levels", 8192),
    _sound("unet-jansson-5", "U-Net of Jansson et al., five levels", 8192),
    _sound("unet-jansson-4", "U-Net of Jansson et al., four levels", 8192),
    _sound("unet-jansson-3", "U-Net of Jansson et al., three levels", 8192),
    _sound("tdf-unet", "U-Net of TDF blocks, 17", 44100),
    _sound("tdc-unet", "U-Net of TDC blocks, 17", 44100),
    _sound("tfc-unet", "U-Net of TFC blocks, 17", 44100),
    _sound("tfc-tdf-unet", "U-Net of TFC-TDF blocks, 17", 44100),
    _sound("tfc-tdf-unet-7", "U-Net of TFC-TDF blocks, 7", 44100),
    _sound("tfc-tdf-unet-large", "U-Net of TFC-TDF blocks, 9, 4096 points", 44100),
    _sound("tdc-rnn-unet", "U-Net of TDC-RNN blocks, 17", 44100),
    _sound("wave-unet-m1", "Wave-U-Net M1: direct, mono", 22050),
    _sound("wave-unet-m2", "Wave-U-Net M2: difference, mono", 22050),
    _sound("wave-unet-m3", "Wave-U-Net M3: with context, mono", 22050),
    _sound("wave-unet-m4", "Wave-U-Net M4: with context, stereo", 22050),
    _sound("wave-unet-m5", "Wave-U-Net M5: learnt upsampling", 22050),
    _sound("wave-unet-m6", "Wave-U-Net M6: four sources", 22050),
    _sound("wave-unet-m7", "Wave-U-Net M7: 8192 Hz, mono", 8192),
    _sound("wave-unet-m5-highsr", "Wave-U-Net M5 at 44.1 kHz", 44100),
    _sound("cnn-mask", "CNN mask (experimental)", 22050),
    _sound("cnn-mask-resnet18", "CNN mask, ResNet-18 (experimental)", 22050),
)


def find_model(model_id: str) -> ModelSpec:
    """The model with this id.

    Raises:
        ModelError: there is none.
    """
    for spec in MODELS:
        if spec.id == model_id:
            return spec
    known = ", ".join(spec.id for spec in MODELS)
    raise ModelError(f"There is no model called {model_id}; the models are {known}.")
