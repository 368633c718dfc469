"""Work in the background, with a progress bar and a button that ends it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any, TypeVar

import panel as pn
import panel_material_ui as pmui

from ...kernel.simulate import Progress
from .safe_html import safe_html
from .ui_text import PictureTranslator, html

Made = TypeVar("Made")
LOOK = 0.2  # seconds between two looks at how far the work is


class Stopped(Exception):
    """The work was ended before it was done."""


class Job:
    """One piece of work at a time, on a thread; the page stays live meanwhile."""

    def __init__(self, say: PictureTranslator):
        self.is_running = False
        self._is_stopped, self._share = False, 0.0
        self._about = safe_html("", margin=(6, 8))
        self._bar = pmui.LinearProgress(
            variant="determinate", value=0, max=100, sizing_mode="stretch_width", margin=(16, 8)
        )
        self._button = pmui.Button(
            label=say("停止", "Stop"), icon="stop", size="small", variant="outlined", color="default", margin=(4, 8)
        )
        self._button.on_click(lambda _: self.stop())
        self.view = pn.Row(self._about, self._bar, self._button, sizing_mode="stretch_width", margin=0, visible=False)
        if pn.state.curdoc is not None and pn.state.curdoc.session_context is not None:
            pn.state.on_session_destroyed(lambda _: self.stop())

    def stop(self) -> None:
        """End the work soon."""
        self._is_stopped = True

    async def run(self, work: Callable[[Progress], Made], about: str) -> Made | None:
        """Do the work and give what it made, or None where it was stopped.

        Args:
            work: is given a progress to call, which ends it by raising `Stopped`.
            about: what is being done, for the reader.
        """
        self.is_running, self._is_stopped, self._share = True, False, 0.0
        self._about.object, self._bar.value, self.view.visible = html(about), 0, True
        task: asyncio.Task[Any] = asyncio.create_task(asyncio.to_thread(work, self._tell))
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=LOOK)
                self._bar.value = round(100 * self._share)
            return task.result()
        except Stopped:
            return None
        finally:
            self.is_running, self.view.visible = False, False

    def _tell(self, done: int, of: int) -> None:
        if self._is_stopped:
            raise Stopped
        self._share = done / of if of else 1.0
