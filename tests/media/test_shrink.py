"""Small RGB pictures are right in place and colour, whichever way they are made."""

from __future__ import annotations

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from app.media.shrink import Shrinker

BT709, BT601, UNSTATED = 1, 6, 2
LIMITED, FULL = 1, 2
RED = {
    (BT601, LIMITED): (81, 90, 240),
    (UNSTATED, LIMITED): (81, 90, 240),
    (BT709, LIMITED): (63, 102, 240),
    (BT601, FULL): (76, 85, 255),
    (BT709, FULL): (54, 99, 255),
}


def frame_of(planes: list[NDArray[np.uint8]], space: int = BT601, reach: int = LIMITED):
    height, width = planes[0].shape
    frame = av.VideoFrame(width, height, "yuv420p")
    for plane, values in zip(frame.planes, planes, strict=True):
        rows = np.zeros((plane.height, plane.line_size), np.uint8)
        rows[:, : values.shape[1]] = values
        plane.update(rows.tobytes())
    frame.colorspace, frame.color_range = space, reach
    return frame


def plain(width: int, height: int, colour: tuple[int, int, int]) -> list[NDArray[np.uint8]]:
    sizes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
    return [np.full(size, value, np.uint8) for size, value in zip(sizes, colour, strict=True)]


@pytest.mark.parametrize(("space", "reach"), RED)
@pytest.mark.parametrize("halve", [True, False])
def test_red_is_red(space: int, reach: int, halve: bool) -> None:
    # A row of 192 pixels has padding behind it, which must not be seen.
    frame = frame_of(plain(192, 96, RED[space, reach]), space, reach)
    image = Shrinker("rgb24", halve).picture(frame, 96, 48)
    assert image.shape == (48, 96, 3)
    assert np.abs(image.astype(int) - (255, 0, 0)).max() <= 4


@pytest.mark.parametrize("factor", [2, 4])
def test_halving_averages_and_keeps_places(factor: int) -> None:
    small = np.random.default_rng(0).integers(40, 200, (20, 32)).astype(np.uint8)
    luma = small.repeat(factor, 0).repeat(factor, 1)
    luma[::2] += 10
    luma[1::2] -= 10
    grey = [np.full((luma.shape[0] // 2, luma.shape[1] // 2), 128, np.uint8)] * 2
    frame = frame_of([luma, *grey], BT601, FULL)
    image = Shrinker("rgb24", True).picture(frame, 32, 20)
    for channel in range(3):
        assert np.abs(image[..., channel].astype(int) - small).max() <= 1


def test_both_ways_agree_on_a_picture() -> None:
    rng = np.random.default_rng(1)
    y, x = np.mgrid[0:96, 0:128]
    luma = 120 + 60 * np.sin(x / 17) + 30 * np.cos(y / 11) + rng.normal(0, 4, (96, 128))
    blue, red = (128 + 40 * np.sin(x / s + y / 20)[::2, ::2] for s in (23, 31))
    planes = [values.astype(np.uint8) for values in (luma, blue, red)]
    for space in (BT601, BT709):
        frame = frame_of(planes, space)
        quick, plain_way = (
            Shrinker("rgb24", halve).picture(frame, 64, 48).astype(int) for halve in (True, False)
        )
        assert np.abs(quick - plain_way).max() <= 8
        # swscale rounds its tables down: it is darker by about 1.5 levels.
        assert np.abs(quick - plain_way).mean() < 3


@pytest.mark.parametrize("size", [(128, 96), (100, 75), (64, 40)])
def test_other_sizes_are_made_as_well(size: tuple[int, int]) -> None:
    frame = frame_of(plain(128, 96, RED[BT601, LIMITED]))
    image = Shrinker("rgb24", True).picture(frame, *size)
    assert image.shape == (size[1], size[0], 3)
    assert np.abs(image.astype(int) - (255, 0, 0)).max() <= 4


@pytest.mark.parametrize("factor", [2, 4])
def test_pictures_and_frames_stay_as_they_were_when_the_next_one_comes(factor: int) -> None:
    random = np.random.default_rng(1)

    def frame():
        height, width = 20 * factor, 32 * factor
        sizes = ((height, width), (height // 2, width // 2), (height // 2, width // 2))
        return frame_of([random.integers(20, 230, size).astype(np.uint8) for size in sizes])

    first, second = frame(), frame()
    shrinker = Shrinker("rgb24", True)
    image = shrinker.picture(first, 32, 20)
    kept = image.copy()
    other = shrinker.picture(second, 32, 20)
    assert np.array_equal(image, kept)
    assert not np.array_equal(other, kept)
    # Neither did making the second one write into the first frame.
    assert np.array_equal(Shrinker("rgb24", True).picture(first, 32, 20), kept)
    # A frame of another size in between changes nothing either.
    shrinker.picture(frame_of(plain(64 * factor, 40 * factor, (90, 100, 110))), 64, 40)
    assert np.array_equal(shrinker.picture(second, 32, 20), other)
