"""Bytes of a page and what a step of it costs, beside the commit before the page was redesigned.

The page has all shipped places, dates, histories and sources. A step is taken in each frame of a headless Chromium; its
cost is what the main thread takes for script, style, layout and paint, as the browser itself counts it: CPU, and by the
clock, which on a busy machine also waits. Both pages are measured in turn, three times, and the least is printed: other
work on the machine only ever adds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from maps import FLAGS, chromium

ROOT = Path(__file__).parents[1]
BEFORE = "f434898"  # the commit before
STEPS, ROUNDS = 200, 3
MOST_MB, MOST_MS = 1.0, 8.0
MAKE = """import sys
import conflictkit as ck
ck.save_html(ck.map_territory(ck.Territory.from_places()), sys.argv[1])"""
WALK = """steps => new Promise(done => {
    const kit = document.querySelector('main').kit;
    kit.show(0);
    let step = 0;
    const next = () => { step += 1; kit.show(step); step < steps ? requestAnimationFrame(next) : done(step); };
    requestAnimationFrame(next);
})"""


def page_of(source: Path, path: Path) -> Path:
    """Write the page that the kit in a folder makes."""
    environment = {**os.environ, "PYTHONPATH": str(source)}
    subprocess.run([sys.executable, "-c", MAKE, str(path)], check=True, env=environment, cwd=path.parent)
    return path


def unpacked(revision: str, folder: Path) -> Path | None:
    """Return a folder with the files of a commit, if this copy of the repository has it."""
    git = shutil.which("git") or "git"
    packed = subprocess.run([git, "archive", revision], cwd=ROOT, capture_output=True, check=False)
    if packed.returncode:
        return None
    folder.mkdir()
    with tarfile.open(fileobj=BytesIO(packed.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def step_ms(browser: Any, path: Path) -> tuple[float, float]:  # noqa: ANN401 - playwright's
    """Return the milliseconds of the main thread that a step takes: CPU, and by the clock."""
    page = browser.new_page(viewport={"width": 1400, "height": 900})
    page.goto(path.as_uri())
    page.wait_for_timeout(2500)  # unpacked, drawn, and the list of sources is there
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")

    def busy() -> tuple[float, float]:
        """Return the seconds that the main thread has worked so far."""
        found = {one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]}
        return found["ThreadTime"], found["TaskDuration"]

    page.evaluate(WALK, STEPS)  # warm
    start = busy()
    page.evaluate(WALK, STEPS)
    cpu, clock = (1000 * (now - then) / STEPS for now, then in zip(busy(), start, strict=True))
    page.close()
    return cpu, clock


def main() -> int:
    """Measure, print, and return 1 where a goal is missed."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as name, sync_playwright() as driver:
        folder = Path(name)
        pages = {"now": page_of(ROOT, folder / "now.html")}
        if before := unpacked(sys.argv[1] if len(sys.argv) > 1 else BEFORE, folder / "before"):
            pages["before"] = page_of(before, folder / "before.html")
        browser = driver.chromium.launch(executable_path=chromium(), args=FLAGS)
        rounds = [{which: step_ms(browser, path) for which, path in pages.items()} for _ in range(ROUNDS)]
        browser.close()
        size = {which: path.stat().st_size / 1e6 for which, path in pages.items()}
    least = {which: [min(one[which][at] for one in rounds) for at in range(2)] for which in pages}
    for which, (cpu, clock) in sorted(least.items()):
        print(
            f"{which:7} {size[which]:.2f} MB; a step: {cpu:.1f} ms of CPU of the main thread, {clock:.1f} by the clock"
        )
    if "before" in pages:
        of_time = [now / then for now, then in zip(least["now"], least["before"], strict=True)]
        print(
            f"ratio   {size['now'] / size['before']:.2f} of the bytes; {of_time[0]:.2f}, {of_time[1]:.2f} of the time"
        )
    print(f"goals: at most {MOST_MB} MB and {MOST_MS} ms of CPU")
    return int(size["now"] > MOST_MB or least["now"][0] > MOST_MS)


if __name__ == "__main__":
    raise SystemExit(main())
