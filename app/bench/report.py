"""What a measurement of the job found, for people and for programs."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Cost:
    """What something costs per second of clip."""

    wall: float | None
    """Seconds that pass: the real-time factor; None for a part that is only counted."""
    cpu: float | None
    """Seconds of all processor cores together; other work on the machine doesn't stretch them."""


@dataclass(frozen=True)
class PeerCost:
    """A network to compare with."""

    parameters: int
    cost: Cost


@dataclass(frozen=True)
class BenchReport:
    """The whole job and its parts."""

    seconds: float
    size: tuple[int, int]
    cores: int
    device: str
    people: int
    """Visible in the clip."""
    whole: Cost
    """The whole ``separate`` command with one singer, start of the program included."""
    runs: list[float]
    """Real-time factors of all its runs, in order; ``whole`` is the middle one."""
    alone: Cost | None
    """The same command on a clip with one person, where ``people`` is 2."""
    faces: Cost
    """Its part of ``whole`` for finding faces, decoding included."""
    voices: Cost
    """The same command once faces are known, start of the program included."""
    second_singer: float | None
    """What a second chosen singer adds, as a part of the processor time of the whole."""
    decode: Cost
    """Decoding alone."""
    stages: dict[str, Cost]
    """The parts of the voices."""
    first_sound_cold_s: float
    first_sound_warm_s: float
    first_block_s: float
    """Length of the first sound."""
    peers: dict[str, PeerCost]
    peak_bytes: int | None
    long_seconds: float | None
    long_whole: Cost | None
    long_peak_bytes: int | None

    def facts(self) -> dict[str, Any]:
        """For programs."""
        return asdict(self)

    def lines(self) -> list[str]:
        """For people."""
        width, height = self.size
        lines = [
            f"{self.seconds:.0f} s of {width}x{height} at 25 fps, stereo, {self.people} "
            f"{'person' if self.people == 1 else 'people'} in the picture; {self.cores} cores; "
            f"{self.device}.",
            "Per second of clip: seconds passed, processor seconds, ratio to decoding alone.",
            "",
            self._line("separate, one singer, whole command", self.whole),
            self._line("  finding faces, with decoding", self.faces),
            self._line("  the rest: program start, voices, writing", self.voices),
        ]
        lines += [self._line(f"    {name}", cost) for name, cost in self.stages.items()]
        if self.alone is not None:
            lines.append(self._line("separate, clip with one person", self.alone))
        lines.append(self._line("decoding alone", self.decode))
        for name, peer in self.peers.items():
            label = f"{name} ({peer.parameters / 1e6:.1f} M)"
            lines.append(self._line(label, peer.cost))
        lines.append("")
        if len(self.runs) > 1:
            lines.append(
                f"The whole command is the middle one of {len(self.runs)} runs, real-time factors "
                f"{', '.join(f'{factor:.3f}' for factor in self.runs)}."
            )
        if self.second_singer is not None:
            lines.append(f"A second singer adds {self.second_singer:.0%} of the whole.")
        lines += [
            f"First sound after Isolate, faces known: {self.first_sound_cold_s:.1f} s in a new "
            f"process, {self.first_sound_warm_s:.1f} s later on (its first "
            f"{self.first_block_s:.0f} s of sound).",
            f"Peak memory: {_megabytes(self.peak_bytes)} for {self.seconds:.0f} s of clip.",
        ]
        if self.long_seconds is not None and self.long_whole is not None:
            lines.append(
                f"{self.long_seconds / 60:.0f} minutes of clip: real-time factor "
                f"{_number(self.long_whole.wall).strip()}, peak memory "
                f"{_megabytes(self.long_peak_bytes)}."
            )
        return lines

    def _line(self, name: str, cost: Cost) -> str:
        if cost.cpu is not None and self.decode.cpu:
            ratio = cost.cpu / self.decode.cpu
        else:
            ratio = (cost.wall or 0.0) / (self.decode.wall or 1.0)
        return f"{name:<50}{_number(cost.wall)}{_number(cost.cpu)}{ratio:9.2f}"


def _number(value: float | None) -> str:
    return f"{'-':>9}" if value is None else f"{value:9.3f}"


def _megabytes(value: int | None) -> str:
    return "not told by this system" if value is None else f"{value / 1e6:.0f} MB"
