"""Sizes of files and levels in the user's language."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def size_text(size: int) -> str:
    """ "16.3 MB" in the user's language; powers of ten, as disks are sold."""
    return QLocale().formattedDataSize(size, 1, QLocale.DataSizeFormat.DataSizeSIFormat)


def level_text(decibels: float) -> str:
    """ "−17.4" with one decimal and a true minus."""
    return QLocale().toString(decibels, "f", 1).replace("-", "−")
