"""Opening a media file, with one clear sentence for everything that can be wrong with it."""

from __future__ import annotations

from pathlib import Path

import av
import av.container
import av.error

from app.errors import BadInputError

_MP4_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def open_input(path: Path) -> av.container.InputContainer:
    """Open ``path`` for reading.

    Raises BadInputError when it does not exist, is no regular file, cannot be read, or holds
    nothing that FFmpeg recognises as sound or picture.
    """
    path = Path(path)
    if not path.exists():
        raise BadInputError(f"There is no file {path}; check the name and the folder.")
    if path.is_dir():
        raise BadInputError(f"{path} is a folder; give one video file in it.")
    try:
        with path.open("rb") as file:
            head = file.read(12)
    except OSError as error:
        raise BadInputError(
            f"{path} cannot be read ({error.strerror or error}); check its permissions."
        ) from error
    if not head:
        raise BadInputError(f"{path} is empty; copy it again from its source.")
    try:
        container = av.open(str(path), metadata_errors="replace")
    except av.error.FFmpegError as error:
        raise BadInputError(_why_not(path, head)) from error
    if not any(stream.type in ("audio", "video") for stream in container.streams):
        container.close()
        raise BadInputError(_why_not(path, head))
    return container


def _why_not(path: Path, head: bytes) -> str:
    if head[4:8] in _MP4_BOXES:
        return (
            f"{path} is cut off: its index is missing, so nothing in it can be found; "
            "copy it again from the camera or repair it first."
        )
    return (
        f"{path} is no video or sound file that can be read, whatever its name says; "
        "choose another file."
    )


def picture_stream(
    container: av.container.InputContainer,
) -> av.VideoStream | None:
    """First stream with moving pictures that can be decoded; cover art does not count."""
    for stream in container.streams.video:
        if stream.codec_context is not None and not int(stream.disposition) & int(
            av.stream.Disposition.attached_pic
        ):
            return stream
    return None


def sound_streams(container: av.container.InputContainer) -> list[av.AudioStream]:
    """Audio streams in a format that FFmpeg knows; others have no decoder."""
    return [stream for stream in container.streams.audio if stream.codec_context is not None]
