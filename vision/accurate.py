"""Optional landmarks of the face-alignment project: slower by two orders, follow the outline.

MediaPipe's mesh still follows the face and tells pose and presence; the Face Alignment Network
(FAN, Bulat and Tzimiropoulos, ICCV 2017) then places the 68 points.
"""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from vision.errors import VisionError
from vision.landmarks import FaceRegion, Landmarks, MeshLandmarker, crop_to_image

WEIGHTS_FILE = "2DFAN4-11f355bf06.pth.tar"
WEIGHTS_URL = f"https://www.adrianbulat.com/downloads/python-fan/{WEIGHTS_FILE}"


def weights_folder() -> Path:
    """Return the folder in which torch's hub, and so face-alignment, keeps weights."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return Path(os.environ.get("TORCH_HOME") or cache / "torch") / "hub" / "checkpoints"


def find_weights(path: Path | None = None) -> Path:
    """Return the FAN weights: ``path`` if given, else the file in `weights_folder`.

    Raises `VisionError` if the file isn't there; nothing is fetched.
    """
    wanted = path or weights_folder() / WEIGHTS_FILE
    if wanted.is_file():
        return wanted
    raise VisionError(
        f"The accurate landmarks need the file {wanted.name} in the folder {wanted.parent}; "
        "get it with the models landmarks command, or choose the mediapipe landmarks."
    )


def fetch_weights() -> Path:
    """Download the FAN weights (96 MB) into `weights_folder`; only on the user's request.

    Raises `VisionError` if the download fails.
    """
    import torch

    target = weights_folder() / WEIGHTS_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        # Writes to a temporary name and renames.
        torch.hub.download_url_to_file(WEIGHTS_URL, str(target), progress=False)
    except OSError as error:
        raise VisionError(
            f"{WEIGHTS_FILE} could not be fetched ({error}); download {WEIGHTS_URL} yourself "
            f"and put it in the folder {target.parent}."
        ) from error
    return target


def keep_weights(source: Path) -> Path:
    """Copy a FAN weights file the user has into `weights_folder`, once it proved to load.

    Raises `VisionError` if it is not there or holds something else.
    """
    _load(find_weights(source), "cpu")
    target = weights_folder() / WEIGHTS_FILE
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    shutil.copyfile(source, partial)
    os.replace(partial, target)
    return target


def accurate_landmarks(
    weights: Path | None = None, device: str = "cpu"
) -> Callable[[], AccurateLandmarker]:
    """Load FAN once and return the function that makes landmarkers, as `scan_faces` takes it.

    ``device`` is a torch device name. Raises `VisionError` if the weights are missing or wrong.
    """
    network = _load(find_weights(weights), device)
    lock = threading.Lock()
    return lambda: AccurateLandmarker(network, lock)


class AccurateLandmarker:
    """FAN's points inside the face that the mesh found; one instance per thread."""

    def __init__(self, network: Any, lock: threading.Lock) -> None:
        self._mesh = MeshLandmarker()
        self._network = network
        self._lock = lock  # several instances share the network, which uses all cores anyway

    def locate(self, image: NDArray[np.uint8], region: FaceRegion) -> Landmarks | None:
        """Give the landmarks of the face in ``region`` of an RGB picture (h, w, 3)."""
        face = self._mesh.locate(image, region)
        if face is None:
            return None
        x, y, width, height = face.box
        box = [x, y, x + width, y + height, 1.0]
        with self._lock:
            found = self._network.get_landmarks_from_image(image, detected_faces=[box])
        if not found:
            return None
        points = np.asarray(found[0], dtype=np.float32)
        to_image = crop_to_image(region)
        in_crop = (points - to_image[:, 2]) @ np.linalg.inv(to_image[:, :2]).T
        return replace(face, points=points, crop_points=in_crop.astype(np.float32))

    def close(self) -> None:
        """Free the native graph; the network goes with its last user."""
        self._mesh.close()


def _load(weights: Path, device: str) -> Any:
    """Build face-alignment around our own weights file and our own boxes."""
    import torch
    from face_alignment import FaceAlignment, LandmarksType
    from face_alignment.models import FAN

    class OwnWeights(FaceAlignment):
        """The constructor only knows torch's hub folder and fetches what is missing there."""

        def _load_native(self, network_name: str, size: int, device: str, dtype: Any) -> Any:
            network = FAN(size)
            network.load_state_dict(torch.load(weights, map_location="cpu", weights_only=True))
            return network.to(device, dtype=dtype).eval()

    try:
        # compile would write a cache to the home folder, flip_input doubles the time.
        return OwnWeights(
            LandmarksType.TWO_D,
            device=device,
            flip_input=False,
            face_detector="folder",
            compile=False,
        )
    except Exception as error:  # what torch raises for a wrong file has many types
        raise VisionError(
            f"{weights} holds no FAN weights for the accurate landmarks; replace it by "
            f"{WEIGHTS_FILE} from {WEIGHTS_URL}."
        ) from error
