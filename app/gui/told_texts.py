"""Sentences that the engine's jobs say in English, as patterns with a name for each part filled in.

A test compares them with the sentences in the source, so that none is forgotten.
"""

from __future__ import annotations

from app.gui.action_spec import QT_TRANSLATE_NOOP

# fmt: off
NAMES = (
    QT_TRANSLATE_NOOP("Told", "Singer {letter}"),
    QT_TRANSLATE_NOOP("Told", "Added singer {number}"),
)
"""What people are called whom nobody has named."""

TEXTS = (
    *NAMES,
    QT_TRANSLATE_NOOP("Told", "CPU, {count} threads, bf16"),
    QT_TRANSLATE_NOOP("Told", "CPU, {count} threads"),
    # Opening
    QT_TRANSLATE_NOOP("Told", "There is no file {path}; check the name and the folder."),
    QT_TRANSLATE_NOOP("Told", "There is no file {path}; check the name."),
    QT_TRANSLATE_NOOP("Told", "{path} is a folder; give one video file in it."),
    QT_TRANSLATE_NOOP("Told", "{path} is empty; copy it again from its source."),
    QT_TRANSLATE_NOOP("Told", "{path} cannot be read ({reason}); check its permissions."),
    QT_TRANSLATE_NOOP("Told", "{path} cannot be read ({reason}); check the name and permissions."),
    QT_TRANSLATE_NOOP("Told", "{path} is no video or sound file that can be read, whatever its name says; choose another file."),
    QT_TRANSLATE_NOOP("Told", "{path} is cut off: its index is missing, so nothing in it can be found; copy it again from the camera or repair it first."),
    QT_TRANSLATE_NOOP("Told", "The {what} of {path} is in a format that Solovox has no decoder for; convert the clip first, for instance to ProRes or H.264 with PCM sound."),
    QT_TRANSLATE_NOOP("Told", "{path} has no sound that can be read; give another clip."),
    QT_TRANSLATE_NOOP("Told", "{path} has no sound that can be read; give a clip with an audio track."),
    QT_TRANSLATE_NOOP("Told", "{path} has no picture that can be read; give a clip in which the singer can be seen."),
    QT_TRANSLATE_NOOP("Told", "{path} has no picture that can be read at that time."),
    QT_TRANSLATE_NOOP("Told", "{path} holds neither sound nor a picture that can be decoded; copy it again from its source."),
    # People
    QT_TRANSLATE_NOOP("Told", "No face was found in {name}, so there is no voice to isolate."),
    QT_TRANSLATE_NOOP("Told", "No mouth and eyes could be made out in the box; draw it around the whole face, or in a picture in which the face is larger or turned to the camera."),
    QT_TRANSLATE_NOOP("Told", "A face of the scan is at this place already; choose it instead of drawing one."),
    QT_TRANSLATE_NOOP("Told", "{name} is not in the picture in the chosen range."),
    QT_TRANSLATE_NOOP("Told", "{name}: the face is small in the picture for {bad} of {total} visible seconds."),
    QT_TRANSLATE_NOOP("Told", "{name}: the face is turned far to the side for {bad} of {total} visible seconds."),
    QT_TRANSLATE_NOOP("Told", "{name}: the mouth is blurred for {bad} of {total} visible seconds."),
    QT_TRANSLATE_NOOP("Told", "{name}: the face is dark for {bad} of {total} visible seconds."),
    QT_TRANSLATE_NOOP("Told", "{name}: the mouth is covered for {bad} of {total} visible seconds."),
    QT_TRANSLATE_NOOP("Told", "{name}: lips and sound hardly agree; the voice given may be somebody else's."),
    # Isolating
    QT_TRANSLATE_NOOP("Told", "{name} is heard alone for {seconds} s, too little to learn the voice; mark {least} s or more where nobody else sounds."),
    QT_TRANSLATE_NOOP("Told", "Nobody beside {name} is heard alone, so there is nothing to tell the voice from."),
    QT_TRANSLATE_NOOP("Told", "The chosen range holds no sound; choose another one."),
    QT_TRANSLATE_NOOP("Told", "The model {title} cannot learn voices; choose the default model."),
    QT_TRANSLATE_NOOP("Told", "The model {title} follows a face, but none was chosen; choose a singer."),
    QT_TRANSLATE_NOOP("Told", "There is not enough memory for this model; close other programs or choose another model."),
    QT_TRANSLATE_NOOP("Told", "The computed voices need about {size} in {folder} and {free} are free; free some space or clear the cache in the preferences."),
    QT_TRANSLATE_NOOP("Told", "An unexpected fault stopped this step ({kind}); try again, and if it comes back report it with the file {file}."),
    # Exporting
    QT_TRANSLATE_NOOP("Told", "The export needs about {size} in {folder} and {free} are free; free some space or choose another folder."),
    QT_TRANSLATE_NOOP("Told", "{path} could not be written ({reason}); free some space or choose another folder."),
    QT_TRANSLATE_NOOP("Told", "There is no folder {folder}; make it first or choose another."),
    QT_TRANSLATE_NOOP("Told", "Nothing can be written to the folder {folder}; choose another."),
    QT_TRANSLATE_NOOP("Told", "{path} is a folder; give a file name."),
    QT_TRANSLATE_NOOP("Told", "{path} exists already; choose another name or allow overwriting."),
    QT_TRANSLATE_NOOP("Told", "{path} is the clip itself; choose another name."),
    QT_TRANSLATE_NOOP("Told", "The template of the file names says nothing; write {clip} into it."),
    QT_TRANSLATE_NOOP("Told", "There is no {field} in names; choose from {known}."),
    QT_TRANSLATE_NOOP("Told", "A timeline places sound files; export the voices or the rest too."),
    QT_TRANSLATE_NOOP("Told", "The picture of {path} cannot be copied to a new file; export the sound alone."),
    QT_TRANSLATE_NOOP("Told", "The picture of {path} cannot be copied to a {suffix} file ({reason}); choose another kind of file or export the sound alone."),
    QT_TRANSLATE_NOOP("Told", "A {suffix} file cannot hold this clip's picture and sound; choose .mkv instead."),
    QT_TRANSLATE_NOOP("Told", "A {kind} file cannot hold the new sound beside the original one, so a {choice} file is written."),
    QT_TRANSLATE_NOOP("Told", "{name}: a copied picture can begin at key frames only, so it begins {seconds} s before the range; .mov and .mp4 hide that."),
    QT_TRANSLATE_NOOP("Told", "An EDL holds {count} channels of sound, fewer than one of these stems has; choose FCPXML, OTIO or Final Cut Pro 7 XML."),
    QT_TRANSLATE_NOOP("Told", "FLAC cannot hold {count} channels; choose a WAV format."),
    QT_TRANSLATE_NOOP("Told", "FLAC cannot hold sound at {rate} Hz; choose a WAV format."),
    QT_TRANSLATE_NOOP("Told", "MP3 holds one or two channels and this sound has {count}; choose AAC, FLAC or WAV, which keep them all."),
    QT_TRANSLATE_NOOP("Told", "MP3 cannot hold sound at {rate} Hz, at most 48000 Hz; choose FLAC or WAV, which keep the rate."),
    QT_TRANSLATE_NOOP("Told", "AAC cannot hold sound at {rate} Hz, at most 96000 Hz; choose FLAC or WAV, which keep the rate."),
    QT_TRANSLATE_NOOP("Told", "AAC is written in mono, stereo or 5.1, and this sound has {count} channels ({layout}); choose FLAC or WAV, which keep them all."),
    # Projects
    QT_TRANSLATE_NOOP("Told", "{file} was saved by a newer version of Solovox and would lose something here; update Solovox to open it."),
    QT_TRANSLATE_NOOP("Told", "{file} is damaged ({reason}); open a copy or a backup of it."),
    QT_TRANSLATE_NOOP("Told", "{file} is no Solovox project; open a .solovox file or a video."),
    QT_TRANSLATE_NOOP("Told", "{file} is too large for a project; open another file."),
    QT_TRANSLATE_NOOP("Told", "{file} is not the clip this project was made with ({clip}): its content differs; choose the same file, wherever it lies now and whatever its name."),
    # Models and settings
    QT_TRANSLATE_NOOP("Told", "There is no file {path}; give the path of a downloaded checkpoint."),
    QT_TRANSLATE_NOOP("Told", "{file} is not a whole PyTorch checkpoint; download it again or choose another file."),
    QT_TRANSLATE_NOOP("Told", "{file} holds pickled program code, which is never run; give a checkpoint that holds tensors only."),
    QT_TRANSLATE_NOOP("Told", "{file} is not a Y-Net checkpoint: it has neither a landmark nor a mouth network; give one of the published files y_net_g7, gr7, m7 or mr7."),
    QT_TRANSLATE_NOOP("Told", "{file} lacks {count} tensors of Y-Net, among them {tensor}; download the checkpoint again."),
    QT_TRANSLATE_NOOP("Told", "{file} holds weights that are not numbers; download it again."),
    QT_TRANSLATE_NOOP("Told", "{file} was trained on another landmark graph; give one of the published Y-Net checkpoints."),
    QT_TRANSLATE_NOOP("Told", "{file} holds {tensor}, which Y-Net does not have; give one of the published Y-Net checkpoints."),
    QT_TRANSLATE_NOOP("Told", "In {file} the tensor {tensor} has shape {shape} where Y-Net has {wanted}; give one of the published seven-level checkpoints."),
    QT_TRANSLATE_NOOP("Told", "The model {model} is there already; remove it first to replace it."),
    QT_TRANSLATE_NOOP("Told", "The model cannot be written to {folder} ({reason}); free some space or choose another folder."),
    QT_TRANSLATE_NOOP("Told", "The model {model} belongs to the program and stays."),
    QT_TRANSLATE_NOOP("Told", "The model {model} has no weights here; there is nothing to remove."),
    QT_TRANSLATE_NOOP("Told", "The weights {file} cannot be read; install the program again."),
    QT_TRANSLATE_NOOP("Told", "{file} does not fit its own description; install it again."),
    QT_TRANSLATE_NOOP("Told", "This machine has no usable {device} device; choose auto or cpu instead."),
    QT_TRANSLATE_NOOP("Told", "The cache may take {least} to {most} GB; give a whole number between them."),
    QT_TRANSLATE_NOOP("Told", "The settings in {path} could not be read, so the usual ones are in use."),
)
# fmt: on
