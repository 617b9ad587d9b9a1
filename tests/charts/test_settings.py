"""The reader's world stays outside: settings of three libraries, locale, threads, forks; and Arabic names."""

from __future__ import annotations

import io
import os
import pickle
import shutil
import subprocess
import sys
import threading
import unicodedata
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text
from PIL import Image

import conflictkit as ck
from conflictkit.charts import _settings
from conflictkit.maps.page import page_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from matplotlib.axes import Axes

ROWS = ck.load_deployments().query("actor_id == 'italy'")
DAY = "1993-06-05"
TEX = {"text.usetex": True}
FRAME = {
    "lines.marker": "x",
    "axes.grid": True,
    "axes.spines.left": False,
    "xtick.labelbottom": False,
    "font.family": "serif",
    "font.size": 21,
    "axes.titlelocation": "right",
    "xtick.major.size": 12,
}
AT_DRAWING = {
    "text.hinting": "none",
    "text.antialiased": False,
    "agg.path.chunksize": 100,
    "path.simplify": False,
    "axes.formatter.use_mathtext": True,
    "axes.unicode_minus": True,
    "date.converter": "concise",
    "hatch.linewidth": 3.0,
    "text.parse_math": True,
    "path.snap": False,
    "savefig.facecolor": "black",
}
SHOWN = ("display.precision", 1, "display.max_rows", 2, "display.float_format", "{:.0f}".format)
TEXT = ("future.infer_string", False)
STORED = ("mode.string_storage", "python", "compute.use_numexpr", False, "mode.copy_on_write", True)
WORLDS: dict[str, Callable[[], Any]] = {
    **{name: lambda name=name: plt.style.context(name) for name in ("ggplot", "dark_background", "classic")},
    "xkcd": plt.xkcd,
    "usetex": lambda: plt.rc_context(TEX),
    "frame": lambda: plt.rc_context(FRAME),
    "at drawing": lambda: plt.rc_context(AT_DRAWING),
    "numpy raises": lambda: np.errstate(all="raise"),
    "pandas shows": lambda: pd.option_context(*SHOWN),
    "pandas stores": lambda: pd.option_context(*STORED),
    "objects for text": lambda: pd.option_context(*TEXT),
}
PICTURES: dict[str, Callable[[ck.Tables], bytes]] = {
    "territory": lambda tables: saved(ck.plot_territory(land(tables), DAY)),
    "estimates": lambda tables: saved(ck.plot_estimates(tables=tables)),
    "area": lambda tables: saved(ck.plot_area(land(tables), level="both", bands=True)),
    "page": lambda tables: page_text(ck.map_territory(land(tables), [DAY, "1994-01-01"])).encode(),
}


def land(tables: ck.Tables) -> ck.Territory:
    """Return the territory of another war, built where it is asked for."""
    return ck.Territory.from_places(tables=tables)


def saved(ax: Axes, **options: object) -> bytes:
    """Return the file that a reader saves, at a resolution that is the call's."""
    out = io.BytesIO()
    ax.figure.savefig(out, format="png", dpi=60, **options)  # type: ignore[union-attr,arg-type]
    plt.close("all")
    return out.getvalue()


EVERYDAY = ("usetex", "dark_background", "objects for text")  # the others are asked before a merge


def everyday(worlds: Iterable[str]) -> list[Any]:
    """Return worlds as parameters of a test, those that are for a merge marked as slow."""
    return [pytest.param(world, marks=() if world in EVERYDAY else pytest.mark.slow) for world in worlds]


@pytest.fixture(scope="module")
def plain(other_war: ck.Tables) -> dict[str, bytes]:
    """Return each picture as it is for a reader who has set nothing."""
    return {name: draw(other_war) for name, draw in PICTURES.items()}


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:.*infer_string:FutureWarning", "ignore:.*infer_string:DeprecationWarning")
@pytest.mark.filterwarnings("ignore:.*mode.copy_on_write:DeprecationWarning")
@pytest.mark.parametrize("world", everyday(WORLDS))
def test_pictures_and_pages_are_the_same_bytes_in_any_world(
    world: str, other_war: ck.Tables, plain: dict[str, bytes]
) -> None:
    """Made and saved under settings of the reader's, which are there again afterwards."""
    with WORLDS[world]():
        before = dict(mpl.rcParams)
        differ = [name for name, draw in PICTURES.items() if draw(other_war) != plain[name]]
        assert dict(mpl.rcParams) == before
    assert differ == []


@pytest.mark.parametrize("world", everyday(["ggplot", "dark_background", "xkcd", "usetex", "frame", "at drawing"]))
def test_axes_made_in_any_world_give_the_same_picture(world: str) -> None:
    """On white paper, axes of a style sheet's look like plain ones."""

    def given(context: Any) -> bytes:  # noqa: ANN401 - any context
        with context:
            ax = plt.subplots(figsize=(7, 5), layout="constrained")[1]
        ck.plot_strength(ROWS, ax=ax)
        return saved(ax, facecolor="white")

    assert given(WORLDS[world]()) == given(nullcontext())


def test_ink_has_paper_on_dark_figures() -> None:
    """Beside axes of the reader's own, which stay dark: white below the picture with its title and caption."""
    with plt.style.context("dark_background"):
        figure, (own, ax) = plt.subplots(1, 2, figsize=(12, 5), layout="constrained")
        ck.plot_strength(ROWS, ax=ax)
        out = io.BytesIO()
        figure.savefig(out, format="png", dpi=50)
    pixels = np.asarray(Image.open(out).convert("L"))
    height, box = pixels.shape[0], ax.get_tightbbox().frozen().extents / figure.dpi * 50
    left, low, right, high = (round(edge) for edge in box)
    assert np.median(pixels[height - high : height - low, left:right]) == 255
    assert np.median(pixels[:, : round(own.get_window_extent().x1 / figure.dpi * 50)]) == 0
    words = [text for text in figure.findobj(Text) if text.get_text().strip() and text.axes is ax]
    assert words
    assert {text.get_color() for text in words} <= {"#222222", "#595959", "black"}


def test_a_picture_may_be_larger_than_it_was_made() -> None:
    """Ticks that only a larger figure needs are made with the picture, not under the settings of that moment."""
    ax = Figure(figsize=(3, 3)).add_subplot()
    ck.plot_strength(ROWS, ax=ax)
    with plt.rc_context({"text.usetex": True, "xtick.color": "red"}):
        ax.figure.set_size_inches(14, 12)  # type: ignore[union-attr]
        saved(ax)
        assert {label.get_color() for label in (*ax.get_xticklabels(), *ax.get_yticklabels())} == {"#595959"}


@pytest.mark.slow
def test_threads_draw_one_after_the_other() -> None:
    """Four at once, each on a figure of its own: one picture, and no setting left behind."""
    before, found, switch = dict(mpl.rcParams), set[bytes](), sys.getswitchinterval()

    def draw() -> None:
        for _ in range(2):
            ax = Figure(figsize=(5, 4), layout="constrained").add_subplot()
            ck.plot_strength(ROWS, ax=ax)
            out = io.BytesIO()
            ax.figure.savefig(out, format="png", dpi=40)
            found.add(out.getvalue())

    threads = [threading.Thread(target=draw) for _ in range(4)]
    sys.setswitchinterval(1e-5)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(switch)
    assert len(found) == 1
    assert dict(mpl.rcParams) == before


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system does not fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_fork_while_another_thread_draws_can_draw() -> None:
    """The child does not wait for a thread that it does not have."""
    drawing, enough = threading.Event(), threading.Event()

    def draw() -> None:
        with _settings.our_settings():
            drawing.set()
            enough.wait(0.3)

    thread = threading.Thread(target=draw)
    thread.start()
    drawing.wait()
    child = os.fork()
    if child == 0:
        with _settings.our_settings():
            os._exit(0 if mpl.rcParams["text.parse_math"] is False else 1)
    enough.set()
    thread.join()
    assert os.waitpid(child, 0)[1] == 0


def test_figures_pickle(other_war: ck.Tables, plain: dict[str, bytes]) -> None:
    """What comes back from a pickle is saved as the same file."""
    figure = ck.plot_territory(land(other_war), DAY).figure
    again = pickle.loads(pickle.dumps(figure))  # noqa: S301 - our own
    out = io.BytesIO()
    again.savefig(out, format="png", dpi=60)
    assert out.getvalue() == plain["territory"]


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("localedef") is None, reason="no other locale can be made here")
def test_months_are_in_our_words_in_any_locale(tmp_path: Path) -> None:
    """Under a date axis, too, where matplotlib asks the locale."""
    made = subprocess.run(
        ["localedef", "-i", "tr_TR", "-f", "UTF-8", tmp_path / "tr_TR.UTF-8"],  # noqa: S607 - wherever it is
        capture_output=True,
        check=False,
    )
    if not (tmp_path / "tr_TR.UTF-8").exists():
        pytest.skip(f"no Turkish locale: {made.stderr.decode()}")
    code = """if True:
        import datetime, locale
        locale.setlocale(locale.LC_TIME, "")
        assert datetime.date(2015, 1, 5).strftime("%B") == "Ocak"
        import matplotlib.pyplot as plt, pandas as pd
        from conflictkit.charts._frame import date_axes
        ax = plt.subplots()[1]
        ax.plot(pd.to_datetime(["2014-06-10", "2014-12-01"]), [1, 2])
        date_axes(ax)
        ax.figure.canvas.draw()
        print(*(label.get_text() for label in ax.get_xticklabels()))
    """
    env = {**os.environ, "LOCPATH": str(tmp_path), "LC_ALL": "tr_TR.UTF-8", "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == ["Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


SYRIANS, STATE = "قوات سوريا الديمقراطية", "تنظيم الدولة"


@pytest.fixture(scope="module")
def arabic() -> ck.Tables:
    """Return tables with two names in Arabic."""
    actors = ck.load_actors()
    actors["name"] = actors["actor_id"].map({"sdf": SYRIANS, "isis": STATE}).fillna(actors["name"])
    actors["aliases"] = actors["aliases"].mask(actors["actor_id"].isin(["sdf", "isis"]))
    return ck.Tables.shipped().replace(actors=actors)


@pytest.mark.skipif(not _settings.SETS_BOTH_WAYS, reason="this matplotlib sets all text from left to right")
def test_arabic_names_stay_in_their_sentences(arabic: ck.Tables) -> None:
    """Each line of title, key, labels and caption runs from left to right, each name apart from its neighbours."""
    ax = ck.plot_area(ck.Territory.from_places(tables=arabic), level="both", actor_ids=["isis", "sdf"])
    texts = [text.get_text() for text in ax.findobj(Text)]
    named = [line for text in texts for line in text.split("\n") if "قوات" in line or "تنظيم" in line]
    assert len(named) >= 5
    for line in named:
        strong = next(kind for kind in map(unicodedata.bidirectional, line) if kind in {"L", "R", "AL"})
        assert strong == "L", line
    assert f"\u200e\u2068{STATE}\u2069, core" in named
    flat = [" ".join(text.replace("\u200e", "").split()) for text in texts]
    assert any(f"\u2068{SYRIANS}\u2069 includes People's" in text for text in flat)
