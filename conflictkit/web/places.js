// Places as points: a dot in the colour of the holder, a size by residents, a popup with the history and its sources.

function makePlaces(L, map, state, paints) {
  const { data } = state, look = data.look;
  const pane = map.createPane("ck-places");
  pane.style.zIndex = 430;
  const renderer = L.svg({ pane: "ck-places", padding: 0.4 });
  const group = L.layerGroup().addTo(map);
  const popup = L.popup({ minWidth: 200, autoPanPaddingTopLeft: [52, 12], autoPanPaddingBottomRight: [12, 12] });
  const tip = L.tooltip({ direction: "top", offset: [0, -4] });
  const listeners = [];
  let decided = [], chosen = -1;

  const dots = data.places.map(([, name, , , longitude, latitude, residents], place) => {
    const radius = sizeOf(data.sizes, residents) * 0.6;
    const dot = L.circleMarker([latitude, longitude], {
      pane: "ck-places", renderer, radius, weight: 0.8, color: look.ink, fillOpacity: 1, className: "ck-place",
    });
    // not bindTooltip: its listeners would make hundreds of dots stops of the Tab key
    dot.on("mouseover", () => tip.setLatLng(dot.getLatLng()).setContent(html("span", {}, name)).addTo(map));
    dot.on("mouseout", () => tip.remove());
    dot.on("click", event => { L.DomEvent.stopPropagation(event); open(place); });
    dot.key = "";
    return dot;
  });

  // At a small scale only places of known size: the rest would cover the land.
  function thin() {
    const wide = map.getZoom() < data.near_zoom;
    dots.forEach((dot, place) => {
      const wanted = !wide || data.places[place][6] > 0;
      if (wanted !== group.hasLayer(dot)) wanted ? group.addLayer(dot) : group.removeLayer(dot);
    });
  }

  function show(now) {
    decided = now;
    dots.forEach((dot, place) => {
      const paint = decided[place]?.paint ?? state.nobody, key = paints.key(paint);
      if (dot.key === key) return;
      dot.key = key;
      dot.setStyle({ fillColor: paints.fill(paint) });
    });
    if (chosen >= 0 && popup.isOpen()) popup.setContent(content(chosen));
  }

  function open(place) {
    const [, , , , longitude, latitude] = data.places[place];
    chosen = place;
    popup.options.maxWidth = Math.min(320, map.getSize().x - 110);
    popup.setLatLng([latitude, longitude]).setContent(content(place)).openOn(map);
    listeners.forEach(listener => listener(data.places[place][0]));
  }

  function visit(place) {
    enter(popup, () => open(place));
  }

  const name = holder => holder >= 0 ? state.actors[holder].name : "a side that the table does not name";

  function held(event) {
    if (!event) return "Not known on this day: its first row is later.";
    const since = event.before ? `since ${dateWords(event.day, event.precision)}` : "since the table begins";
    if (!event.paint.sides) return `Held by ${name(event.actor)} ${since}.`;
    const [before, after] = event.paint.sides;
    return `Contested ${since}: before, ${name(before)}; after, ${name(after)}.`;
  }

  function content(place) {
    const [, title, arabic, kind] = data.places[place], event = decided[place];
    const box = html("div", { class: "ck-popup" }, html("h3", {}, title));
    if (arabic) box.append(html("p", { lang: "ar", dir: "rtl" }, arabic));
    box.append(html("p", {}, held(event)));
    if (event) {
      box.append(html("p", {}, "Source: ", sourceLink(data.sources[event.source]), `. Confidence: ${event.confidence}.`));
    }
    const rows = state.history[place].map(row => html("li", {},
      `${dateWords(row.day, row.precision)}: ${name(row.actor)} (${row.confidence}) `, sourceLink(data.sources[row.source])));
    box.append(html("details", {}, html("summary", {}, rows.length === 1 ? `The one row of this ${kind}` : `All ${rows.length} rows of this ${kind}`),
      html("ul", {}, ...rows)));
    return box;
  }

  map.on("zoomend", thin);
  thin();
  return { group, show, open, visit, dots, chosen: () => data.places[chosen]?.[0] ?? "", onOpen: listener => listeners.push(listener) };
}

function sizeOf(sizes, residents) {
  return sizes.find(([least]) => residents >= least)[1];
}

const SCALE = 40; // pixels at the lower left that the scale bar takes

// Names of towns, the most important first, as many as fit without touching each other or the boxes to avoid.
function makeLabels(L, map, state, avoid = () => []) {
  const { data } = state;
  const pane = map.createPane("ck-labels");
  pane.style.zIndex = 440;
  pane.style.pointerEvents = "none";
  pane.setAttribute("aria-hidden", "true"); // the list of places says the same to a screen reader
  const sizes = new Map(); // measured once: to ask a browser for a size costs more than to draw
  let wanted = true;

  function draw() {
    pane.replaceChildren();
    if (!wanted) return;
    const size = map.getSize(), corner = map.containerPointToLayerPoint([0, 0]);
    const taken = [[corner.x, corner.y + size.y - SCALE, corner.x + SCALE * 4, corner.y + size.y], ...avoid()];
    const view = L.bounds(corner, corner.add(size));
    for (const [name, longitude, latitude, residents, kind] of data.labels) {
      if (kind === "place" && residents === 0 && map.getZoom() < data.near_zoom) continue;
      const point = map.latLngToLayerPoint([latitude, longitude]);
      if (!view.contains(point)) continue;
      place(name, point, kind, residents, { taken, view });
    }
  }

  function place(name, point, kind, residents, { taken, view }) {
    const label = html("span", { class: `ck-label ck-${kind}${residents >= data.sizes[0][0] ? " ck-large" : ""}` }, name);
    label.style.left = label.style.top = "0";
    pane.append(label);
    const known = `${label.className} ${name}`;
    if (!sizes.has(known)) sizes.set(known, [label.offsetWidth, label.offsetHeight]);
    const [width, height] = sizes.get(known);
    const middle = kind === "country";
    const spots = middle ? [[-width / 2, -height / 2]]
      : [[7, -height / 2], [-width - 7, -height / 2], [-width / 2, -height - 5], [-width / 2, 5]];
    const box = ([dx, dy]) => [point.x + dx - 2, point.y + dy, point.x + dx + width + 2, point.y + dy + height];
    const inside = ([left, top, right, bottom]) => left >= view.min.x && right <= view.max.x && top >= view.min.y && bottom <= view.max.y;
    const free = spots.map(spot => [spot, box(spot)])
      .find(([, where]) => inside(where) && !taken.some(other => overlap(where, other)))?.[0];
    if (!free) { label.remove(); return; }
    taken.push(box(free));
    label.style.transform = `translate(${Math.round(point.x + free[0])}px, ${Math.round(point.y + free[1])}px)`;
  }

  map.on("zoomstart", () => pane.replaceChildren());
  map.on("zoomend moveend resize", draw);
  return { draw, toggle: on => { wanted = on; draw(); } };
}

function overlap([left, top, right, bottom], [l, t, r, b]) {
  return left < r && l < right && top < b && t < bottom;
}
