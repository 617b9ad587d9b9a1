"""What a kernel shows for a page that no kernel will serve: maps for explorers, words for pictures.

Run inside the kernel of a notebook that becomes a page, before its first cell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from IPython.core.getipython import get_ipython
from matplotlib.figure import Figure

from conflictkit.charts.sources import Caption
from conflictkit.html import Markup, image, join
from conflictkit.widgets._shell import Dashboard, written

if TYPE_CHECKING:
    from conflictkit.widgets._shell import Snapshot

TABS = Markup('<div class="ck-pages">{}</div>')
TAB = Markup('<section aria-label="{}"><h4>{}</h4>{}</section>')
NUMBERS = Markup("<details><summary>The numbers of this view</summary>{}</details>")


def main() -> None:
    """Change what the kernel shows: of explorers their pages, of pictures also what they say."""
    formatter: Any = cast("Any", get_ipython()).display_formatter
    before = formatter.format

    def show(thing: object, *args: Any, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:  # noqa: ANN401
        if isinstance(thing, Dashboard):
            return {"text/html": str(page(thing)), "text/plain": thing.still.title}, {}
        data, told = before(thing, *args, **options)
        if isinstance(thing, Figure) and "image/png" in data:
            told = {**told, "image/png": {**told.get("image/png", {}), "alt": words(thing)}}
        return data, told

    formatter.format = show


def page(dashboard: Dashboard) -> Markup:
    """Return an explorer as maps that need no kernel, one below the other; page.js makes tabs of them."""
    tabs = dashboard.tabs()
    if tabs:
        return TABS.format(join(TAB.format(title, title, page(one)) for title, one in tabs.items()))
    still: Snapshot = dashboard.still
    if dashboard.framed is not None:
        return dashboard.framed(still.picture) + NUMBERS.format(written(still.html))
    if dashboard.page is None:
        picture = image(still.picture, alt=still.title) if still.picture else Markup("")
        return picture + written(still.html)
    return Markup(dashboard.page()._repr_html_()) + NUMBERS.format(written(still.html))


def words(figure: Figure) -> str:
    """Return what a picture shows for those who cannot see it: of one that is not of the kit, its titles."""
    told = [mark.alt for mark in cast("list[Caption]", figure.findobj(Caption))]
    told = told or [axes.get_title(loc) for axes in figure.axes for loc in ("left", "center")]
    return " ".join(filter(None, told)) or "Chart"


main()
