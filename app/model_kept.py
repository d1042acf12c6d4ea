"""What a page of the default model keeps of the one before: tables nothing new was measured for.

Weights that were only trained to be compared are seldom at hand when the default model gets new
ones, and their figures do not change with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from app.errors import BadInputError

NOTE = (
    "Rows and tables of other models that were not measured again are those of an earlier page "
    "(`--keep`)."
)


class KeptPage:
    """The sections of a page that was written before, by their headings."""

    def __init__(self, text: str = "") -> None:
        """Take a page apart; none keeps nothing."""
        self._sections: dict[str, list[str]] = {}
        lines: list[str] = []
        for line in text.splitlines():
            if line.startswith("## "):
                lines = self._sections.setdefault(line, [])
            lines.append(line)

    @classmethod
    def read(cls, page: Path) -> KeptPage:
        """The page of a file.

        Raises:
            BadInputError: it is not there, or is no text.
        """
        try:
            return cls(page.read_text(encoding="utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise BadInputError(
                f"{page} is no page to keep anything of; leave --keep out to write a new one."
            ) from error

    def section(self, heading: str) -> list[str]:
        """The lines of a section, its heading first; none when the page has no such section."""
        return list(self._sections.get(heading, []))

    def rows(self, heading: str, new: Sequence[str]) -> list[str]:
        """The rows of a section's table whose titles none of the ``new`` rows has.

        The time of training, which follows a comma, is not part of a title.
        """
        rows = [line for line in self.section(heading) if line.startswith("| ")]
        titles = {_title(row) for row in new}
        # The first two lines of a table are its head and the rule below it.
        return [row for row in rows[2:] if _title(row) not in titles]


def _title(row: str) -> str:
    return row.split("|")[1].split(",")[0].strip()
