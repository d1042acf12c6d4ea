"""Means of an evaluation by kind of mixture, as a table for people and facts for programs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.mixtures import Mixture

if TYPE_CHECKING:
    from audio_models.metrics import Scores

_COLUMNS = ("n", "input", "SI-SDR", "SDR", "SIR", "SAR", "right-wrong")
_HEADER = f"{'':<32}{'n':>4}" + "".join(f"{name:>13}" for name in _COLUMNS[1:])
_NOTE = (
    "dB, means. input: SI-SDR of the mixture. SI-SDR, SDR, SIR: improvement over the mixture. "
    "SAR: of the output (a mixture has no artefacts to improve on). right-wrong: SI-SDR of the "
    "right face minus that of another face."
)


@dataclass(frozen=True)
class MixtureScore:
    """One mixture's result; levels and ratios in dB, None where they make no sense."""

    mixture: Mixture
    seconds: float
    faces_s: float = 0.0
    voices_s: float = 0.0
    before: Scores | None = None
    after: Scores | None = None
    wrong_si_sdr: float | None = None
    """SI-SDR against the target of what another face gives."""
    silence_db: float | None = None
    """Silent target: level of the output against that of the mixture."""
    lag_frames: int = 0
    failure: str | None = None


@dataclass(frozen=True)
class Row:
    """Means of one group of mixtures, dB."""

    name: str
    n: int
    input: float
    si_sdr: float
    sdr: float
    sir: float
    sar: float
    right_minus_wrong: float | None
    """None when no mixture of the group has a wrong face."""

    def line(self) -> str:
        """The row of the table."""
        values = [self.input, self.si_sdr, self.sdr, self.sir, self.sar, self.right_minus_wrong]
        cells = "".join("-".rjust(13) if v is None else f"{v:13.2f}" for v in values)
        return f"{self.name:<32}{self.n:>4}{cells}"


@dataclass(frozen=True)
class Evaluation:
    """Scores of all mixtures of a folder."""

    model: str
    device: str
    scores: tuple[MixtureScore, ...]

    def rows(self) -> list[Row]:
        """Each kind, then all; clear targets by halves; doubtful targets apart."""
        kinds = list(dict.fromkeys(s.mixture.kind for s in self.scores))
        groups: list[tuple[str, list[MixtureScore]]] = []
        for doubtful, prefix in ((False, ""), (True, "doubtful: ")):
            members = [s for s in self.scores if s.mixture.doubtful == doubtful]
            groups.extend(
                (prefix + kind, [s for s in members if s.mixture.kind == kind]) for kind in kinds
            )
            groups.append((prefix + "all", members))
            if not doubtful:
                groups.append(("all, even ids", [s for s in members if s.mixture.even]))
                groups.append(("all, odd ids", [s for s in members if not s.mixture.even]))
        rows = [mean_row(name, members) for name, members in groups]
        return [row for row in rows if row is not None]

    def silences(self) -> list[MixtureScore]:
        """The mixtures whose right answer is silence."""
        return [s for s in self.scores if s.silence_db is not None]

    def failures(self) -> list[MixtureScore]:
        """The mixtures that could not be scored."""
        return [s for s in self.scores if s.failure is not None]

    def real_time_factor(self, part: Callable[[MixtureScore], float]) -> float:
        """Seconds of work per second of sound, over all mixtures that were scored."""
        done = [s for s in self.scores if s.failure is None]
        return sum(map(part, done)) / max(sum(s.seconds for s in done), 1e-9)

    def facts(self) -> dict[str, Any]:
        """For programs: the rows and every mixture."""
        return {
            "model": self.model,
            "device": self.device,
            "rows": [_rounded(asdict(row)) for row in self.rows()],
            "silent": {s.mixture.id: round(s.silence_db or 0.0, 2) for s in self.silences()},
            "failures": {s.mixture.id: s.failure for s in self.failures()},
            "real_time_factor_faces": round(self.real_time_factor(lambda s: s.faces_s), 4),
            "real_time_factor_voices": round(self.real_time_factor(lambda s: s.voices_s), 4),
            "mixtures": [_mixture_facts(s) for s in self.scores],
        }

    def lines(self) -> list[str]:
        """For people."""
        lines = [f"{self.model} on {self.device}, {len(self.scores)} mixtures", "", _HEADER]
        lines += [row.line() for row in self.rows()]
        lines += ["", _NOTE]
        silent = self.silences()
        if silent:
            each = ", ".join(f"{s.mixture.id} {s.silence_db:.1f}" for s in silent)
            lines.append(f"Silent targets, output against mixture in dB: {each}.")
        lines.append(
            f"Real-time factor: faces {self.real_time_factor(lambda s: s.faces_s):.3f} (less when "
            f"cached), voices {self.real_time_factor(lambda s: s.voices_s):.3f}."
        )
        lines += [f"{s.mixture.id} failed: {s.failure}" for s in self.failures()]
        return lines


def mean_row(name: str, members: Sequence[MixtureScore]) -> Row | None:
    """Means of a group; None when none of it has a voice to find."""
    pairs = [(s.before, s.after) for s in members if s.before is not None and s.after is not None]
    if not pairs:
        return None
    gains = [after.minus(before) for before, after in pairs]
    wrong = [
        s.after.si_sdr - s.wrong_si_sdr
        for s in members
        if s.after is not None and s.wrong_si_sdr is not None
    ]
    return Row(
        name,
        len(pairs),
        _mean(before.si_sdr for before, _ in pairs),
        _mean(gain.si_sdr for gain in gains),
        _mean(gain.sdr for gain in gains),
        _mean(gain.sir for gain in gains),
        _mean(after.sar for _, after in pairs),
        _mean(wrong) if wrong else None,
    )


def _mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed)


def _rounded(facts: dict[str, Any]) -> dict[str, Any]:
    return {k: round(v, 3) if isinstance(v, float) else v for k, v in facts.items()}


def _mixture_facts(score: MixtureScore) -> dict[str, Any]:
    mixture = score.mixture
    facts: dict[str, Any] = {
        "id": mixture.id,
        "kind": mixture.kind,
        "person": mixture.person,
        "doubtful": mixture.doubtful,
        "seconds": score.seconds,
        "faces_s": score.faces_s,
        "voices_s": score.voices_s,
        "lag_frames": score.lag_frames,
        "wrong_si_sdr": score.wrong_si_sdr,
        "silence_db": score.silence_db,
        "failure": score.failure,
    }
    for name, scores in (("before", score.before), ("after", score.after)):
        facts[name] = _rounded(asdict(scores)) if scores is not None else None
    return _rounded(facts)
