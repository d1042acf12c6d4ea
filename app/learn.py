"""This clip's own people: the default model learns their voices from where each is heard alone."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from app.clip import Clip
from app.edits import Anchor
from app.enrol import Heard, Lips, Signal, listen
from app.errors import NotPossibleError
from app.jobs import CancelToken, OnProgress, ProgressClock
from app.lanes import Axis, follow
from app.singers import Singer
from vision.types import FaceScan

if TYPE_CHECKING:
    from app.media.audio import AudioReader
    from audio_models.adapted import LearntVoices
    from audio_models.registry import LoadedModel
    from audio_models.separator_base import Separator
    from audio_models.solovox import SolovoxStarter

LISTENING = "Listening for each singer alone"
LEARNING = "Learning voices"
_KEPT = 2
_learnt: OrderedDict[tuple[object, ...], tuple[LearntVoices | None, list[str]]] = OrderedDict()
"""Latest results: the next range or the next singer of a clip needs not wait again."""


def learn_voices(
    clip: Clip,
    scan: FaceScan,
    singers: Sequence[Singer],
    chosen: Sequence[Singer],
    model: LoadedModel,
    sound: AudioReader,
    anchors: Sequence[Anchor] = (),
    *,
    on_progress: OnProgress | None = None,
    token: CancelToken | None = None,
) -> tuple[LearntVoices | None, list[str]]:
    """Learn the voices of the chosen singers from the whole clip.

    Returns what was learnt, its faces numbered as in ``chosen`` (None: nothing), and a sentence
    about every singer whose voice could not be learnt.

    Raises:
        NotPossibleError: the model cannot learn voices.
    """
    from audio_models.solovox import SolovoxStarter

    starter = model.starter
    if not isinstance(starter, SolovoxStarter):
        raise NotPossibleError(
            f"The model {model.spec.title} cannot learn voices; choose the default model."
        )
    key = _key(clip, singers, chosen, anchors)
    if key in _learnt:
        _learnt.move_to_end(key)
        return _learnt[key]
    token = token or CancelToken()
    audio = clip.require_audio()
    axis = Axis.over(audio)
    by_id = {track.id: track for track in scan.tracks}
    # The chosen first: their number is their face.
    people = [*chosen, *(singer for singer in singers if singer not in chosen)]
    rows = []
    for singer in people:
        face = follow([by_id[n] for n in singer.tracks], scan, axis, token.check).face
        rows.append(Lips(face.valid, face.motion))
    ids = [singer.id for singer in people]
    words = [(ids.index(anchor.singer), anchor) for anchor in anchors if anchor.singer in ids]
    hearing = ProgressClock(LISTENING, 1.0, on_progress)
    heard = listen(
        sound,
        axis,
        rows,
        starter.separator,
        words,
        report=lambda done, total: hearing.update(done / total),
        check=token.check,
    )
    result = _learn(heard, people, len(chosen), model, starter, on_progress, token)
    _learnt[key] = result
    while len(_learnt) > _KEPT:
        _learnt.popitem(last=False)
    return result


def _learn(
    heard: Heard,
    people: Sequence[Singer],
    chosen: int,
    model: LoadedModel,
    starter: SolovoxStarter,
    on_progress: OnProgress | None,
    token: CancelToken,
) -> tuple[LearntVoices | None, list[str]]:
    from audio_models.adapt import LEAST_SECONDS, AdaptOptions, Enrolment, adapt
    from audio_models.adapted import LearntVoices

    known = [n for n in range(len(people)) if heard.seconds(n) >= LEAST_SECONDS]
    options = AdaptOptions(bf16=model.bf16)
    separators: list[Separator] = []
    outputs: dict[int, tuple[int, int]] = {}
    wanted = [n for n in range(chosen) if n in known]
    remarks = [
        f"{people[n].name} is heard alone for {heard.seconds(n):.1f} s, too little to learn the "
        f"voice; mark {LEAST_SECONDS:g} s or more where nobody else sounds."
        for n in range(chosen)
        if n not in known
    ]
    # Two people share one separator; among more, each is told from all the others together.
    pair = len(known) == 2
    targets = wanted[:1] if pair else wanted
    clock = ProgressClock(LEARNING, len(targets), on_progress)
    for number, target in enumerate(targets):

        def tell(done: int, total: int, before: int = number) -> None:
            clock.update(before + done / total)

        others = [k for k in known if k != target]
        against: list[Signal] = [part for k in others for part in heard.alone[k]]
        if not pair:
            against += heard.unseen
        enrolment = Enrolment((heard.alone[target], against), heard.background)
        if min(enrolment.seconds()) < LEAST_SECONDS:
            remarks.append(
                f"Nobody beside {people[target].name} is heard alone, so there is nothing to tell "
                "the voice from."
            )
            continue
        learnt = adapt(
            starter.separator,
            enrolment,
            options,
            report=tell,
            check=token.check,
        )
        outputs[target] = (len(separators), 0)
        if pair and others[0] < chosen:
            outputs[others[0]] = (len(separators), 1)
        separators.append(learnt)
    return (LearntVoices(separators, outputs) if separators else None), remarks


def _key(
    clip: Clip, singers: Sequence[Singer], chosen: Sequence[Singer], anchors: Sequence[Anchor]
) -> tuple[object, ...]:
    people = tuple(singer.tracks for singer in singers)
    return clip.fingerprint, people, tuple(s.id for s in chosen), tuple(anchors)
