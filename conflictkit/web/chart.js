// The area chart: a line a holder, as steps, for an area holds until the next change; the story's actor in colour and
// the others grey until asked; marks of the named changes; a cursor at the date shown.

import { makeSelect } from "./controls.js";
import { html, svg } from "./dom.js";
import { makeRange, rangePath } from "./ranges.js";
import { holdersOf } from "./state.js";
import { rounded, shortDay, WHOLE } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @import { NamedStep } from "./named.js"
 * @typedef {[holder: number, km2: number[]]} Line
 */

const HEIGHT = 168, BELOW = 17, LEFT = 76, CLOSE = 11, FEW = 24;
const MOST_LINES = 7, NARROW = 560, YEAR_WIDTH = 60, LETTER = 6.2, MARK_ROWS = 2, MARK_ROW = 12, ABOVE = 6;
const ROUND = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5];
const ALL_HOLDERS = "all", EVERYWHERE = "-1";

/**
 * @param {State} state
 * @param {(step: number) => void} choose
 * @param {NamedStep[]} named
 */
export function makeChart(state, choose, named) {
  const frame = svg("svg", { class: "ck-chart", height: HEIGHT, role: "img" });
  const times = state.days.map(day => Date.parse(day)), first = times[0], last = times[times.length - 1];
  /** @type {Record<string, Line[]>} */
  const lines = {};
  const head = html("figcaption"), top = named.length ? ABOVE + MARK_ROWS * MARK_ROW : 8;
  const holder = makeSelect("Holder", [{ id: ALL_HOLDERS, name: "all" }], ALL_HOLDERS), scope = makeScope(state);
  const range = makeRange(state);
  const box = html("figure", { class: "ck-figure" },
    html("div", { class: "ck-chart-head" }, head, holder.box, scope.box, range.box));
  // a drawing of its own above the lines, so that a step does not paint them again
  const over = svg("svg", { class: "ck-chart-over", height: HEIGHT, "aria-hidden": "true" });
  const line = svg("line", { class: "ck-cursor" }, over), knob = svg("circle", { class: "ck-knob", r: 3.2 }, over);
  box.append(html("div", { class: "ck-chart-room" }, frame, over), range.key);
  let level = state.levels[0], step = 0, width = 0, right = 8, offered = "", chosen = storyOf(state);
  let y = (/** @type {number} */ km2) => km2;

  const x = (/** @type {number} */ time) =>
    LEFT + (width - LEFT - right) * (last > first ? (time - first) / (last - first) : 0.5);
  const found = () => lines[`${level} ${scope.value()}`] ??= largestLines(state, level, Number(scope.value()));
  const told = (/** @type {number} */ of) => chosen === ALL_HOLDERS || String(of) === chosen;

  function draw() {
    width = frame.clientWidth || 600;
    right = width > NARROW ? 137 : 8;
    const all = found();
    offer(all);
    const own = chosen === ALL_HOLDERS ? -1 : Number(chosen);
    const around = range.choose({ level, country: Number(scope.value()), holder: own });
    const most = Math.max(1, ...all.flatMap(([, km2]) => km2)), highest = Math.max(most, ...around?.high ?? []);
    const ticks = roundTicks(highest), end = ticks[ticks.length - 1];
    y = km2 => top + (HEIGHT - top - BELOW) * (1 - km2 / end);
    frame.replaceChildren();
    for (const drawing of [frame, over]) drawing.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const words = `${state.data.levels[level].name} land, km\u00B2${scope.words()}`;
    head.textContent = chosen === ALL_HOLDERS ? words : `${words}: ${nameOf(chosen)} in colour, others grey`;
    frame.setAttribute("aria-label", `Area by holder over time, ${level}, 0 to ${rounded(most)} square kilometres`
      + (chosen === ALL_HOLDERS ? "" : `; ${peakWords(all)}`));
    for (const km2 of ticks) {
      rule(LEFT, width - right, y(km2), y(km2));
      write(LEFT - 5, y(km2) + 4, WHOLE.format(km2), "end");
    }
    years(y(0));
    if (around) {
      const d = rangePath(times.map(x), around.high.map(y), around.low.map(y));
      svg("path", { d, class: "ck-range", "data-actor": state.actors[own].id }, frame)
        .style.setProperty("--ck-of", state.actors[own].ink);
    }
    [...all].sort(([a], [b]) => Number(told(a)) - Number(told(b))).forEach(trace);
    if (right > 50) names(all);
    marks();
    cursor();
  }

  // The holders that can be asked for: those with a line.
  /** @param {Line[]} all */
  function offer(all) {
    const options = [{ id: ALL_HOLDERS, name: "all" }, ...all.map(([of]) => ({ id: String(of), name: nameOf(of) }))];
    if (!all.some(([of]) => String(of) === chosen)) chosen = ALL_HOLDERS;
    const wanted = JSON.stringify(options);
    if (wanted !== offered) {
      holder.box.querySelector("select")
        ?.replaceChildren(...options.map(({ id, name }) => html("option", { value: id }, name)));
    }
    offered = wanted;
    holder.set(chosen);
  }
  const nameOf = (/** @type {number | string} */ of) => state.actors[Number(of)]?.short ?? "";
  /** @param {Line[]} all */
  function peakWords(all) {
    const km2 = all.find(([of]) => String(of) === chosen)?.[1] ?? [], most = Math.max(0, ...km2);
    const at = Math.max(0, km2.indexOf(most)), sure = range.said(at);
    return `${nameOf(chosen)} at most ${rounded(most)}${sure && `, range ${sure},`} on ${shortDay(state.days[at])}`;
  }

  /** @param {number} bottom */
  function years(bottom) {
    const marked = yearsBetween(first, last, width);
    if (marked.length < 2) { // less than two years: the first and the last day say when
      write(LEFT, HEIGHT - 3, shortDay(state.days[0]), "start");
      if (times.length > 1) write(width - right, HEIGHT - 3, shortDay(state.days[times.length - 1]), "end");
      return;
    }
    for (const year of marked) {
      const at = x(Date.parse(`${year}-01-01`));
      rule(at, at, top, bottom);
      write(Math.min(at, width - 2 * LETTER - 1), HEIGHT - 3, String(year), "middle"); // half of it has to fit
    }
  }

  /** @param {Line} line */
  function trace([of, km2]) {
    const { id, ink } = state.actors[of];
    const d = stepPath(km2.map((value, i) => [x(times[i]), y(value)]));
    const path = svg("path", { d, class: told(of) ? "ck-line" : "ck-line ck-other", "data-actor": id }, frame);
    path.style.setProperty("--ck-of", ink);
    if (km2.length > FEW || !told(of)) return;
    // few dates: dots say what is known, the line between them only joins them
    km2.forEach((value, i) => svg("circle", { cx: x(times[i]), cy: y(value), r: 2.4, class: "ck-known" }, frame)
      .style.setProperty("--ck-of", ink));
  }

  // The name of each line at its end, after a dash in its colour: as letters, some colours are too pale.
  /** @param {Line[]} all */
  function names(all) {
    const ends = all.map(([, km2]) => y(km2[km2.length - 1])), left = width - right + 5;
    stacked(ends, HEIGHT - 4).forEach((at, number) => {
      const [of] = all[number], { ink, tag, short } = state.actors[of];
      const dash = svg("line", { x1: left, x2: left + 9, y1: at - 4, y2: at - 4,
        class: told(of) ? "ck-line" : "ck-line ck-other" }, frame);
      dash.style.setProperty("--ck-of", ink);
      const said = write(left + 13, at, tag, "start");
      if (tag !== short) svg("title", {}, said).textContent = short; // as the table beside the map writes it
    });
  }

  // A tick for each named change, and the name of its town where there is room.
  function marks() {
    const free = Array.from({ length: MARK_ROWS }, () => LEFT);
    for (const { town, day, after, step: at } of named) {
      const spot = x(Date.parse(day)), wide = town.length * LETTER;
      const row = free.findIndex(until => spot - 3 >= until && spot + wide + LETTER <= width);
      const mark = svg("g", { class: "ck-mark" }, frame);
      svg("title", {}, mark).textContent = `${town}, ${shortDay(day)}: ${nameOf(after)}`;
      const high = row < 0 ? top - 4 : ABOVE + MARK_ROW * row;
      svg("line", { x1: spot, x2: spot, y1: high, y2: HEIGHT - BELOW }, mark);
      svg("rect", { x: spot - 2.5, y: top - 3, width: 5, height: 5, fill: state.actors[after]?.color ?? "none" }, mark);
      mark.addEventListener("click", event => { event.stopPropagation(); choose(at); });
      if (row < 0) continue;
      free[row] = spot + wide + 6;
      svg("text", { x: spot + 3, y: ABOVE + MARK_ROW * row + 7 }, mark).textContent = town;
    }
  }

  /** @type {(x1: number, x2: number, y1: number, y2: number) => void} */
  function rule(x1, x2, y1, y2) {
    svg("line", { x1, x2, y1, y2, class: "ck-grid" }, frame);
  }
  /** @type {(left: number, top: number, words: string, anchor: string) => Element} */
  function write(left, top, words, anchor) {
    const text = svg("text", { x: left, y: top, "text-anchor": anchor }, frame);
    text.textContent = words;
    return text;
  }

  function cursor() {
    const at = String(x(times[step])), own = found().find(([of]) => String(of) === chosen);
    for (const [name, value] of [["x1", at], ["x2", at], ["y1", String(top - 4)], ["y2", String(HEIGHT - BELOW)]]) {
      line.setAttribute(name, value);
    }
    knob.style.display = own ? "" : "none";
    if (!own) return;
    knob.setAttribute("cx", at);
    knob.setAttribute("cy", String(y(own[1][step])));
  }

  frame.addEventListener("click", event => {
    const at = event.clientX - frame.getBoundingClientRect().left;
    const distances = times.map(time => Math.abs(x(time) - at));
    choose(distances.indexOf(Math.min(...distances)));
  });
  holder.onChange(id => { chosen = id; draw(); });
  scope.onChange(draw);
  range.onChange(draw);
  const watch = new ResizeObserver(() => { if (frame.clientWidth !== width) draw(); });
  watch.observe(frame);
  return {
    box, draw,
    show: (/** @type {number} */ now) => { step = now; range.show(now); if (width) cursor(); },
    level: (/** @type {string} */ now) => { level = now; draw(); },
    // as a kernel asks: who is in colour, of which country
    only: (/** @type {string[]} */ ids) => {
      const own = found().find(([of]) => ids.includes(state.actors[of].id));
      const before = chosen;
      chosen = own ? String(own[0]) : storyOf(state);
      if (chosen !== before) draw();
    },
    country: (/** @type {string} */ name) => { scope.set(String(state.data.country_names.indexOf(name))); draw(); },
    remove: () => watch.disconnect(),
  };
}

/**
 * Whose line is in colour first.
 * @param {State} state
 */
function storyOf({ data }) {
  return data.story.length ? String(data.story[0]) : ALL_HOLDERS;
}

/**
 * The choice of the country whose land the chart counts; none where there is one only.
 * @param {State} state
 */
function makeScope({ data, drawn }) {
  const names = data.country_names, many = !drawn && names.length > 1;
  const options = [{ id: EVERYWHERE, name: "all land" }, ...names.map((name, at) => ({ id: String(at), name }))];
  const select = makeSelect("Land of", many ? options : options.slice(0, 1), EVERYWHERE);
  select.box.hidden = !many;
  return { ...select, words: () => select.value() === EVERYWHERE ? "" : `, ${names[Number(select.value())]}` };
}

/**
 * A line of steps: a value holds until the next one.
 * @param {number[][]} points
 */
export function stepPath(points) {
  const [x, y] = [0, 1].map(axis => points.map(point => point[axis].toFixed(1)));
  return points.map((_, i) => i ? `H${x[i]}V${y[i]}` : `M${x[i]},${y[i]}`).join("");
}

/**
 * km2 on every day by holder, those painted alike added up: the largest ones, by what they ever held. In one country,
 * of those who ever hold a place there: a cell at a border reaches over it, which makes nobody a holder beyond.
 * @param {State} state
 * @param {string} level
 * @param {number} [country]  by number; all of them by default
 */
export function largestLines(state, level, country = -1) {
  const rows = state.days.map((_, step) => state.areas(state.at(step), level, country));
  const present = new Set(rows.flatMap(row => holdersOf(state, row))), fold = state.folder(present);
  /** @type {Map<number, number[]>} */
  const sums = new Map();
  const there = new Set(state.history.filter((_, place) => country < 0 || state.places[place].home === country)
    .flatMap(rows => rows.map(row => fold(row.actor))));
  for (const holder of present) {
    if (state.actors[holder].id === "unknown" || !state.drawn && !there.has(fold(holder))) continue;
    const line = sums.get(fold(holder)) ?? rows.map(() => 0);
    rows.forEach((row, i) => { line[i] += row[holder]; });
    sums.set(fold(holder), line);
  }
  return [...sums].sort(([, a], [, b]) => Math.max(...b) - Math.max(...a)).slice(0, MOST_LINES);
}

/**
 * Nought, a round number and its double, which is not below the most that is drawn.
 * @param {number} most
 */
export function roundTicks(most) {
  const power = 10 ** Math.floor(Math.log10(most / 2));
  const step = power * (ROUND.find(round => 2 * round * power >= most) ?? 10);
  return [0, step, 2 * step];
}

/**
 * The years that begin between two times, or every so many of them where there is no room for all.
 * @param {number} first
 * @param {number} last
 * @param {number} width
 */
export function yearsBetween(first, last, width) {
  const [start, end] = [first, last].map(time => new Date(time).getUTCFullYear());
  const years = Array.from({ length: end - start }, (_, i) => start + 1 + i);
  const every = Math.max(1, Math.ceil(years.length / Math.max(1, width / YEAR_WIDTH)));
  return years.filter((_, i) => i % every === 0);
}

/**
 * Where names stand beside the ends of lines: each a little below its end, pushed up where it would cover the next.
 * @param {number[]} ends
 * @param {number} lowest
 */
export function stacked(ends, lowest) {
  /** @type {number[]} */
  const found = [];
  let free = lowest;
  for (const number of [...ends.keys()].sort((a, b) => ends[b] - ends[a])) {
    found[number] = Math.min(ends[number] + 3, free);
    free = found[number] - CLOSE;
  }
  return found;
}
