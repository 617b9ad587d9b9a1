"""A Chromium that can reach nothing but files and loopback, and a JupyterLab server there."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Route

ROOT = Path(__file__).parents[2]
PATIENCE = (
    300  # seconds until a wait is given up: many times what an idle machine needs, so that a busy one fails nothing
)
CHROMIUM_FLAGS = [
    "--no-sandbox",  # Chromium refuses to run as root otherwise, and it only ever sees loopback
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
SETTINGS = {
    "apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True},
    "notebook-extension/tracker": {"windowingMode": "none"},  # every cell is in the page, not only the visible ones
}
# JupyterLab's own status bar reads idle before the kernel is connected; the session does not.
KERNEL_IS_IDLE = """() => {
    const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
    return kernel?.connectionStatus === 'connected' && kernel.status === 'idle';
}"""


def missing(what: str) -> None:
    """Skip where a desktop lacks the browser; fail where CI does, since nobody would notice."""
    (pytest.fail if "CI" in os.environ else pytest.skip)(f"{what} is not installed: browser tests need it")


@dataclass
class Lab:
    """A notebook server and a browser; `blocked` holds every address outside loopback that a page asked for."""

    address: str
    token: str
    browser: BrowserContext
    blocked: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def open(self, notebook: str) -> Page:
        """Open a notebook and wait until its kernel is ready."""
        page = self.browser.new_page()
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.goto(f"{self.address}/lab/tree/{notebook}?token={self.token}&reset", wait_until="domcontentloaded")
        page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell")
        page.wait_for_function(KERNEL_IS_IDLE)
        return page

    def run(self, page: Page) -> list[dict[str, Any]]:
        """Run every cell and return the cells of the notebook's model, with their outputs."""
        finished = page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        notebook = page.evaluate("() => window.jupyterapp.shell.currentWidget.context.model.toJSON()")
        cells: list[dict[str, Any]] = notebook["cells"]
        outputs = [out for cell in cells if cell["cell_type"] == "code" for out in cell["outputs"]]
        assert finished, [out for out in outputs if out["output_type"] == "error"]
        return cells

    def guard(self, route: Route) -> None:
        """Let loopback through, record and stop the rest."""
        parts = urlsplit(route.request.url)
        if parts.scheme in {"data", "blob"} or parts.hostname == "127.0.0.1":
            route.continue_()
        else:
            self.blocked.append(route.request.url)
            route.abort()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder that the server shows."""
    return tmp_path_factory.mktemp("lab")


@pytest.fixture(scope="session")
def server(home: Path) -> Iterator[tuple[str, str]]:
    """Serve a copy of the notebooks; yield address and token."""
    shutil.copytree(ROOT / "notebooks", home / "notebooks", ignore=shutil.ignore_patterns(".ipynb_checkpoints"))
    shutil.copytree(ROOT / "examples", home / "examples")
    with serving(home) as reached:
        yield reached


@contextmanager
def serving(home: Path) -> Iterator[tuple[str, str]]:
    """Serve a folder with a JupyterLab that knows nothing of the user's own settings; yield address and token."""
    folders = {
        variable: str(home / variable.lower())
        for variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR")
    }
    settings = home / "settings" / "@jupyterlab"
    for name, values in SETTINGS.items():
        path = settings / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(values), encoding="utf-8")
    folders |= {"JUPYTERLAB_SETTINGS_DIR": str(settings.parent), "JUPYTERLAB_WORKSPACES_DIR": str(home / "workspaces")}
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    token = secrets.token_hex(16)
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--expose-app-in-browser"),
        *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--ServerApp.port_retries=0"),
        *(f"--ServerApp.root_dir={home}", f"--IdentityProvider.token={token}"),
        *("--LabApp.news_url=None", "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate"),
        "--LabApp.extension_manager=readonly",
    ]
    log = home / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env={**os.environ, **folders}, stdout=output, stderr=subprocess.STDOUT)
    try:
        wait_for_server(f"http://127.0.0.1:{port}/api/status?token={token}", process, log)
        yield f"http://127.0.0.1:{port}", token
    finally:
        process.terminate()
        process.wait(timeout=PATIENCE)


def wait_for_server(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Poll until the server answers; show its log when it does not."""
    end = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - loopback, built above
                answer.read()
        except (URLError, TimeoutError, ConnectionError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"JupyterLab did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")


@pytest.fixture(scope="session")
def browser_program() -> str:
    """Return the path of the system's Chromium."""
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next((found for name in names if (found := shutil.which(name))), None)
    if path is None:
        missing("Chromium")
    return str(path)


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Start the driver; stop it after the module, since other tests run event loops of their own."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        missing("playwright")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="module")
def lab(
    playwright: Playwright, browser_program: str, server: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Lab]:
    """Return the server in a fresh browser profile, one a file, cut off from everything but loopback."""
    with visiting(playwright, server, program=browser_program, profile=tmp_path_factory.mktemp("profile")) as lab:
        yield lab


@contextmanager
def visiting(playwright: Playwright, server: tuple[str, str], *, program: str, profile: Path) -> Iterator[Lab]:
    """Open a browser with a profile of its own on a server."""
    browser = playwright.chromium.launch_persistent_context(
        profile,
        executable_path=program,
        headless=True,
        args=CHROMIUM_FLAGS,
        viewport={"width": 1400, "height": 950},
    )
    browser.set_default_timeout(1000 * PATIENCE)
    lab = Lab(*server, browser)
    browser.route("**/*", lab.guard)
    try:
        yield lab
    finally:
        browser.close()


@dataclass
class Opened:
    """A page from the disk, and all that went wrong in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    def guard(self, route: Route) -> None:
        """Let what lies on the disk through, record and stop the rest."""
        if urlsplit(route.request.url).scheme in {"file", "data", "blob"}:
            route.continue_()
        else:
            self.requests.append(route.request.url)
            route.abort()

    def hear(self, said: ConsoleMessage) -> None:
        """Record what the page complains of."""
        if said.type in {"error", "warning"}:
            self.errors.append(said.text)

    def ask(self, expression: str, value: object = None) -> Any:  # noqa: ANN401 - what the page answers
        """Return what an expression is about `kit`, the handle of the map."""
        return self.page.evaluate(
            f"value => {{ const kit = document.querySelector('main')?.kit; return {expression}; }}", value
        )

    def wait(self, expression: str) -> None:
        """Wait until an expression is true; the page's policy forbids the driver's own way of waiting."""
        end = time.monotonic() + PATIENCE
        while not self.ask(expression):
            assert time.monotonic() < end, f"{expression} is still not so"
            self.page.wait_for_timeout(40)


@pytest.fixture(scope="module")
def browser(playwright: Playwright, browser_program: str) -> Iterator[Browser]:
    """Start Chromium once a module."""
    started = playwright.chromium.launch(executable_path=browser_program, headless=True, args=CHROMIUM_FLAGS)
    yield started
    started.close()


class Tabs:
    """One page for each way of browsing, opened again and again: a browser takes longer to make one than to fill it."""

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.kept: dict[str, Opened] = {}

    def tab(self, options: dict[str, Any], *, clock: bool) -> Opened:
        """Return the page of a browser with some options, such as one without scripts, or with a clock of ours."""
        key = json.dumps([options, clock], sort_keys=True)
        if key not in self.kept:
            context = self.browser.new_context(**options)
            context.set_default_timeout(1000 * PATIENCE)
            found = self.kept[key] = Opened(context.new_page())
            context.route("**/*", found.guard)
            found.page.on("pageerror", lambda error: found.errors.append(str(error)))
            found.page.on("console", found.hear)
            if clock:
                found.page.clock.install()
        return self.kept[key]

    def open(
        self,
        path: Path,
        *,
        width: int = 1400,
        height: int = 900,
        clock: bool = False,
        address: str = "",
        **options: Any,  # noqa: ANN401 - the browser's
    ) -> Opened:
        """Open a file afresh, in a window of some size, at the end of an address such as ``#date=2017-11-03``."""
        found = self.tab(options, clock=clock)
        found.page.set_viewport_size({"width": width, "height": height})
        found.page.goto("about:blank")  # else another end of the same address would not open it afresh
        found.page.goto(f"{path.as_uri()}{address}")
        if options.get("java_script_enabled", True) and found.page.locator("#ck-data").count():
            found.wait("kit")  # the numbers of a page are unpacked first
        return found


@pytest.fixture(scope="module")
def tabs(browser: Browser) -> Tabs:
    """Return the pages of this file of tests."""
    return Tabs(browser)


@pytest.fixture
def page_of(tabs: Tabs) -> Iterator[Callable[..., Opened]]:
    """Return a function that opens a file; afterwards, nothing may have been asked of a network, nor gone wrong."""
    for one in tabs.kept.values():
        one.requests, one.errors = [], []
    yield tabs.open
    assert [(one.requests, one.errors) for one in tabs.kept.values()] == [([], [])] * len(tabs.kept)
