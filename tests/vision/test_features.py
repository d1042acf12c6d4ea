from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from tracks import EYES, make_scan, make_track, opening_at

from vision import STILL_MOTION, features_at, landmarks_at
from vision.register import mean_face

FILM = Fraction(24000, 1001)
NTSC = Fraction(30000, 1001)


def _pts(rate: Fraction, time_base: Fraction, seconds: float, offset: Fraction) -> list[int]:
    """Rounded presentation times, as a container with this time base stores them."""
    return [round((offset + k / rate) / time_base) for k in range(int(seconds * rate))]


def _jittered(time_base: Fraction, seconds: float) -> list[int]:
    """Variable frame rate, 18 to 40 ms a frame with two long frames, as phones record."""
    gaps = np.random.default_rng(7).uniform(0.018, 0.04, 400)
    gaps[[50, 90]] = 0.08
    times = np.cumsum(gaps)
    return [round(Fraction(t) / time_base) for t in times[times < seconds]]


@pytest.mark.parametrize(
    ("rate", "time_base", "offset"),
    [
        (Fraction(25), Fraction(1, 12800), Fraction(0)),
        (FILM, Fraction(1, 24000), Fraction(0)),
        (NTSC, Fraction(1, 30000), Fraction(1, 3)),
        (NTSC, Fraction(1, 1000), Fraction(0)),  # Matroska rounds to milliseconds
        (Fraction(50) / 2, Fraction(1, 90000), Fraction(77, 3)),  # 50 fps analysed at half rate
        (Fraction(60000, 1001) / 2, Fraction(1, 60000), Fraction(-1, 10)),
        (None, Fraction(1, 90000), Fraction(0)),
    ],
)
def test_lips_are_in_step_with_the_sound(
    rate: Fraction | None, time_base: Fraction, offset: Fraction
) -> None:
    pts = _pts(rate, time_base, 8, offset) if rate else _jittered(time_base, 8)
    scan = make_scan(make_track(pts, time_base), time_base=time_base)
    start = offset + Fraction(1, 7)
    features = features_at(scan.tracks, scan, start, 175)
    assert features.valid.all()
    at = float(start) + np.arange(175) / 25
    # The lag at which the true curve fits best, to a millisecond.
    lags = np.arange(-40, 41) / 1000
    errors = [np.abs(features.opening - opening_at(at + lag)).mean() for lag in lags]
    assert abs(lags[int(np.argmin(errors))]) <= 0.002
    assert np.abs(features.opening - opening_at(at)).max() < 0.02


def test_long_clips_keep_time() -> None:
    """After ten hours the axis is still exact: no drift from rounded rates."""
    base = Fraction(1, 30000)
    first = 30 * 60 * 60 * 10 * 1000
    pts = [first + 1001 * k for k in range(100)]
    scan = make_scan(make_track(pts, base), time_base=base)
    features = features_at(scan.tracks, scan, first * base, 75)
    at = float(first * base) + np.arange(75) / 25
    assert np.abs(features.opening - opening_at(at)).max() < 0.02


def test_landmarks_are_registered_whatever_the_head_does() -> None:
    base = Fraction(1, 25)
    scan = make_scan(make_track(list(range(60)), base), time_base=base)
    landmarks = landmarks_at(scan.tracks[0], scan, Fraction(0), 60)
    assert landmarks.shape == (60, 68, 2)
    still = [k for k in range(68) if k not in (56, 57, 58, 65, 66, 67)]  # all but the lower lip
    expected = mean_face()[still] * (96 / 224, 128 / 244)
    assert np.abs(landmarks[:, still] - expected).max() < 0.02
    opening = (landmarks[:, 66, 1] - landmarks[:, 62, 1]) / (128 / 244) / EYES
    assert opening == pytest.approx(opening_at(np.arange(60) / 25), abs=1e-3)


def test_frames_without_the_face_are_marked_and_zero() -> None:
    base = Fraction(1, 25)
    seen = np.ones(40, dtype=bool)
    seen[10:20] = False
    track = make_track(list(range(50, 90)), base, seen=seen)
    scan = make_scan(track, time_base=base)
    features = features_at(track, scan, Fraction(1), 100)  # frame k is video frame k + 25
    assert np.flatnonzero(features.valid).tolist() == list(range(24, 66))
    assert not features.seen[35:45].any()
    assert features.seen[25:35].all()
    assert (landmarks_at(track, scan, Fraction(1), 100)[~features.valid] == 0).all()
    assert (features.opening[~features.valid] == 0).all()
    assert (features.motion[:12] == 0).all()
    assert not features_at(track, scan, Fraction(100), 10).valid.any()


def test_tracks_of_one_person_are_joined_and_the_larger_wins() -> None:
    base = Fraction(1, 25)
    first = make_track(list(range(0, 30)), base, opening=np.full(30, 0.1))
    second = make_track(list(range(40, 70)), base, id=1, opening=np.full(30, 0.2))
    large = make_track(list(range(60, 90)), base, id=2, opening=np.full(30, 0.3), scale=0.8)
    scan = make_scan(first, second, large, time_base=base)
    for order in ([first, second, large], [large, second, first]):
        features = features_at(order, scan, Fraction(0), 95)
        assert features.opening[5] == pytest.approx(0.1, abs=1e-3)
        assert features.opening[50] == pytest.approx(0.2, abs=1e-3)
        assert features.opening[65] == pytest.approx(0.3, abs=1e-3)
        assert not features.valid[32:38].any()
        assert features.valid[60:90].all()


def test_still_lips_have_no_motion_however_the_head_moves() -> None:
    base = Fraction(1, 25)
    rng = np.random.default_rng(2)
    for scale in (0.15, 0.4, 1.5):
        still = make_track(list(range(100)), base, opening=np.full(100, 0.05), scale=scale)
        noisy = still.landmarks + rng.normal(0, 0.03 * scale / 0.15, still.landmarks.shape)
        still = make_track(list(range(100)), base, scale=scale, landmarks=noisy.astype(np.float32))
        talking = make_track(list(range(100)), base, scale=scale)
        scan = make_scan(still, talking, time_base=base)
        assert features_at(still, scan, Fraction(0), 100).motion.max() < STILL_MOTION / 2
        assert features_at(talking, scan, Fraction(0), 100).motion.min() > 2 * STILL_MOTION


def test_opening_is_corrected_for_yaw() -> None:
    base = Fraction(1, 25)
    frontal = make_track(list(range(10)), base, opening=np.full(10, 0.1))
    middle = frontal.landmarks.mean(axis=1, keepdims=True)
    squeeze = np.array([np.cos(np.radians(40)), 1.0])
    turned = make_track(
        list(range(10)),
        base,
        landmarks=((frontal.landmarks - middle) * squeeze + middle).astype(np.float32),
        pose=np.tile(np.float32([40, 0]), (10, 1)),
    )
    scan = make_scan(turned, time_base=base)
    assert features_at(turned, scan, Fraction(0), 10).opening[0] == pytest.approx(0.1, rel=0.03)
