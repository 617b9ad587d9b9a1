"""Name river lines that carry no names, by the towns that they pass."""

from __future__ import annotations

import heapq
from itertools import pairwise
from typing import TYPE_CHECKING

import shapely

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from shapely.geometry.base import BaseGeometry

# River: towns along it, in order, spelled as GeoNames does. Each line is a reach; a lake may lie between two reaches.
REACHES = """
Euphrates: Doğanyol, Gümüşkaya, Halfeti, Birecik, Jarābulus, Al-Tabqa, Ar Raqqah, Deir ez-Zor, Al Mayādīn, Ālbū Kamāl
Euphrates: Ālbū Kamāl, Al Qā’im, Rāwah, Ḩadīthah, Hīt, Ramadi, Al Fallūjah, Al-Musayab, Al Hindīyah, Kufa, As Samawah
Euphrates: As Samawah, Nasiriyah, Al Jabāyish
Tigris: Diyarbakır, Bismil, Hasankeyf, Cizre, Mosul, Al Qayyārah, Ash Sharqāt, Bayjī, Tikrīt, Sāmarrā’, Baghdad
Tigris: Baghdad, Al-Kut, ‘Alī al Gharbī, Al ‘Amārah, Qal‘at Şāliḩ
Shatt al-Arab: Al Qurnah, Al Hārithah, Abī al Khaşīb, Al Fāw
Afrin: ‘Afrīn, Jindayris
Barada: ‘Ayn al Fījah, Qadsayyā, Damascus
Diyala: Derbendîxan, Kelar, Baqubah
Great Zab: Hilora, Xebat
Khabur: Ra’s al ‘Ayn, Tall Tamr, Al Ḩasakah, Ash Shaddādah, Markadah, Al Buşayrah
Little Zab: Dukan, Dibis, Al ‘Abbāsī
Orontes: Al Quşayr, Kafr Mūsá Al-Hmidiya
Orontes: Ar Rastan, Ḩamāh, Maharda, Jisr ash Shughūr, Darkūsh, Antakya
Shatt al-Gharraf: Al Ḩayy, Ar Rifā‘ī, Ash Shaţrah
Shatt al-Hillah: Al Hillah, Al Diwaniyah
"""
RIVERS = [(river, towns.split(", ")) for river, towns in (line.split(": ") for line in REACHES.strip().splitlines())]
MAIN_STEMS = ("Euphrates", "Tigris", "Shatt al-Arab")
TOWN_KM = 5.0  # the lines are good to a few km, and a town's point is its centre, not its bank
GAP_M = 1000.0  # lines of one river that were digitized apart: the widest such gap is 0.7 km (Euphrates, Tigris)


def name_lines(lines: Mapping[int, BaseGeometry], towns: Mapping[str, BaseGeometry]) -> dict[int, str]:
    """Give the lines on the way through the towns of each reach the name of its river; all coordinates in metres."""
    near = shapely.STRtree(list(lines.values()))
    numbers = list(lines)
    links: dict[int, list[int]] = {number: [] for number in numbers}
    for one, other in near.query(list(lines.values()), predicate="dwithin", distance=GAP_M).T:
        links[numbers[one]].append(numbers[other])
    names: dict[int, str] = {}
    for river, stops in RIVERS:
        reach = [nearest_line(lines, stop, towns[stop], river) for stop in stops]
        for start, end in pairwise(reach):
            for number in shortest_way(lines, links, start, end):
                if names.setdefault(number, river) != river:
                    msg = f"line {number} would be both {names[number]} and {river}"
                    raise ValueError(msg)
    return names


def nearest_line(lines: Mapping[int, BaseGeometry], town: str, point: BaseGeometry, river: str) -> int:
    """Find the line nearest to a town, which must be near enough to say something about the river."""
    distance, number = min((line.distance(point), number) for number, line in lines.items())
    if distance > TOWN_KM * 1000:
        msg = f"{town} is {distance / 1000:.1f} km from the nearest river line, so it cannot tell where the {river} is"
        raise ValueError(msg)
    return number


def shortest_way(
    lines: Mapping[int, BaseGeometry], links: Mapping[int, Sequence[int]], start: int, end: int
) -> tuple[int, ...]:
    """Find the lines of least total length that lead from one line to another."""
    queue: list[tuple[float, tuple[int, ...]]] = [(0.0, (start,))]
    done: set[int] = set()
    while queue:
        length, way = heapq.heappop(queue)
        if way[-1] == end:
            return way
        if way[-1] not in done:
            done.add(way[-1])
            for following in links[way[-1]]:
                heapq.heappush(queue, (length + lines[following].length, (*way, following)))
    msg = f"no way along the river lines from line {start} to line {end}"
    raise ValueError(msg)
