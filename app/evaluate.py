"""Scores a model on mixtures whose voices are known, through the same job that users run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.chosen_model import load_chosen, needs_of
from app.errors import AppError, BadInputError, CancelledError
from app.evaluate_table import Evaluation, MixtureScore
from app.isolation import OWN_PARTS, IsolateOptions, Parts
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.mixtures import SILENT_KIND, Mixture, find_mixtures
from app.singers import Singer, choose
from app.whole_job import Faces, Voices, find_faces, isolate_voices

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

STAGE = "Evaluating"


def evaluate(
    folder: Path,
    *,
    model: str = "solovox",
    device: str = "auto",
    joint: bool = True,
    recipes: Path | None = None,
    parts: Parts = OWN_PARTS,
    wrong_faces: bool = False,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> Evaluation:
    """Score every mixture of a folder.

    In mixtures with two faces the other face is the wrong one; ``wrong_faces`` also runs the
    others a second time with the face of another mixture's person. ``parts`` are parts of the
    default model to try. A mixture that fails is reported and left out of the means. Raises
    `BadInputError` when nothing can be scored.
    """
    token = token or CancelToken()
    options = IsolateOptions(model, device, joint, parts=parts)
    blind = needs_of(options) == "nothing"
    if parts != OWN_PARTS:
        load_chosen(options)  # a wrong file is told once, not for every mixture
    mixtures = find_mixtures(folder, recipes)
    clock = ProgressClock(STAGE, len(mixtures), on_progress)
    faces: dict[str, Faces] = {}
    scores: list[MixtureScore] = []
    description = ""
    for number, mixture in enumerate(mixtures):
        token.check()
        try:
            stranger = _stranger(mixture, mixtures) if wrong_faces and not blind else None
            known = None if blind else faces
            result, description = _evaluate_one(mixture, stranger, known, options, token)
        except CancelledError:
            raise
        except AppError as error:
            result = MixtureScore(mixture, 0.0, failure=str(error))
        scores.append(result)
        clock.update(number + 1)
    return Evaluation(model, description, tuple(scores))


def _evaluate_one(
    mixture: Mixture,
    stranger: Mixture | None,
    faces: dict[str, Faces] | None,
    options: IsolateOptions,
    token: CancelToken,
) -> tuple[MixtureScore, str]:
    from audio_models.metrics import SILENCE_DB, level_db, score, si_sdr

    def faces_of(other: Mixture) -> Faces:
        assert faces is not None
        if other.id not in faces:
            faces[other.id] = find_faces(other.clip, token=token)
        return faces[other.id]

    def pick(singers: Sequence[Singer]) -> list[Singer]:
        wanted = choose(singers, mixture.place)
        if mixture.place == "largest" or len(singers) < 2:
            return wanted
        return wanted + choose(singers, "left" if mixture.place == "right" else "right")

    # A model that only hears is not shown anybody.
    found = faces_of(mixture) if faces is not None else None
    voices = isolate_voices(mixture.clip, found, pick, options, token=token)
    target, others = _read(mixture.target), _read(mixture.others)
    voice = _cut(voices.sounds[0], target)
    facts: dict[str, Any] = {
        "seconds": target.shape[1] / voices.sample_rate,
        "faces_s": found.seconds if found is not None else 0.0,
        "voices_s": voices.seconds,
        "lag_frames": voices.report.lag_frames,
    }
    if level_db(others) <= SILENCE_DB:
        raise BadInputError(f"{mixture.others} is silent: that is no mixture to score.")
    if level_db(target) <= SILENCE_DB:
        facts["silence_db"] = level_db(voice) - level_db(others)
    else:
        facts["before"] = score(target, others, target + others)
        facts["after"] = score(target, others, voice)
        wrong = _wrong_voice(mixture, voices, stranger, faces_of, options, token)
        if wrong is not None:
            facts["wrong_si_sdr"] = si_sdr(target, _cut(wrong, target))
    return MixtureScore(mixture, **facts), voices.report.device


def _wrong_voice(
    mixture: Mixture,
    voices: Voices,
    stranger: Mixture | None,
    faces_of: Callable[[Mixture], Faces],
    options: IsolateOptions,
    token: CancelToken,
) -> NDArray[np.float32] | None:
    if len(voices.sounds) > 1:
        return voices.sounds[1]
    if stranger is None:
        return None
    borrowed = faces_of(stranger)
    return isolate_voices(
        mixture.clip, borrowed, lambda singers: choose(singers), options, token=token
    ).sounds[0]


def _stranger(mixture: Mixture, mixtures: Sequence[Mixture]) -> Mixture | None:
    """The next mixture whose one moving face belongs to another person."""
    start = mixtures.index(mixture)
    for other in [*mixtures[start + 1 :], *mixtures[:start]]:
        alone = other.place == "largest" and other.kind != SILENT_KIND
        if alone and other.person != mixture.person:
            return other
    return None


def _read(path: Path) -> NDArray[np.float32]:
    import soundfile

    try:
        sound: NDArray[np.float32] = soundfile.read(path, dtype="float32", always_2d=True)[0].T
    except soundfile.SoundFileError as error:
        raise BadInputError(f"{path} is not a sound file; build the mixtures again.") from error
    return sound


def _cut(voice: NDArray[np.float32], target: NDArray[np.float32]) -> NDArray[np.float32]:
    if voice.shape != target.shape:
        raise BadInputError(
            f"The clip's sound and its target differ in shape ({voice.shape} and {target.shape}); "
            "build the mixtures again."
        )
    return voice
