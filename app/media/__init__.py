"""Reading clips: `probe`, `audio.AudioReader`, `video.VideoReader`, `peaks`, `fingerprint`.

Import the modules themselves; this package loads nothing, so that starting the program stays quick.
"""
