"""Writing results: `naming`, `sound.SoundWriter`, `video.write_video`.

Import the modules themselves; this package loads nothing, so that starting the program stays quick.
"""
