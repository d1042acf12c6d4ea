"""Real clips beside the project, when they are there."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest

from app.export.video import write_video
from app.media.audio import AudioReader
from app.media.decoder import frame_samples
from app.media.probe import probe, require_audio, require_video
from app.media.video import VideoReader

NAMES = ["av/talk_vr1.mkv", "av/grid_brbk7n.mkv", "two_face/two_debate1.mkv"]


@pytest.mark.parametrize("name", NAMES)
def test_a_real_clip_comes_through_unchanged(shared_dir: Path, tmp_path: Path, name: str) -> None:
    path = shared_dir / "clips" / name
    info = probe(path)
    audio, video = require_audio(info), require_video(info)
    with av.open(str(path)) as container:
        plain = np.concatenate([frame_samples(f) for f in container.decode(audio=0)], axis=1)
    with AudioReader(path) as reader:
        sound = reader.read(0, reader.samples)
        assert np.array_equal(sound, plain)
        result = tmp_path / "new.mkv"
        write_video(path, [("Voice", reader.blocks())], result)
    with VideoReader(path, 160, info) as before, VideoReader(result, 160) as after:
        pairs = list(zip(before.frames(), after.frames(), strict=True))
    assert len(pairs) == video.frames
    for a, b in pairs:
        assert a.pts * video.time_base == b.pts * after.time_base
        assert np.array_equal(a.image, b.image)
    for track in probe(result).audio:
        with AudioReader(result, track) as reader:
            assert reader.start == audio.start
            assert np.array_equal(reader.read(0, reader.samples), sound)
