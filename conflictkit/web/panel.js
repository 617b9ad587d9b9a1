// Around the map: controls above it, numbers beside it, what changed below them.

const PLAY_MS = 450, MOST_EVENTS = 60;

function makeControls(state, choose) {
  const last = state.days.length - 1;
  const slider = html("input", { type: "range", min: 0, max: last, step: 1, value: last, "aria-label": "Date", class: "ck-slider" });
  const back = html("button", { type: "button", "aria-label": "Previous date" }, "\u2039");
  const on = html("button", { type: "button", "aria-label": "Next date" }, "\u203A");
  const play = html("button", { type: "button", class: "ck-play", "aria-pressed": "false" }, "Play");
  const date = html("span", { class: "ck-date" }); // not live: the slider and the summary say it already
  let step = last, timer = 0;

  function halt() {
    clearInterval(timer);
    timer = 0;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  function run() {
    if (timer) { halt(); return; }
    if (step === last) choose(0);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => { step < last ? choose(step + 1) : halt(); }, PLAY_MS);
  }
  slider.addEventListener("input", () => { halt(); choose(Number(slider.value)); });
  back.addEventListener("click", () => { halt(); choose(step - 1); });
  on.addEventListener("click", () => { halt(); choose(step + 1); });
  play.addEventListener("click", run);

  function show(now) {
    step = now;
    slider.value = String(now);
    slider.setAttribute("aria-valuetext", dayWords(state.days[now]));
    date.textContent = dayWords(state.days[now]);
    back.disabled = now === 0;
    on.disabled = now === last;
  }
  const row = html("div", { class: "ck-controls" }, date, back, on, play, slider);
  if (last < 1) [back, on, play, slider].forEach(part => { part.hidden = true; });
  return { row, slider, show, halt, playing: () => timer !== 0 };
}

// A choice of a few words, as radio buttons: one tab stop, arrow keys, and the words are read out.
function makeChoice(legend, options, chosen, choose) {
  const name = `ck-choice-${Math.random().toString(36).slice(2)}`;
  const field = html("fieldset", { class: "ck-choice" }, html("legend", {}, legend));
  for (const [value, words, title] of options) {
    const radio = html("input", { type: "radio", name, value });
    radio.checked = value === chosen;
    radio.addEventListener("change", () => choose(value));
    field.append(html("label", { title }, radio, words));
  }
  return field;
}

// Numbers of the date: the legend of the map, with km2 and share of each holder.
function makeLegend(state, paints) {
  const body = html("tbody"), caption = html("caption");
  const head = html("thead", {}, html("tr", {}, html("th", { scope: "col" }, "Holder"),
    html("th", { scope: "col" }, "km\u00B2"), html("th", { scope: "col" }, "Share")));
  const table = html("table", { class: "ck-legend" }, caption, head, body);
  const key = html("ul", { class: "ck-key" });

  // Holder, km2, share; those painted alike added up, the largest first, land outside the core last.
  const present = sums => [...sums.keys()].filter(holder => sums[holder] > 0 && holder < state.actors.length);
  function rows(sums, among = new Set(present(sums))) {
    const whole = sums.reduce((sum, km2) => sum + km2, 0), folded = new Map();
    const fold = state.folder(among);
    for (const holder of present(sums)) folded.set(fold(holder), (folded.get(fold(holder)) ?? 0) + sums[holder]);
    const found = [...folded].sort(([, a], [, b]) => b - a).map(([holder, km2]) => ({ holder, km2, share: km2 / whole }));
    const outside = sums.at(-1);
    return outside > 0 ? [...found, { holder: -1, km2: outside, share: outside / whole }] : found;
  }

  function swatch(holder, level) {
    const box = svg("svg", { width: 28, height: 14, "aria-hidden": "true", class: "ck-swatch" });
    const actor = state.actors[holder];
    const contested = actor?.id === "contested";
    const fill = holder < 0 ? state.data.look.none : contested ? paints.pattern(state.data.grey.tint, state.data.look.ink, "/")
      : paints.fill({ holder, sides: null });
    svg("rect", { width: 28, height: 14, fill, stroke: state.data.look.admin, "stroke-width": 0.5 }, box);
    if (level === "core" && holder >= 0 && state.data.outside) {
      svg("rect", { x: 14, width: 14, height: 14, fill: "#FFFFFF", "fill-opacity": state.data.look.paler }, box);
    }
    return box;
  }

  function show(sums, level, words) {
    caption.textContent = words;
    body.replaceChildren(...rows(sums).map(({ holder, km2, share }) => html("tr", {},
      html("th", { scope: "row" }, swatch(holder, level), holder < 0 ? "Outside the core" : state.actors[holder].short),
      html("td", {}, rounded(km2)), html("td", {}, percent(share)))));
    key.replaceChildren(...state.data.key[level].map(line => html("li", {}, line)));
  }
  return { box: html("section", { "aria-label": "Legend and numbers" }, table, key), show, rows, present, swatch };
}

// What changed between the date before and this one: who took which place from whom, with the page that says so.
function makeEvents(state, open) {
  const title = html("h2"), list = html("ol");
  const box = html("section", { class: "ck-events", "aria-label": "What changed" }, title, list);
  const name = holder => holder < 0 ? "nobody" : state.actors[holder].short;

  function item(event) {
    const place = html("button", { type: "button", class: "ck-link" }, state.data.places[event.place][1]);
    place.addEventListener("click", () => open(event.place));
    return html("li", {}, place, `: ${name(event.before.actor)} \u2192 ${name(event.actor)}, `,
      `${dateWords(event.day, event.precision)}. `, sourceLink(state.data.sources[event.source]));
  }
  const moved = ([from, to, km2]) => html("li", {}, `${name(from)} \u2192 ${name(to)}: ${rounded(km2)} km\u00B2`);

  function show(step) {
    const found = state.changes(step), shown = found.slice(0, MOST_EVENTS);
    const since = step > 0 ? `since ${dayWords(state.days[step - 1])}` : "";
    title.textContent = step === 0 ? "The first day shown" : `${found.length || "No"} ${found.length > 1 ? "changes" : "change"} ${since}`;
    list.replaceChildren(...shown.map(state.data.shapes ? moved : item));
    if (found.length > shown.length) list.append(html("li", {}, `and ${found.length - shown.length} more: choose closer dates`));
    list.hidden = found.length === 0;
  }
  return { box, show };
}

// A box that opens a place by its name: the way to a place without a mouse.
function makeFinder(state, open) {
  const names = new Map(state.data.places.map(([, name], place) => [name.toLowerCase(), place]));
  const id = `ck-names-${Math.random().toString(36).slice(2)}`;
  const list = html("datalist", { id }, ...state.data.places.map(([, name]) => name).sort().map(name => html("option", { value: name })));
  const box = html("input", { type: "text", list: id, placeholder: "Find a place", "aria-label": "Find a place", class: "ck-find" });
  box.addEventListener("input", () => box.setCustomValidity(""));
  box.addEventListener("change", () => {
    const place = names.get(box.value.trim().toLowerCase());
    if (place !== undefined) open(place);
    else if (box.value) {
      box.setCustomValidity("The table of control has no row for a place of this name.");
      box.reportValidity();
    }
  });
  return html("span", {}, box, list);
}

// For those who came by keyboard: into the popup, and with Escape back to where they were.
function enter(popup, open) {
  const from = document.activeElement, box = (open(), popup.getElement());
  if (!box) return;
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
  box.onkeydown = event => {
    if (event.key !== "Escape") return;
    popup.close();
    from?.focus({ preventScroll: true });
  };
}
