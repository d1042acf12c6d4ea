"""Faces in videos: found, followed, measured and registered; no windows, no files but its own."""

from __future__ import annotations

from vision.errors import VisionError
from vision.features import STILL_MOTION, features_at, landmarks_at
from vision.images import face_images
from vision.people import JoinSuggestion, suggest_joins
from vision.quality import second_quality
from vision.register import mouth_input, register_landmarks
from vision.scan import scan_faces
from vision.store import ScanCache, load_scan, save_scan
from vision.types import FEATURE_FPS, FaceFeatures, FaceScan, FaceTrack, SecondQuality

__all__ = [
    "FEATURE_FPS",
    "STILL_MOTION",
    "FaceFeatures",
    "FaceScan",
    "FaceTrack",
    "JoinSuggestion",
    "ScanCache",
    "SecondQuality",
    "VisionError",
    "face_images",
    "features_at",
    "landmarks_at",
    "load_scan",
    "mouth_input",
    "register_landmarks",
    "save_scan",
    "scan_faces",
    "second_quality",
    "suggest_joins",
]
