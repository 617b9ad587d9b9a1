// Beside the map of events: how many of each kind with their dead and a filter, the key of the ink, what a popup says.

import { html, sourceLink, svg } from "./dom.js";
import { counted, dayWords, WHOLE } from "./words.js";

/**
 * @import { Blurs, Happened, Ink } from "./payload.js"
 * @import { Blot, Inked } from "./blurs.js"
 * @typedef {{ ink: number, km: number }} Drop
 */

const ONE_DAY_MS = 86400000;
const MOST_LISTED = 8, MOST_IN_POPUP = 6;
const SAMPLE = { width: 46, scale: 0.55 }; // pixels; pixels a km, as where the map shows a whole country

/**
 * With `panels` false the kinds are a table only: whoever has the controls filters.
 * @param {Blurs} data
 * @param {Happened[]} rows
 * @param {string[]} days
 * @param {object} acts
 * @param {(profile: number) => string} acts.fill
 * @param {(blot: Drop, scale: number, look: Ink) => { radius: number, opacity: number, profile: number }} acts.inkOf
 * @param {(kind: number, on: boolean) => void} acts.setKind
 * @param {(key: string) => void} acts.visit
 * @param {boolean} acts.panels
 */
export function makeBlurPanel(data, rows, days, { fill, inkOf, setKind, visit, panels }) {
  const dead = rows.some(row => row.best !== null);
  const body = html("tbody"), total = html("tfoot"), caption = html("caption");
  const names = [data.kind_name, "Events", ...(dead ? ["Deaths"] : [])];
  const head = html("tr", {}, ...names.map(name => html("th", { scope: "col" }, capital(name))));
  const table = html("table", { class: "ck-legend ck-kinds" }, caption, html("thead", {}, head), body, total);
  const later = html("p", { class: "ck-note" }), title = html("h2"), items = html("ol");
  let words = "";

  const cells = data.kinds.map((name, kind) => {
    const box = html("input", { type: "checkbox" }), numbers = names.slice(1).map(() => html("td"));
    box.checked = true;
    box.addEventListener("change", () => setKind(kind, box.checked));
    const label = html("label", {}, panels ? box : "", html("span", {}, name));
    body.append(html("tr", {}, html("th", { scope: "row" }, label), ...numbers));
    return numbers;
  });
  const sums = names.slice(1).map(() => html("td"));
  total.append(html("tr", {}, html("th", { scope: "row" }, "All shown"), ...sums));

  /** @type {(blot: Drop, said: string) => Element} */
  const entry = (blot, said) => html("li", {}, sample(blot), html("span", {}, said));
  /** @param {Drop} blot */
  function sample(blot) {
    const { width, scale } = SAMPLE, { radius, opacity, profile } = inkOf(blot, scale, data.ink);
    const box = svg("svg", { width, height: width, viewBox: `0 0 ${width} ${width}`, "aria-hidden": "true" });
    svg("circle", { cx: width / 2, cy: width / 2, r: radius, fill: fill(profile), "fill-opacity": opacity }, box);
    return box;
  }
  const key = html("div", { role: "region", class: "ck-blur-key", "aria-label": "Events" }, table, later,
    html("ul", { class: "ck-marks ck-inks", "aria-label": "What the ink means" },
      ...data.blurs.map(({ km, name }) => entry({ ink: 1, km }, name)), entry({ ink: 9, km: 2 }, "nine events")),
    html("p", { class: "ck-note" }, data.note));
  const list = html("div", { role: "region", class: "ck-events", "aria-label": "Events with most deaths" },
    title, items);

  /** @type {(step: number, blots: Blot[], off: Set<number>) => void} */
  function show(step, blots, off) {
    const from = data.edges[step], until = data.edges[step + 1], span = data.spans[step];
    const begun = rows.filter(row => row.begin >= from && row.begin < until);
    cells.forEach((numbers, kind) => write(numbers, off.has(kind) ? [] : begun.filter(row => row.kind === kind)));
    const shown = begun.filter(row => !off.has(row.kind)), drawn = blots.flatMap(({ events }) => events);
    write(sums, shown);
    const during = `begin ${/^\d+ /.test(span) ? "" : "in "}${span}`;
    caption.textContent = `Events that ${during}`;
    const more = drawn.filter(row => row.begin < from || row.begin >= until).length;
    later.textContent = more ? `Paler on the map: ${more} more that may reach into these days.` : "";
    later.hidden = !more;
    words = `${counted(shown.length, "event")} ${during}${dead ? `, with ${deaths(shown)} deaths` : ""}`;
    const worst = blots.flatMap(blot => blot.events.map(row => ({ blot, row })))
      .filter(({ row }) => (row.best ?? 0) > 0).sort((a, b) => (b.row.best ?? 0) - (a.row.best ?? 0));
    title.textContent = "Most deaths";
    items.replaceChildren(...worst.slice(0, MOST_LISTED).map(({ blot, row }) => item(blot, row)));
    list.hidden = worst.length === 0;
  }
  /** @type {(cells: HTMLElement[], shown: Happened[]) => void} */
  function write(cells, shown) {
    const said = [shown.length ? WHOLE.format(shown.length) : "0", shown.length ? deaths(shown) : ""];
    cells.forEach((cell, at) => { cell.textContent = said[at]; });
  }
  /** @type {(blot: Blot, row: Inked) => Element} */
  function item(blot, row) {
    const button = html("button", { type: "button", class: "ck-link" }, place(row));
    button.addEventListener("click", () => visit(blot.key));
    return html("li", {}, button, `: ${deaths([row])}, ${when(row)}`);
  }

  const word = (/** @type {number} */ number) => data.words[number] ?? "";
  const place = (/** @type {Happened} */ row) => word(row.where) || "without a name";
  const start = Date.parse(days[0]);
  const iso = (/** @type {number} */ day) => new Date(start + day * ONE_DAY_MS).toISOString().slice(0, 10);
  /** @param {Happened} row */
  function when({ first, last }) {
    return first === last ? dayWords(iso(first)) : `from ${dayWords(iso(first))} to ${dayWords(iso(last))}`;
  }
  /** @param {Blot} blot */
  const around = ({ km }) => data.blurs.find(blur => blur.km === km)?.name ?? "";
  /** @param {Blot} blot */
  const name = blot => `${places(blot)}: ${counted(blot.events.length, "event")}, ${around(blot)}`;
  /** @param {Blot} blot */
  function places({ events }) {
    const found = [...new Set(events.map(place))];
    return found.length > 2 ? `${found[0]} and ${found.length - 1} other names` : found.join(", ");
  }
  /** @param {Inked} row */
  function line(row) {
    const kind = data.of_actors ? "" : data.kinds[row.kind];
    const what = [kind, word(row.what)].filter(Boolean).join(", ");
    const both = [word(row.one), word(row.other)].filter(Boolean), source = word(row.source);
    const who = both.join(" - ") === word(row.what) ? "" : both.join(" \u2013 "); // UCDP names a conflict after both
    const address = /^https?:\/\//i.test(source) ? source : "";
    const publisher = address ? new URL(address).hostname : source;
    const link = source ? sourceLink({ id: source, publisher, address, published: "", reliability: "" }) : "";
    const said = [what, who].filter(Boolean).map(words => `${words}. `).join("");
    return html("li", {}, html("strong", {}, capital(when(row))), `: ${said}`,
      row.best === null && row.low === null && row.high === null ? "" : `Deaths: ${deaths([row])}. `, link);
  }
  /** @param {Blot} blot */
  function content(blot) {
    const sorted = [...blot.events].sort((a, b) => (b.best ?? -1) - (a.best ?? -1) || a.first - b.first);
    const [head, rest] = [sorted.slice(0, MOST_IN_POPUP), sorted.slice(MOST_IN_POPUP)];
    const box = html("div", { class: "ck-popup" }, html("h3", {}, places(blot)),
      html("p", {}, `${counted(blot.events.length, "event")}, ${around(blot)}.`), html("ul", {}, ...head.map(line)));
    if (rest.length) {
      box.append(html("details", {}, html("summary", {}, `${rest.length} more`), html("ul", {}, ...rest.map(line))));
    }
    return box;
  }
  return { key, list, show, name, content, sentence: () => words };
}

/**
 * The dead of events: the best figures added up, and from the low to the high ones where they differ.
 * @param {Happened[]} rows
 */
export function deaths(rows) {
  const sum = (/** @type {"low" | "best" | "high"} */ bound) => rows.reduce((all, row) => all + (row[bound] ?? 0), 0);
  const known = rows.some(row => row.best !== null || row.low !== null || row.high !== null);
  if (!known) return "not known";
  const [low, best, high] = [sum("low"), sum("best"), sum("high")];
  const range = `${WHOLE.format(low)}\u2013${WHOLE.format(high)}`;
  return low === high && low === best ? WHOLE.format(best) : `${WHOLE.format(best)} (${range})`;
}

/** @param {string} words */
function capital(words) {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
