"""A sung duet rendered by the program itself: synthetic faces, synthetic voices, known truth."""

from __future__ import annotations

from app.demo.render import DemoClip, render_demo

__all__ = ["DemoClip", "render_demo"]
