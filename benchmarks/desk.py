"""A slider, from the key that moves it to the pixels that changed: the kernel's part alone, and in a browser.

The browser's part is measured in the page: from the key's event to the second frame after the numbers of every futures'
result stand there. Pictures get their numbers in the same message as the tiles, so what is painted then is all of it.
"""

from __future__ import annotations

import os
import re
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from changji_sim.live import Live
from changji_sim.scenario_file.draft import Draft

_CLI = "from changji_sim.cli import main; main()"
QUIET = ("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking", "--disable-sync")
SLIDERS = {  # what the reader sees -> the file's value, the steps of the slider, the goal in ms
    "the 400万 limit": ("items.exchange.guide.max_item_year_wan", (398.0, 396.0, 394.0, 392.0), 150),
    "the total envelope": ("envelopes.total.value", (7900.0, 7800.0, 7700.0, 7600.0), 150),
    "growth of demand": ("growth", (0.085, 0.09, 0.095, 0.1), 250),
}
LABELS = {"the 400万 limit": "科技交流活动", "the total envelope": "总额度", "growth of demand": "申报年增长率"}


def recompute_seconds(scenario: str, trials: int) -> dict[str, list[float]]:
    """Seconds from a changed scenario to its budget and caps, by slider."""
    draft = Draft(scenario)
    live = Live(draft.original, trials)
    live.run()
    taken: dict[str, list[float]] = {}
    for name, (path, values, _) in SLIDERS.items():
        live.run(draft.original)
        for value in values:
            changed = {"value": value, "range": [value / 2, value * 2]} if path == "growth" else value
            start = time.perf_counter()
            result = live.run(draft.scenario({path: changed}))
            result.budget(), result.caps()
            taken.setdefault(name, []).append(time.perf_counter() - start)
    return taken


@contextmanager
def desk(scenario: str, trials: int) -> Iterator[str]:
    """A desk in a process of its own; its address."""
    command = [sys.executable, "-c", _CLI, "desk", scenario, "--port", "0", "--trials", str(trials)]
    process = subprocess.Popen(
        [*command, "--no-open"],
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        assert process.stdout is not None
        for line in process.stdout:
            if found := re.search(r"http://localhost:\d+/", line):
                yield found[0]
                return
        raise RuntimeError("the desk did not start")
    finally:
        process.terminate()
        process.wait()


# Goes through shadow roots, where the desk's texts are.
_FIND = """
const every = (root, found = []) => { for (const node of root.querySelectorAll('*')) { found.push(node);
  if (node.shadowRoot) every(node.shadowRoot, found); } return found; };
const text = (name) => every(document).filter(n => n.classList && n.classList.contains(name))
  .map(n => n.innerText).join('|');
"""
_MOVE = (
    "async ({label, trials}) => {"
    + _FIND
    + """
  const sliders = every(document).filter(n => n.tagName === 'INPUT' && n.type === 'range');
  const near = (node) => { for (let at = node, n = 0; at && n < 9; n++, at = at.parentNode || at.host) {
    if (at.innerText && at.innerText.includes(label)) return true; } return false; };
  const slider = sliders.find(near);
  slider.focus();
  const before = text('tiles') + text('sentence');
  const start = performance.now();
  const frame = () => new Promise(requestAnimationFrame);
  slider.dispatchEvent(new KeyboardEvent('keydown', {key: 'ArrowLeft', bubbles: true}));
  const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set;
  set.call(slider, Number(slider.value) - Number(slider.step || 1));
  slider.dispatchEvent(new Event('input', {bubbles: true}));
  slider.dispatchEvent(new Event('change', {bubbles: true}));
  let first = null;
  while (performance.now() - start < 20000) {
    await frame();
    const is_new = text('tiles') + text('sentence') !== before;
    if (is_new && first === null) { await frame(); first = performance.now() - start; }
    if (is_new && text('status').includes(trials) && !text('status').includes('计算')) break;
  }
  await frame(); await frame();
  return [first, performance.now() - start];
}"""
)


def pixel_milliseconds(scenario: str, trials: int, moves: int) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds from a key to the first new numbers, and to those of all futures, by slider.

    Raises:
        RuntimeError: there is no browser, or no playwright.
    """
    browser = shutil.which("chromium") or shutil.which("google-chrome")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        browser = None
    if browser is None:
        raise RuntimeError("no chromium or no playwright: pip install 'changji-sim[test]', and Debian's chromium")
    taken: dict[str, list[tuple[float, float]]] = {}
    with desk(scenario, trials) as address, sync_playwright() as started:
        window = started.chromium.launch(executable_path=browser, args=list(QUIET))
        page = window.new_page(viewport={"width": 1440, "height": 1000})
        page.goto(address)
        page.wait_for_selector("input[type=range]", state="attached", timeout=120_000)
        page.wait_for_timeout(8_000)
        for name, label in LABELS.items():
            for _ in range(moves):
                first, last = page.evaluate(_MOVE, {"label": label, "trials": f"{trials:,}"})
                taken.setdefault(name, []).append((first or last, last))
                page.wait_for_timeout(500)
        window.close()
    return taken


def median(values: list[float]) -> float:
    return statistics.median(values)
