// Beside the map of forces: the key of the symbols with a filter by side, the list of forces, the panel of one of them.

import { badgeSize } from "./badges.js";
import { makeChoice, makeSelect } from "./controls.js";
import { html, sourceLink, svg } from "./dom.js";
import { makePanel } from "./panel.js";
import { chainOf } from "./reports.js";
import { counted, dateWords, dayWords } from "./words.js";

/**
 * @import { Force, Forces, Look, Source } from "./payload.js"
 * @import { Badge } from "./badges.js"
 * @import { ForceSymbol, Here } from "./reports.js"
 * @import { State } from "./state.js"
 * @typedef {Omit<Forces, "actors" | "sources"> & { actors: Force[], sources: Source[],
 *   signs: Map<string, number> }} ForceData  signs: of each side the actor whose colour its badges and its key have
 * @typedef {{ actor: number, kind: string, band: number, presence: string }} Sign  what a symbol shows
 */

const DAY_MS = 86400000;
const BADGE_MARK = 15;
const RADII_KM = [25, 50, 100, 200];
const ANY_DISTANCE = "0";

/**
 * @param {ForceData} data
 * @param {Sign} sign
 * @param {number} size
 * @param {Look} look
 * @param {string} [outline]  another one than that of the actor's side
 */
export function forceSymbol(data, { actor, kind, band, presence }, size, look, outline) {
  const { side, color, tint, ink, mark } = data.actors[actor], assumed = presence === "assumed", hollow = band < 0;
  const whole = size + 6, corner = -whole / 2;
  const drawing = svg("svg",
    { width: whole, height: whole, viewBox: `${corner} ${corner} ${whole} ${whole}`, "aria-hidden": "true" });
  const scaled = (/** @type {string} */ d, /** @type {Record<string, string | number>} */ style) => svg("path", {
    d, transform: `scale(${size / 2})`, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round", ...style,
  }, drawing);
  outline ??= data.shapes[side] ?? data.shapes.other;
  scaled(outline, { fill: "none", stroke: "#FFFFFF", "stroke-width": 4.5 });
  scaled(outline, {
    fill: hollow ? "#FFFFFF" : assumed ? tint : color, stroke: hollow ? ink : look.ink, "stroke-width": 1.8,
    "stroke-dasharray": assumed ? "3 2.2" : "none",
  });
  if (data.marks[kind]) {
    const stroke = hollow || assumed ? look.ink : mark;
    scaled(data.marks[kind], { fill: "none", stroke, "stroke-width": 1.8, "stroke-linecap": "round" });
  }
  return drawing;
}

/**
 * @param {ForceData} data
 * @param {{ actor: number, where: string }} force
 */
export function forceName(data, { actor, where }) {
  return `${data.actors[actor].name}, ${where}`;
}

/**
 * The badge of a place as an icon: the shape of each side, for those who see no colours, with the number of its forces.
 * @param {any} L
 * @param {ForceData} data
 * @param {Badge} badge
 * @param {Look} look
 */
export function badgeIcon(L, data, { sides, where }, look) {
  const box = html("div", { class: "ck-badge" });
  for (const { side, count } of sides) {
    const sign = { actor: data.signs.get(side) ?? 0, kind: "unstated", band: 0, presence: "stated" };
    box.append(html("span", { "data-side": side }, forceSymbol(data, sign, BADGE_MARK, look), String(count)));
  }
  box.dataset.place = where;
  const size = badgeSize(sides.length);
  return { icon: L.divIcon({ html: box, className: "ck-badges", iconSize: size }), size };
}

/**
 * With `panels` false the sides are a key only: whoever has the controls filters.
 * @param {State} state
 * @param {ForceData} data
 * @param {object} acts
 * @param {(key: string) => void} acts.visit
 * @param {(side: string, on: boolean) => void} acts.setSide
 * @param {(kind: string) => void} acts.setLines
 * @param {(km: number) => void} acts.setRadius
 * @param {() => void} acts.forget  the place that was asked for
 * @param {() => void} acts.closed
 * @param {boolean} acts.panels
 */
export function makeForcePanel(state, data, { visit, setSide, setLines, setRadius, forget, closed, panels }) {
  const { look } = state.data, { sides } = data;
  /** @type {Map<string, HTMLElement>} */
  const counts = new Map();
  const title = html("h2"), near = html("ul"), of = html("span");
  const apart = html("summary"), groups = html("details", {}, apart);
  const listed = html("h3"), said = { reports: 0, nowhere: 0 };
  const back = html("button", { type: "button", class: "ck-link" }, "From the middle of the map instead");
  const panel = makePanel("Force", closed);
  const reach = makeSelect("Show", [{ id: ANY_DISTANCE, name: "at any distance" },
    ...RADII_KM.map(km => ({ id: String(km), name: `within ${km} km` }))], ANY_DISTANCE);
  reach.onChange(km => setRadius(km === ANY_DISTANCE ? Infinity : Number(km)));
  back.addEventListener("click", forget);
  let words = "";

  const grey = data.actors.length - 1; // the last one is no force, but the grey of the key
  /** @type {(size: number, sign?: Partial<Sign>, outline?: string) => Element} */
  const sample = (size, sign = {}, outline = data.sample) =>
    forceSymbol(data, { actor: grey, kind: "unstated", band: 0, presence: "stated", ...sign }, size, look, outline);

  const filter = html("fieldset", { class: "ck-sides" },
    html("legend", {}, "Sides: shape of the symbol, colour of the badge"));
  for (const { id, name } of sides) {
    const box = html("input", { type: "checkbox" }), count = html("span", { class: "ck-count" });
    box.checked = true;
    box.addEventListener("change", () => setSide(id, box.checked));
    counts.set(id, count);
    const sign = sample(15, { actor: data.signs.get(id) ?? grey }, data.shapes[id] ?? data.shapes.other);
    filter.append(html("label", {}, panels ? box : "", sign, html("span", {}, name), count));
  }
  /** @type {(drawing: Element, said: string) => Element} */
  const entry = (drawing, said) => html("li", {}, drawing, html("span", {}, said));
  const marks = html("ul", { class: "ck-marks", "aria-label": "Marks and sizes of the symbols" },
    ...data.kinds.map(({ id, name }) => entry(sample(18, { kind: id }), name)),
    ...data.bands.map(({ diameter, name }, band) => entry(sample(diameter * 0.8, { band }), name)),
    entry(sample(data.unknown.diameter, { band: -1 }), data.unknown.name),
    entry(sample(18, { presence: "assumed" }), "dashed, pale: assumed"));
  const choice = makeChoice("Lines", data.line_names, data.lines, setLines);
  const key = html("div", { role: "region", class: "ck-force-key", "aria-label": "Symbols" }, marks, choice,
    html("p", { class: "ck-note" }, `${data.rule} Grey areas: how far off a position may be.`));
  const box = html("div", { role: "region", class: "ck-force-list", "aria-label": "Forces shown" }, title,
    html("p", { class: "ck-reach" }, reach.box, " ", of, " ", back), listed, near, groups);

  // How many there are on a day; those without a position under their country.
  /** @type {(here: Here[], nowhere: Here[], day: string) => void} */
  function show(here, nowhere, day) {
    words = `${counted(here.length, "report")} of ${counted(new Set(here.map(row => row.actor)).size, "force")}`;
    title.textContent = `${words} on ${dayWords(day)}`;
    said.reports = here.length;
    said.nowhere = nowhere.length;
    const sideOf = (/** @type {{ actor: number }} */ { actor }) => data.actors[actor].side;
    for (const [id, count] of counts) {
      count.textContent = String(here.filter(row => sideOf(row) === id).length || "");
    }
    const countries = [...new Set(nowhere.map(row => row.country))].map(country =>
      block(`${country}: no position`, nowhere.filter(row => row.country === country).map(row => folded(row, day))));
    apart.textContent = `Without a position: ${counted(nowhere.length, "report")}`;
    groups.replaceChildren(apart, ...countries.flat());
    groups.hidden = nowhere.length === 0;
  }
  // The forces with a position, the nearest first: to a place that was asked for, or to the middle of the map.
  /** @type {(sorted: { symbol: ForceSymbol, km: number }[], place: string) => void} */
  function list(sorted, place) {
    of.textContent = `of ${place || "the middle of the map"}, nearest first`;
    back.hidden = !place;
    near.replaceChildren(...sorted.map(({ symbol, km }) => item(symbol, km)));
    // the numbers add up to those of the title: an entry stands for all reports of its force at its place
    const reports = sorted.reduce((sum, { symbol }) => sum + symbol.reports.length, 0);
    const rest = said.reports - reports - said.nowhere;
    listed.textContent = `With a position: ${counted(reports, "report")}`
      + (rest ? `; not shown, by side or distance: ${rest}` : "");
    near.hidden = sorted.length === 0;
  }
  /** @type {(name: string, items: Element[]) => Element[]} */
  const block = (name, items) => items.length ? [html("h3", {}, name), html("ul", {}, ...items)] : [];
  /** @type {(symbol: ForceSymbol, km: number) => Element} */
  function item(symbol, km) {
    const button = html("button", { type: "button", class: "ck-link" }, forceName(data, symbol));
    button.addEventListener("click", () => visit(symbol.key));
    const said = symbol.reports.find(row => row.band >= 0)?.strength;
    const many = symbol.reports.length;
    return html("li", {}, button, many > 1 ? ` (${many} reports)` : "", said ? `: ${said}` : "",
      symbol.presence === "assumed" ? " (assumed)" : "",
      html("span", { class: "ck-count" }, ` ${Math.round(km)} km`));
  }
  /** @type {(row: Here, day: string) => Element} */
  const folded = (row, day) =>
    html("li", {}, html("details", {}, html("summary", {}, forceName(data, row)), about(row), report(row, day)));

  // Where a force is, of which side, part of what.
  /** @param {{ actor: number, where: string }} force */
  function about({ actor, where }) {
    const { side, sidc } = data.actors[actor];
    const above = chainOf(data.actors, actor).slice(1).map(up => data.actors[up].name);
    return html("p", {}, `${where}. Side: ${sides.find(({ id }) => id === side)?.name}.`,
      above.length ? ` Part of ${above.join(", part of ")}.` : "", sidc ? ` APP-6D code: ${sidc}.` : "");
  }

  // One report in words: what its row says, how old it is, why it counts.
  /** @type {(row: Here, day: string) => Element} */
  function report(row, day) {
    const said = reportWords(row, day, data.actors).filter(([, words]) => words);
    const terms = said.flatMap(([name, words]) => [html("dt", {}, name), html("dd", {}, words)]);
    const second = row.second < 0 ? [] : ["; also ", sourceLink(data.sources[row.second])];
    const source = html("dd", {}, sourceLink(data.sources[row.source]), ...second);
    return html("dl", { class: "ck-report" }, ...terms, html("dt", {}, "Source"), source);
  }

  /** @type {(symbol: ForceSymbol, day: string) => void} */
  function fill(symbol, day) {
    const [first, ...rest] = symbol.reports;
    const summary = html("summary", {}, counted(rest.length, "more report"));
    const more = html("details", { open: "" }, summary, ...rest.map(row => report(row, day)));
    panel.fill(data.actors[symbol.actor].name, [about(first), report(first, day), ...(rest.length ? [more] : [])]);
  }
  return { key, sides: filter, box, list, show, fill, panel, sentence: () => words };
}

/**
 * What a report says, how old it is, why it counts: names and words, empty where the row says nothing.
 * @param {Here} row
 * @param {string} day
 * @param {Force[]} actors
 */
export function reportWords(row, day, actors) {
  const age = Math.round((Date.parse(day) - Date.parse(row.last)) / DAY_MS);
  const why = {
    stated: `a page gives its end${row.end ? `, ${dayWords(row.end)}` : ""}`, reported: "the report is of this time",
    assumed: "no end is known: assumed to be there still",
  }[row.presence];
  const position = row.ring ? `about ${row.ring.km} km from ${row.ring.name}: somewhere on the ring`
    : row.latitude === null ? "not given" : `within ${row.doubt} km, as located`;
  return [
    ["Role", row.role], ["Strength", row.strength],
    ["Backed by", row.backers.map(backer => actors[backer].name).join(", ")],
    ["Position", position], ["Since", dateWords(row.start, row.precision)],
    ["Last report",
      `${dateWords(row.last, row.precision)}, ${age === 0 ? "the day itself" : `${counted(age, "day")} before`}`],
    ["Counts as", `${row.presence}: ${why}`], ["Note", row.note],
  ];
}
