"""Sample invoices to drop with one click, drawn by sandbox/papers.py when it is there."""

from __future__ import annotations

import asyncio
import importlib

from sandbox.slack.inputs import NotOnScreen


class Samples:
    """The samples, drawn once when somebody first asks."""

    def __init__(self) -> None:
        self._drawn: dict[str, bytes] | None = None
        self._drawing = asyncio.Lock()

    async def all(self) -> dict[str, bytes]:
        """File name -> content; empty when there is nobody to draw them."""
        async with self._drawing:
            if self._drawn is None:
                self._drawn = await asyncio.to_thread(_draw)
        return self._drawn

    async def content(self, name: str) -> bytes:
        """One sample. Raises NotOnScreen."""
        samples = await self.all()
        if name not in samples:
            raise NotOnScreen(f"no sample {name!r}")
        return samples[name]


def _draw() -> dict[str, bytes]:
    try:
        papers = importlib.import_module("sandbox.papers")
    except ModuleNotFoundError as missing:
        if missing.name != "sandbox.papers":
            raise
        return {}
    return dict(papers.samples())
