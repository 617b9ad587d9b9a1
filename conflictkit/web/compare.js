// Two dates on one map: what one holder kept, gained and lost; either date alone; or both, with a divider between them.

const VIEWS = [["change", "Change"], ["before", "Before"], ["after", "After"], ["both", "Both"]];

function makeComparison(L, map, state, paints, { top, side }) {
  const { data } = state, own = new Set(data.compare.own), holder = data.compare.own[0];
  const land = makeLand(L, map, state, paints), other = land.twin();
  const places = data.shapes ? null : makePlaces(L, map, state, paints);
  const labels = makeLabels(L, map, state);
  const ends = [0, 1].map(step => state.deciding(step));
  const swipe = makeSwipe(map), words = html("p", { class: "ck-spoken", role: "status", "aria-live": "polite" });
  let view = "change", level = state.levels[0];

  // Of one piece of land: how it looks in the view of change.
  function look(before, after) {
    const mine = state.actors[holder], kept = own.has(before.holder), now = own.has(after.holder);
    if (kept && now) return mine.color;
    if (now) return paints.pattern(mine.color, data.compare.dots, ".");
    if (!kept) return data.look.none;
    const ground = after.sides ? state.actors[state.number.get("contested")].color : state.actors[after.holder].color;
    return paints.pattern(ground, mine.ink, "/");
  }

  function draw() {
    land.change(view === "change" ? look : null, ends);
    land.show(ends[view === "after" ? 1 : 0]);
    other.visible(view === "both");
    map.getPane("ck-fronts").style.display = view === "both" ? "none" : "";
    if (view === "both") other.show(ends[1]);
    places?.show(ends[view === "before" ? 0 : 1]);
    swipe.visible(view === "both");
    side.replaceChildren(words, ...(view === "change" ? [changeTable()] : []), holdersTable(), ...(events ? [events.box] : []));
    words.textContent = `${VIEWS.find(([name]) => name === view)[1]}: ${summary()}`;
  }

  // km2 kept, gained and lost at a level, and to whom the lost land went.
  function sums(name) {
    const found = { held: 0, gained: 0, lost: 0, to: new Map() };
    const pairs = land.pairs(ends, name), fold = state.folder(new Set(pairs.map(pair => pair.after)));
    for (const { before, after: holder, km2 } of pairs) {
      const after = fold(holder);
      const kept = own.has(before), now = own.has(holder);
      if (kept && now) found.held += km2;
      else if (now) found.gained += km2;
      else if (kept) { found.lost += km2; found.to.set(after, (found.to.get(after) ?? 0) + km2); }
    }
    return found;
  }
  const summary = () => {
    const { held, gained, lost } = sums(level);
    return `${state.actors[holder].name}, ${data.levels[level].name.toLowerCase()} land: held on both days ${rounded(held)}, `
      + `gained ${rounded(gained)}, lost ${rounded(lost)} km\u00B2.`;
  };

  function swatch(fill) {
    const box = svg("svg", { width: 28, height: 14, "aria-hidden": "true", class: "ck-swatch" });
    svg("rect", { width: 28, height: 14, fill, stroke: data.look.admin, "stroke-width": 0.5 }, box);
    return box;
  }
  const head = names => html("thead", {}, html("tr", {}, ...names.map(name => html("th", { scope: "col" }, name))));
  const row = (box, name, numbers) => html("tr", {}, html("th", { scope: "row" }, box, name),
    ...numbers.map(km2 => html("td", {}, rounded(km2))));
  const table = (title, names, rows) => html("table", { class: "ck-legend" }, html("caption", {}, title), head(names),
    html("tbody", {}, ...rows));

  function changeTable() {
    const found = state.levels.map(sums), mine = { holder, sides: null };
    const columns = ["km\u00B2", ...state.levels.map(name => data.levels[name].name)];
    const nobody = { holder: state.number.get("none"), sides: null };
    const rows = [["held", "Held on both days", look(mine, mine)], ["gained", "Gained", look(nobody, mine)],
      ["lost", "Lost", look(mine, nobody)]];
    const takers = [...found[0].to.entries()].sort(([, a], [, b]) => b - a).map(([taker]) => taker);
    return table(`${state.actors[holder].name}, ${dayWords(state.days[0])} to ${dayWords(state.days[1])}`, columns, [
      ...rows.map(([kind, name, fill]) => row(swatch(fill), name, found.map(sum => sum[kind]))),
      ...takers.map(taker => row(swatch(look(mine, { holder: taker, sides: null })), `lost, now ${state.actors[taker].short}`,
        found.map(sum => sum.to.get(taker) ?? 0))),
    ]);
  }

  function holdersTable() {
    const legend = makeLegend(state, paints), found = ends.map(end => state.areas(end, level));
    const present = new Set(found.flatMap(sums => legend.present(sums)));
    const rows = found.map(sums => legend.rows(sums, present));
    const km2 = (found, wanted) => found.find(item => item.holder === wanted)?.km2 ?? 0;
    const all = [...new Set(rows.flat().map(item => item.holder))].filter(wanted => wanted >= 0)
      .sort((a, b) => km2(rows[1], b) - km2(rows[1], a));
    return table(`${data.levels[level].name} land, km\u00B2`, ["Holder", ...state.days.map(shortDay)],
      all.map(wanted => row(legend.swatch(wanted), state.actors[wanted].short, rows.map(found => km2(found, wanted)))));
  }

  const go = place =>
    map.setView([data.places[place][5], data.places[place][4]], Math.max(map.getZoom(), data.near_zoom), { animate: false });
  const open = place => { go(place); places.open(place); }, visit = place => { go(place); places.visit(place); };
  const events = data.shapes ? null : makeEvents(state, visit);
  events?.show(1);
  const setView = name => { view = name; draw(); };
  const setLevel = name => { level = name; land.level(level); draw(); };
  const row0 = html("div", { class: "ck-controls" }, makeChoice("Show", VIEWS.map(([name, said]) => [name, said, ""]), view, setView));
  if (state.levels.length > 1) {
    row0.append(makeChoice("Land", state.levels.map(name => [name, data.levels[name].name, data.levels[name].definition]), level, setLevel));
  }
  row0.append(swipe.slider);
  if (places) row0.append(makeFinder(state, visit));
  top.append(row0);
  swipe.label(state.days.map(dayWords));
  land.level(level);
  draw();
  const overlays = { Water: land.groups.water, Governorates: land.groups.admin, ...(places ? { Places: places.group } : {}) };
  return { handle: { setView, setLevel, open, drawn: land.drawn, sums, swipe: swipe.move }, overlays: { layers: overlays, labels } };
}

// A divider across the map, moved from the keyboard: left of it the first date, right of it the second.
function makeSwipe(map) {
  const slider = html("input", { type: "range", min: 0, max: 100, value: 50, "aria-label": "Divider between the two dates", class: "ck-slider" });
  const line = html("div", { class: "ck-swipe" }), left = html("span"), right = html("span");
  line.append(left, right);
  map.getContainer().append(line);
  let on = false;

  function clip() {
    const pane = map.getPane("ck-other"), size = map.getSize(), at = size.x * slider.value / 100;
    const corner = map.containerPointToLayerPoint([0, 0]), end = map.containerPointToLayerPoint(size);
    pane.style.clip = `rect(${corner.y}px, ${end.x}px, ${end.y}px, ${corner.x + at}px)`;
    line.style.left = `${at}px`;
    slider.setAttribute("aria-valuetext", `${slider.value} % of the map shows the first date`);
  }
  slider.addEventListener("input", clip);
  map.on("move zoomend resize", () => { if (on) clip(); });
  return {
    slider,
    label: ([first, second]) => { left.textContent = first; right.textContent = second; },
    move: percent => { slider.value = percent; clip(); },
    visible: wanted => {
      on = wanted;
      slider.hidden = line.hidden = !wanted;
      if (wanted) clip();
    },
  };
}
