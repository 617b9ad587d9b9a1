"""A row a force, solid where a page speaks, fading where it is assumed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import gallery
import numpy as np
import pytest
from matplotlib.collections import PolyCollection
from matplotlib.dates import date2num

import conflictkit as ck
from conflictkit.charts._marks import FADE
from conflictkit.errors import TableError

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes


def texts(ax: Axes) -> list[str]:
    """Return all words of some axes and their panels, without line breaks."""
    return [text.get_text().replace("\n", " ") for axes in (ax, *ax.child_axes) for text in axes.texts]


def polygons(ax: Axes) -> list[tuple[float, float, float]]:
    """Return the bars: from, to, opacity."""
    found = []
    for collection in ax.collections:
        if isinstance(collection, PolyCollection):
            for path, color in zip(collection.get_paths(), collection.get_facecolor(), strict=True):
                found.append((path.vertices[:, 0].min(), path.vertices[:, 0].max(), float(color[3])))
    return found


def test_every_force_has_a_row_under_its_side(drawing: Callable[..., Any]) -> None:
    """The whole table: one label a force, one heading a side."""
    ax = drawing("presence, all").ax
    assert len(ax.get_yticklabels()) == gallery.DEPLOYMENTS.actor_id.nunique()
    assert {"Islamic State", "Government of Syria and allies"} <= set(texts(ax))


def test_a_stated_end_is_solid_and_an_unknown_one_fades() -> None:
    """Mosul: the army's bar ends where the page says; the Emergency Response Division's fades for 92 days."""
    army = polygons(ck.plot_presence(gallery.DEPLOYMENTS.query("deployment_id == 'iraqi-army-mosul-2016-10-17'")))
    assert army == [(date2num(np.datetime64("2016-10-17")), date2num(np.datetime64("2017-07-11")), 0.6)]
    erd = polygons(ck.plot_presence(gallery.DEPLOYMENTS.query("deployment_id == 'erd-mosul-2017-02-19'")))
    assert len(erd) == 1 + FADE
    assert erd[-1][1] == pytest.approx(date2num(np.datetime64("2017-02-19")) + 93)
    fading = [opacity for _, _, opacity in erd[1:]]
    assert fading == sorted(fading, reverse=True)


def test_the_rule_is_in_the_caption(caption: Callable[[Axes], str]) -> None:
    """Three rules, three sentences."""
    rows = gallery.DEPLOYMENTS.query("actor_id == 'usa'")
    assert "for 92 days after their report" in caption(ck.plot_presence(rows))
    assert "only in the day, month or year" in caption(ck.plot_presence(rows, assume_days=0))
    assert "however old the report" in caption(ck.plot_presence(rows, assume_days=None))


def test_one_force_was_reported() -> None:
    """And two were."""
    forces = ck.load_deployments()
    for actors, words in ((["usa"], "When 1 force was reported"), (["usa", "spain"], "When 2 forces were reported")):
        assert ck.plot_presence(forces[forces.actor_id.isin(actors)]).get_title(loc="left") == words


def test_an_unknown_force_is_refused() -> None:
    """It gets its nearest match."""
    with pytest.raises(TableError, match=r"'ussa'.*'usa'"):
        ck.plot_presence(gallery.DEPLOYMENTS.head(1).assign(actor_id="ussa"))
