// One map: the drawing, its controls and its numbers, kept together. The offline page and the live widget both call this.

// With `panels` false the controls and numbers are the caller's; chart, map and the list of changes stay.
function conflictkitMap(L, data, { map = null, element = null, panels = true } = {}) {
  const root = html("div", { class: `ck${panels ? "" : " ck-bare"}${data.forces ? " ck-forces" : ""}` });
  const stage = map ? map.getContainer() : html("div", { class: "ck-stage" });
  (map ? stage.parentNode : element).insertBefore(root, map ? stage : null);
  const side = html("div", { class: "ck-side" }), top = html("div", { class: "ck-top" });
  root.append(top, stage, side);
  stage.classList.add("ck-stage");
  stage.setAttribute("role", "region");
  stage.setAttribute("aria-label", "Map: arrow keys move it, plus and minus zoom");
  map ??= L.map(stage, { zoomSnap: 0.25, attributionControl: false });
  if (matchMedia("(prefers-reduced-motion: reduce)").matches) {
    map.options.zoomAnimation = map.options.fadeAnimation = map.options.inertia = false;
    map._zoomAnimated = false;
  }
  map.setView([(data.bounds[0][0] + data.bounds[1][0]) / 2, (data.bounds[0][1] + data.bounds[1][1]) / 2], 6, { animate: false });

  const state = makeState(data), paints = makePaints(root, state);
  const parts = data.compare ? makeComparison(L, map, state, paints, { top, side })
    : makeSeries(L, map, state, paints, { top, side, panels });
  addFurniture(L, map, root, parts.overlays);
  keepFitted(map, stage, data.bounds);
  return Object.assign(parts.handle, { root, map, state, remove: () => { map.remove(); root.remove(); } });
}

// Show all of the land in whatever room the map has, until the reader moves it.
function keepFitted(map, stage, bounds) {
  let ours = false, moved = false;
  const fit = () => {
    ours = true;
    map.invalidateSize({ pan: false });
    if (!moved) map.fitBounds(bounds, { animate: false });
    ours = false;
  };
  map.on("dragstart zoomstart movestart", () => { moved ||= !ours; });
  fit();
  new ResizeObserver(fit).observe(stage);
}

// The map over time.
function makeSeries(L, map, state, paints, { top, side, panels }) {
  const { data } = state, listeners = [];
  const land = makeLand(L, map, state, paints);
  const doubt = data.doubt ? makeDoubt(L, map, state) : null;
  const places = data.shapes ? null : makePlaces(L, map, state, paints);
  const forces = data.forces ? makeForces(L, map, state, panels) : null;
  const labels = makeLabels(L, map, state, forces?.boxes);
  const go = place =>
    map.setView([data.places[place][5], data.places[place][4]], Math.max(map.getZoom(), data.near_zoom), { animate: false });
  const open = place => { go(place); places.open(place); }, visit = place => { go(place); places.visit(place); };
  const openId = id => {
    const place = places ? data.places.findIndex(row => row[0] === id) : -1;
    if (place >= 0) open(place);
  };
  const controls = makeControls(state, choose), legend = makeLegend(state, paints), events = makeEvents(state, visit);
  const chart = makeChart(state, choose), words = html("p", { class: "ck-spoken", role: "status" });
  let step = -1, level = state.levels[0];
  if (state.levels.length > 1) {
    controls.row.append(makeChoice("Land", state.levels.map(name => [name, data.levels[name].name, data.levels[name].definition]),
      level, setLevel));
  }
  if (places) controls.row.append(makeFinder(state, visit));
  top.append(...(panels ? [controls.row] : []), chart.frame);
  if (forces) {
    side.append(words, forces.key, legend.box, ...(panels ? [forces.list] : []), events.box);
    map.on("ck-forces", labels.draw);
  } else side.append(words, ...(panels ? [legend.box] : []), events.box);

  function choose(wanted) {
    const next = Math.max(0, Math.min(state.days.length - 1, wanted));
    if (next === step) return;
    step = next;
    draw();
    listeners.forEach(listener => listener(step));
  }
  function draw() {
    const decided = state.deciding(step);
    land.show(decided);
    doubt?.show(decided);
    places?.show(decided);
    if (forces) { forces.show(state.days[step]); labels.draw(); }
    controls.show(step);
    chart.show(step);
    numbers(decided);
    events.show(step);
  }
  function numbers(decided) {
    const sums = state.areas(decided, level);
    words.setAttribute("aria-live", controls.playing() ? "off" : "polite");
    words.textContent = sentence(state, legend.rows(sums), state.days[step], data.levels[level].name)
      + (forces ? ` ${forces.sentence()}.` : "");
    legend.show(sums, level, `${data.levels[level].name} land on ${dayWords(state.days[step])}`);
  }
  function setLevel(name) {
    level = name;
    land.level(level);
    chart.level(level);
    numbers(state.deciding(step));
  }
  land.level(level);
  if (!forces) labels.draw();
  choose(data.start ?? state.days.length - 1);
  chart.draw();

  const overlays = { Water: land.groups.water, Governorates: land.groups.admin };
  if (places) Object.assign(overlays, { "Lines between holders": land.groups.fronts, Places: places.group });
  if (doubt) overlays.Doubt = doubt.layer;
  if (forces) overlays.Forces = forces.group;
  const handle = {
    show: choose, setLevel, open, openId, forces, place: () => places?.chosen() ?? "", onPlace: listener => places?.onOpen(listener),
    setVisible: ids => { land.visible(new Set(ids.map(id => state.number.get(id)))); land.show(state.deciding(step)); },
    drawn: land.drawn,
    step: () => step, level: () => level, onStep: listener => listeners.push(listener),
    holders: () => state.deciding(step).map(event => state.actors[(event?.paint ?? state.nobody).holder].id),
  };
  return { handle, overlays: { layers: overlays, labels } };
}

// The state in a sentence, for those who hear the page instead of seeing it.
function sentence(state, rows, day, level) {
  const said = rows.filter(row => row.holder >= 0).slice(0, 4)
    .map(({ holder, km2, share }) => `${state.actors[holder].name} ${rounded(km2)} km\u00B2 (${percent(share)})`);
  return `${dayWords(day)}, ${level.toLowerCase()} land: ${said.join(", ")}.`;
}

// Scale, layers, full screen, the position under the pointer.
function addFurniture(L, map, root, { layers, labels }) {
  L.control.scale({ imperial: false }).addTo(map);
  const names = L.layerGroup();
  names.onAdd = () => { labels.toggle(true); return names; };
  names.onRemove = () => { labels.toggle(false); return names; };
  names.addTo(map);
  L.control.layers(null, { ...layers, Names: names }, { position: "topright" }).addTo(map);

  const button = (icon, label, act) => {
    const control = L.control({ position: "topright" }); // at the upper left a small map has towns
    control.onAdd = () => {
      const made = html("button", { type: "button", class: "ck-button leaflet-bar", "aria-label": label, title: label }, icon);
      made.addEventListener("click", act);
      L.DomEvent.disableClickPropagation(made);
      return made;
    };
    control.addTo(map);
  };
  if (document.fullscreenEnabled) {
    const corners = svg("svg", { width: 16, height: 16, "aria-hidden": "true" });
    svg("path", { d: "M1,5V1H5 M11,1H15V5 M15,11V15H11 M5,15H1V11", stroke: "#222222", "stroke-width": 2, fill: "none" }, corners);
    button(corners, "Full screen", () => document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen());
  }
  const where = L.control({ position: "bottomright" });
  where.onAdd = () => html("div", { class: "ck-where", "aria-hidden": "true" });
  where.addTo(map);
  const degrees = (value, letters) => `${Math.abs(value).toFixed(3)}\u00B0 ${letters[value < 0 ? 1 : 0]}`;
  map.on("mousemove", ({ latlng }) => {
    where.getContainer().textContent = `${degrees(latlng.lat, "NS")}, ${degrees(latlng.lng, "EW")}`;
  });
  map.on("mouseout", () => { where.getContainer().textContent = ""; });
}
