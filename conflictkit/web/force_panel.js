// Beside the map of forces: the key of the symbols with a filter by side, the list of forces, what a popup says.

import { makeChoice } from "./controls.js";
import { html, sourceLink, svg } from "./dom.js";
import { chainOf } from "./reports.js";
import { counted, dateWords, dayWords } from "./words.js";

/**
 * @import { Force, Forces, Look, Source } from "./payload.js"
 * @import { ForceSymbol, Here } from "./reports.js"
 * @import { State } from "./state.js"
 * @typedef {Omit<Forces, "actors" | "sources"> & { actors: Force[], sources: Source[] }} ForceData
 * @typedef {{ actor: number, kind: string, band: number, presence: string }} Sign  what a symbol shows
 */

const DAY_MS = 86400000;

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
 * With `panels` false the sides are a key only: whoever has the controls filters.
 * @param {State} state
 * @param {ForceData} data
 * @param {object} acts
 * @param {(key: string) => void} acts.visit
 * @param {(side: string, on: boolean) => void} acts.setSide
 * @param {(kind: string) => void} acts.setLines
 * @param {boolean} acts.panels
 */
export function makeForcePanel(state, data, { visit, setSide, setLines, panels }) {
  const { look } = state.data, { sides } = data;
  /** @type {Map<string, HTMLElement>} */
  const counts = new Map();
  const title = html("h2"), groups = html("div");
  let words = "";

  const grey = data.actors.length - 1; // the last one is no force, but the grey of the key
  /** @type {(size: number, sign?: Partial<Sign>, outline?: string) => Element} */
  const sample = (size, sign = {}, outline = data.sample) =>
    forceSymbol(data, { actor: grey, kind: "unstated", band: 0, presence: "stated", ...sign }, size, look, outline);

  const filter = html("fieldset", { class: "ck-sides" }, html("legend", {}, "Sides: shape of the symbol"));
  for (const { id, name } of sides) {
    const box = html("input", { type: "checkbox" }), count = html("span", { class: "ck-count" });
    box.checked = true;
    box.addEventListener("change", () => setSide(id, box.checked));
    counts.set(id, count);
    const sign = sample(15, {}, data.shapes[id] ?? data.shapes.other);
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
  const key = html("section", { class: "ck-force-key", "aria-label": "Symbols" }, filter, marks, choice,
    html("p", { class: "ck-note" }, `${data.rule} Grey areas: how far off a position may be.`));
  const list = html("section", { class: "ck-force-list", "aria-label": "Forces shown" }, title, groups);

  // The forces of a day by side, those without a position under their country.
  /** @type {(here: Here[], symbols: ForceSymbol[], nowhere: Here[], day: string) => void} */
  function show(here, symbols, nowhere, day) {
    words = `${counted(here.length, "report")} of ${counted(new Set(here.map(row => row.actor)).size, "force")}`;
    title.textContent = `${words} on ${dayWords(day)}`;
    const sideOf = (/** @type {{ actor: number }} */ { actor }) => data.actors[actor].side;
    for (const [id, count] of counts) {
      count.textContent = String(here.filter(row => sideOf(row) === id).length || "");
    }
    const blocks = sides.map(({ id, name }) => block(name, symbols.filter(one => sideOf(one) === id).map(item)));
    const countries = [...new Set(nowhere.map(row => row.country))].map(country =>
      block(`${country}: no position`, nowhere.filter(row => row.country === country).map(row => folded(row, day))));
    groups.replaceChildren(...blocks.flat(), ...countries.flat());
  }
  /** @type {(name: string, items: Element[]) => Element[]} */
  const block = (name, items) => items.length ? [html("h3", {}, name), html("ul", {}, ...items)] : [];
  /** @param {ForceSymbol} symbol */
  function item(symbol) {
    const button = html("button", { type: "button", class: "ck-link" }, forceName(data, symbol));
    button.addEventListener("click", () => visit(symbol.key));
    const said = symbol.reports.find(row => row.band >= 0)?.strength;
    return html("li", {}, button, said ? `: ${said}` : "", symbol.presence === "assumed" ? " (assumed)" : "");
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
    const source = html("dd", {}, sourceLink(data.sources[row.source]));
    return html("dl", { class: "ck-report" }, ...terms, html("dt", {}, "Source"), source);
  }

  /** @type {(symbol: ForceSymbol, day: string) => Element} */
  function content(symbol, day) {
    const [first, ...rest] = symbol.reports, name = html("h3", {}, data.actors[symbol.actor].name);
    const box = html("div", { class: "ck-popup" }, name, about(first), report(first, day));
    if (rest.length) {
      const summary = html("summary", {}, `${rest.length} more ${rest.length === 1 ? "report" : "reports"}`);
      box.append(html("details", {}, summary, ...rest.map(row => report(row, day))));
    }
    return box;
  }
  return { key, list, show, content, sentence: () => words };
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
