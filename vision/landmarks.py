"""Landmarks of one face: back-end protocol and the MediaPipe face mesh."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from vision.detect import Detection, FaceDetector
from vision.mesh68 import mesh_to_68
from vision.mesh_graph import MESH_INPUT, USED, MeshGraph
from vision.types import BoolArray, FloatArray

REGION_MARGIN = 1.5
"""Side of the region given to the mesh, in sizes of the face, as the network was trained."""
MIN_PRESENCE = 0.5
"""Below this face probability the region holds no face."""
_OUTER_EYES = (33, 263)


@dataclass(frozen=True)
class FaceRegion:
    """A rotated square of a picture that holds one face."""

    x: float
    y: float
    """Centre, pixels."""
    side: float
    """Pixels of the picture."""
    angle: float
    """Radians by which the face's horizontal is turned, clockwise as seen (y points down)."""


@dataclass(frozen=True)
class Landmarks:
    """What a back-end finds of one face on one picture."""

    points: FloatArray
    """(68, 2) iBUG points, pixels; a whole number is the centre of a pixel."""
    presence: float
    """Probability that the region holds a face, 0 to 1."""
    yaw: float
    pitch: float
    """Degrees, 0 = frontal; positive yaw turns to the picture's right, positive pitch looks up."""
    region: FaceRegion
    """Where to look for this face on the next picture."""
    box: tuple[float, float, float, float]
    """x, y, width, height of the whole face from chin to forehead, pixels."""
    crop: NDArray[np.uint8]
    """(192, 192, 3) the upright face picture that the points were found on."""
    crop_points: FloatArray
    """(68, 2) the points in pixels of ``crop``."""


class Landmarker(Protocol):
    """Finds landmarks inside a given region; one instance per thread."""

    def locate(self, image: NDArray[np.uint8], region: FaceRegion) -> Landmarks | None:
        """Give the landmarks of the face in ``region`` of an RGB picture, None if none is there."""
        ...

    def close(self) -> None:
        """Free native resources."""
        ...


Locate = Callable[[NDArray[np.uint8], FaceRegion], Landmarks | None]
"""`Landmarker.locate`, or a function that picks the calling thread's landmarker."""


def region_of(detection: Detection) -> FaceRegion:
    """Give the mesh region for a detected face."""
    x, y, width, height = detection.box
    across = detection.eyes[1] - detection.eyes[0]
    return FaceRegion(
        x + width / 2,
        y + height / 2,
        REGION_MARGIN * max(width, height),
        float(np.arctan2(across[1], across[0])),
    )


class MeshLandmarker:
    """MediaPipe's face mesh with refined lips and eyes, run on a region that the caller gives.

    The ready-made solution runs its own short-range detector and keeps a hidden tracking state.
    Here only its landmark stage runs: the region comes from our detector or from the previous
    frame's landmarks, so small faces work and the instance holds no state between calls.
    """

    def __init__(self) -> None:
        self._graph = MeshGraph()

    def locate(self, image: NDArray[np.uint8], region: FaceRegion) -> Landmarks | None:
        """Give the landmarks of the face in ``region`` of an RGB picture (h, w, 3)."""
        if region.side < 8:
            return None
        crop, to_image = _cut(image, region)
        mesh, presence = self._graph.run(crop)
        if mesh is None or presence < MIN_PRESENCE:
            return None
        plane = mesh[:, :2] @ to_image[:, :2].T + to_image[:, 2]
        yaw, pitch = _pose(mesh)
        low, high = plane[USED].min(axis=0), plane[USED].max(axis=0)
        return Landmarks(
            points=mesh_to_68(plane),
            presence=presence,
            yaw=yaw,
            pitch=pitch,
            region=_region_around(plane),
            box=(float(low[0]), float(low[1]), float(high[0] - low[0]), float(high[1] - low[1])),
            crop=crop,
            crop_points=mesh_to_68(mesh[:, :2]),
        )

    def close(self) -> None:
        """Free the native graph."""
        self._graph.close()


def follow_face(frames: Iterable[NDArray[np.uint8]]) -> tuple[FloatArray, BoolArray]:
    """Follow the only face of a short clip without cuts.

    Takes RGB pictures (h, w, 3) and returns landmarks (N, 68, 2) in pixels, NaN where no face is
    found, and (N,) whether one was. For whole clips with several people use `scan_faces`.
    """
    detector, landmarker = FaceDetector(), MeshLandmarker()
    rows: list[FloatArray] = []
    region: FaceRegion | None = None
    try:
        for image in frames:
            found = landmarker.locate(image, region) if region else None
            if found is None:
                faces = detector.detect(image)
                if faces:
                    largest = max(faces, key=lambda face: face.box[2])
                    found = locate_detected(landmarker.locate, image, largest)
            region = found.region if found else None
            rows.append(found.points if found else np.full((68, 2), np.nan, dtype=np.float32))
    finally:
        detector.close()
        landmarker.close()
    points = np.stack(rows) if rows else np.zeros((0, 68, 2), dtype=np.float32)
    return points, ~np.isnan(points[:, 0, 0])


def locate_detected(
    locate: Locate, image: NDArray[np.uint8], detection: Detection
) -> Landmarks | None:
    """Find landmarks of a newly detected face.

    A detector's box is a rough guess of the region, so a second pass runs on the region that the
    first one finds: frames then look alike whether they follow a detection or another frame.
    """
    rough = locate(image, region_of(detection))
    return locate(image, rough.region) if rough else None


def crop_to_image(region: FaceRegion) -> NDArray[np.float64]:
    """Return the (2, 3) map from pixels of a region's square crop to pixels of the picture."""
    scale = region.side / MESH_INPUT
    cos, sin = scale * np.cos(region.angle), scale * np.sin(region.angle)
    middle = (MESH_INPUT - 1) / 2
    return np.array(
        [
            [cos, -sin, region.x - (cos - sin) * middle],
            [sin, cos, region.y - (sin + cos) * middle],
        ]
    )


def _cut(
    image: NDArray[np.uint8], region: FaceRegion
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Cut a region out as (192, 192, 3); also the (2, 3) map from crop to picture pixels."""
    import cv2

    to_image = crop_to_image(region)
    source, matrix = image, to_image
    halvings = int(np.log2(max(1.0, region.side / MESH_INPUT)))
    if halvings:  # average first: bilinear sampling of every n-th pixel would alias
        source, matrix = _reduced(image, region, to_image, halvings)
    crop = cv2.warpAffine(
        source,
        matrix,
        (MESH_INPUT, MESH_INPUT),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_REPLICATE,
    )
    return np.asarray(crop, dtype=np.uint8), to_image


def _reduced(
    image: NDArray[np.uint8], region: FaceRegion, to_image: NDArray[np.float64], halvings: int
) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    """Halve the neighbourhood of a region some times and adapt the crop's map to it.

    Averaging four pixels is what OpenCV does fast; other whole factors take nine times as long.
    """
    import cv2

    factor = 2**halvings
    height, width = image.shape[:2]
    # Half the side of the upright square around the turned one.
    reach = 0.5 * region.side * (abs(np.cos(region.angle)) + abs(np.sin(region.angle)))
    left, top = max(0, int(region.x - reach)), max(0, int(region.y - reach))
    columns = (min(width, int(region.x + reach) + 1) - left) // factor
    rows = (min(height, int(region.y + reach) + 1) - top) // factor
    if columns < 1 or rows < 1:
        return image, to_image
    small = image[top : top + rows * factor, left : left + columns * factor]
    for left_over in reversed(range(halvings)):
        size = (columns << left_over, rows << left_over)
        small = np.asarray(cv2.resize(small, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    matrix = to_image / factor
    offset = np.array([left, top]) + (factor - 1) / 2
    matrix[:, 2] = (to_image[:, 2] - offset) / factor
    return small, matrix


def _region_around(plane: NDArray[np.float64]) -> FaceRegion:
    """Give the square around mesh points (478, 2), turned with the line of the eyes."""
    across = plane[_OUTER_EYES[1]] - plane[_OUTER_EYES[0]]
    angle = float(np.arctan2(across[1], across[0]))
    cos, sin = np.cos(angle), np.sin(angle)
    turned = plane[USED] @ np.array([[cos, -sin], [sin, cos]])
    low, high = turned.min(axis=0), turned.max(axis=0)
    middle = (low + high) / 2
    x, y = cos * middle[0] - sin * middle[1], sin * middle[0] + cos * middle[1]
    return FaceRegion(float(x), float(y), REGION_MARGIN * float((high - low).max()), angle)


def _pose(mesh: NDArray[np.float64]) -> tuple[float, float]:
    """Yaw and pitch in degrees from the mesh's depth, relative to the camera axis.

    Depth has the scale of x and grows away from the camera. The face's normal stands on the lines
    temple to temple and forehead to chin.
    """
    across = mesh[454] - mesh[234]
    down = mesh[152] - mesh[10]
    normal = np.cross(down, across)  # towards the camera for a frontal face
    yaw = np.degrees(np.arctan2(normal[0], -normal[2]))
    pitch = np.degrees(np.arctan2(-normal[1], -normal[2]))
    return float(yaw), float(pitch)
