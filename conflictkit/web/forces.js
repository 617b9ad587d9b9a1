// Forces on the map: which reports count on a day, one symbol for each force and point, moved apart where they would
// hide each other. When a report counts is decided by maps/deployments.py; this only compares days.

// Reports of `data.forces` by day. No drawing here.
function makeReports({ columns, rows, actors }) {
  const all = rows.map(cells => Object.fromEntries(columns.map((name, index) => [name, cells[index]])));
  const above = actor => actors[actor].parent;

  // Of one day: reports in force, with `presence`, `last` (latest report of the force there).
  function on(day) {
    const last = new Map();
    for (const row of all) {
      const key = `${row.actor} ${row.base}`;
      if (row.start <= day && row.start > (last.get(key) ?? "")) last.set(key, row.start);
    }
    return all.filter(row => row.start <= day && !(row.end && row.end <= day)).map(row => ({
      ...row, presence: row.known ? "stated" : day < row.sure ? "reported" : "assumed", last: last.get(`${row.actor} ${row.base}`),
    }));
  }

  // One symbol for each force and point, with its reports, the latest first.
  function symbols(here) {
    const found = new Map();
    for (const row of here) {
      if (row.latitude === null) continue;
      const key = `${row.actor} ${row.spot}`;
      found.set(key, [...(found.get(key) ?? []), row]);
    }
    return [...found].map(([key, group]) => {
      const reports = [...group].sort((a, b) => (a.start < b.start) - (a.start > b.start)), [latest] = reports;
      return {
        key, reports, actor: latest.actor, where: latest.where, latitude: latest.latitude, longitude: latest.longitude,
        kind: reports.find(row => row.kind !== "unstated")?.kind ?? "unstated",
        band: reports.find(row => row.band >= 0)?.band ?? -1,
        presence: reports.find(row => row.presence !== "assumed")?.presence ?? "assumed",
        backers: [...new Set(reports.flatMap(row => row.backers))],
      };
    });
  }

  function chain(actor) {
    const up = [];
    for (let at = actor; at >= 0; at = above(at)) up.push(at);
    return up;
  }

  // Pairs of symbols: each with the nearest position of what it belongs to, or of each of its backers or a part of one.
  function lines(found, kind) {
    const pairs = new Map();
    found.forEach((symbol, number) => {
      const parent = chain(symbol.actor).slice(1).find(up => found.some(other => other.actor === up));
      const wanted = kind === "parent" ? [other => other.actor === parent]
        : symbol.backers.map(backer => other => chain(other.actor).includes(backer));
      for (const test of wanted) {
        const near = found.map((other, at) => [kilometres(symbol, other), at])
          .filter(([, at]) => found[at].actor !== symbol.actor && test(found[at])).sort(([a, i], [b, j]) => a - b || i - j)[0];
        if (near && near[0] > 0) pairs.set(`${number} ${near[1]}`, [number, near[1]]);
      }
    });
    return [...pairs.values()];
  }
  return { on, symbols, lines, all };
}

// Of two points, on a sphere: enough to tell which is nearer.
function kilometres(one, other) {
  const turn = Math.PI / 180, rise = (other.latitude - one.latitude) * turn, run = (other.longitude - one.longitude) * turn;
  const half = Math.sin(rise / 2) ** 2
    + Math.cos(one.latitude * turn) * Math.cos(other.latitude * turn) * Math.sin(run / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(half));
}

// Where to draw symbols so that none hides another: the rule of charts/symbols.py.
function fanOut(points, diameters, { air, step, turns, rings }) {
  const order = diameters.map((_, number) => number).sort((a, b) => diameters[b] - diameters[a] || a - b), found = [];
  const spots = [[0, 0]];
  for (let ring = 1; ring < rings; ring += 1) {
    for (let at = 0; at < turns; at += 1) {
      const angle = 2 * Math.PI * at / turns;
      spots.push([step * ring * Math.cos(angle), step * ring * Math.sin(angle)]);
    }
  }
  for (const number of order) {
    const [x, y] = points[number];
    const taken = Object.entries(found).map(([other, spot]) => [...spot, (diameters[other] + diameters[number]) / 2 + air]);
    const free = spots.find(([dx, dy]) => taken.every(([left, top, apart]) => Math.hypot(x + dx - left, y + dy - top) >= apart));
    found[number] = free ? [x + free[0], y + free[1]] : [x, y];
  }
  return found;
}

function makeForces(L, map, state, panels) {
  const data = state.data.forces, reports = makeReports(data), look = state.data.look;
  ["area", "lines", "symbols"].forEach((name, index) => {
    const pane = map.createPane(`ck-force-${name}`);
    pane.style.zIndex = 425 + 10 * index;
    if (name !== "symbols") pane.style.pointerEvents = "none";
  });
  const group = L.layerGroup().addTo(map), markers = new Map(), marks = L.layerGroup().addTo(group);
  const renderers = Object.fromEntries(["area", "lines"].map(name => [name, L.svg({ pane: `ck-force-${name}`, padding: 0.4 })]));
  const thin = (pane, style) => ({ pane: `ck-force-${pane}`, renderer: renderers[pane], interactive: false, color: look.ink, ...style });
  const popup = L.popup({ minWidth: 220, autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [58, 12] });
  const listeners = [], off = new Set();
  let day = state.days[0], hidden = new Set(), lines = data.lines, here = [], found = [], boxes = [], chosen = "";

  const diameter = symbol => symbol.band < 0 ? data.unknown : data.bands[symbol.band][0];
  const parts = makeForcePanel(state, data, { visit, setSide, setLines, panels });

  function icon(symbol) {
    const size = diameter(symbol), box = html("div", {}, forceSymbol(data, symbol, size, look));
    return L.divIcon({ html: box, className: "ck-force", iconSize: [size + 6, size + 6] });
  }

  function show(now) {
    day = now;
    here = reports.on(day).filter(row => !hidden.has(row.id));
    const wanted = here.filter(row => !off.has(data.actors[row.actor].side));
    found = reports.symbols(wanted);
    const keys = new Set(found.map(symbol => symbol.key));
    for (const [key, marker] of markers) if (!keys.has(key)) { marker.remove(); markers.delete(key); }
    for (const symbol of found) {
      const drawn = [symbol.kind, symbol.band, symbol.presence].join();
      let marker = markers.get(symbol.key);
      if (!marker) {
        marker = L.marker([symbol.latitude, symbol.longitude], { pane: "ck-force-symbols", keyboard: false, icon: icon(symbol) });
        marker.bindTooltip(() => html("span", {}, forceName(data, marker.symbol)), { direction: "top", offset: [0, -8] });
        marker.on("click", () => open(marker.symbol.key));
        markers.set(symbol.key, marker.addTo(group));
      } else if (marker.drawn !== drawn) marker.setIcon(icon(symbol));
      Object.assign(marker, { symbol, drawn });
    }
    place();
    parts.show(here, found, wanted.filter(row => row.latitude === null), day);
    if (chosen && map.hasLayer(popup)) keys.has(chosen) ? popup.setContent(content(chosen)) : popup.close();
  }

  // Symbols side by side, with lines to their points; areas of doubt; lines to parents or backers.
  function place() {
    marks.clearLayers();
    const ends = found.map(symbol => map.latLngToLayerPoint([symbol.latitude, symbol.longitude]));
    const sizes = found.map(diameter), spots = fanOut(ends.map(({ x, y }) => [x, y]), sizes, data.fan);
    const where = spots.map(spot => map.layerPointToLatLng(spot));
    boxes = spots.map(([x, y], number) => [x - sizes[number] / 2 - 1, y - sizes[number] / 2 - 1, x + sizes[number] / 2 + 1, y + sizes[number] / 2 + 1]);
    const areas = new Set();
    found.forEach((symbol, number) => {
      markers.get(symbol.key).setLatLng(where[number]);
      const point = [symbol.latitude, symbol.longitude], [{ spot, doubt, ring }] = symbol.reports;
      if (ends[number].distanceTo(spots[number]) > data.fan.aside * sizes[number]) {
        L.polyline([point, where[number]], thin("lines", { weight: 1 })).addTo(marks);
        L.circleMarker(point, thin("lines", { radius: 2, weight: 1, fillOpacity: 1 })).addTo(marks);
      }
      if (areas.has(spot)) return;
      areas.add(spot);
      if (ring) {
        const [, latitude, longitude, km] = ring, centre = [latitude, longitude];
        const band = [km + doubt, km - doubt].map(radius => circle(centre, radius));
        L.polygon(band, thin("area", { stroke: false, fillOpacity: 0.13 })).addTo(marks);
        L.circle(centre, thin("area", { radius: 1000 * km, fill: false, weight: 1.2, dashArray: "6 4" })).addTo(marks);
      } else L.circle(point, thin("area", { radius: 1000 * doubt, stroke: false, fillOpacity: 0.13 })).addTo(marks);
    });
    if (lines !== "none") {
      for (const [one, other] of reports.lines(found, lines)) {
        L.polyline([where[one], where[other]], thin("lines", { weight: 1.6, dashArray: "2 4", className: "ck-force-line" })).addTo(marks);
      }
    }
  }

  // The corners of a circle so many km around a point.
  function circle([latitude, longitude], km) {
    const north = km / 111.2, east = north / Math.cos(latitude * Math.PI / 180);
    return Array.from({ length: 72 }, (_, at) => at * Math.PI / 36)
      .map(angle => [latitude + north * Math.sin(angle), longitude + east * Math.cos(angle)]);
  }

  const content = key => parts.content(found.find(symbol => symbol.key === key), day);
  function open(key) {
    const symbol = found.find(other => other.key === key);
    if (!symbol) return;
    chosen = key;
    const spot = markers.get(key).getLatLng();
    if (!map.getBounds().contains(spot)) map.panTo(spot, { animate: false });
    popup.options.maxWidth = Math.min(340, map.getSize().x - 110);
    popup.setLatLng(spot).setContent(content(key)).openOn(map);
    listeners.forEach(listener => listener(data.actors[symbol.actor].id));
  }
  function visit(key) { enter(popup, () => open(key)); }
  function openActor(id) {
    const own = found.filter(other => data.actors[other.actor].id === id);
    const symbol = own.find(({ presence }) => presence !== "assumed") ?? own[0];
    if (symbol) open(symbol.key);
  }
  const again = () => { show(day); map.fire("ck-forces"); };
  function setSide(side, on) {
    on ? off.delete(side) : off.add(side);
    again();
  }
  function setLines(kind) { lines = kind; place(); }

  map.on("zoomend", () => {
    place();
    if (chosen && map.hasLayer(popup)) popup.setLatLng(markers.get(chosen)?.getLatLng() ?? popup.getLatLng());
  });
  return {
    group, show, open, openActor, setSide, setLines, key: parts.key, list: parts.list, sentence: parts.sentence,
    boxes: () => boxes, setHidden: ids => { hidden = new Set(ids); again(); },
    chosen: () => map.hasLayer(popup) && chosen ? data.actors[found.find(symbol => symbol.key === chosen)?.actor]?.id ?? "" : "",
    onOpen: listener => listeners.push(listener),
    // what is shown, read back for the tests
    shown: () => here.map(row => [row.id, row.presence]),
    joined: () => reports.lines(found, lines).map(pair => pair.map(number => found[number].reports[0].id)),
  };
}
