// Elements of the page. Text from the tables only ever becomes a text node: nothing here or elsewhere parses it.

/** @import { Source } from "./payload.js" */

const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {Element | null} [parent]
 */
export function svg(tag, attributes = {}, parent = null) {
  const element = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  parent?.append(element);
  return element;
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...(Node | string)} content
 */
export function html(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...content.flatMap(part => typeof part === "string" ? said(part) : part));
  return element;
}

// Letters written from right to left, and a stretch of words in them: the same rule is in conflictkit/prose.py.
const RIGHT = "\\u0590-\\u08ff\\ufb1d-\\ufdff\\ufe70-\\ufefc\\u{10800}-\\u{10fff}\\u{1e800}-\\u{1efff}";
const BETWEEN = "' \\u2019\\u00a0\\u200b-\\u200d\\-";
const STRETCH = new RegExp(`([${RIGHT}](?:[${RIGHT}${BETWEEN}]*[${RIGHT}])?)`, "u");

// Marks that turn what follows, to the end of the line where nobody closes them.
const TURNS = /[\u202a-\u202e\u2066-\u2069]/g;

/**
 * A sentence in which Arabic names stay where they are written, each apart from the numbers and words beside it.
 * @param {string} sentence
 * @returns {(Node | string)[]}
 */
export function said(sentence) {
  sentence = sentence.replace(TURNS, "");
  if (!STRETCH.test(sentence)) return [sentence];
  return sentence.split(STRETCH).filter(Boolean).map(part => {
    if (!STRETCH.test(part)) return part;
    const apart = document.createElement("bdi");
    apart.textContent = part;
    return apart;
  });
}

/**
 * An id that no other map of the document has; two widgets each have a copy of this script, so that counting is no way.
 * @param {string} name
 */
export function freshId(name) {
  return `ck-${name}-${Math.random().toString(36).slice(2)}`;
}

/**
 * A link to a page, if it is one: http(s) only, and the page does not learn where the reader came from.
 * @param {Source | undefined} source
 */
export function sourceLink(source) {
  if (!source) return html("span", {}, "no page given");
  const { publisher, address, published, reliability } = source;
  const words = [publisher, published && ` ${published}`, reliability && ` (${reliability})`].filter(Boolean).join("");
  if (!/^https?:\/\//i.test(address ?? "")) return html("span", {}, words);
  return html("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

/**
 * A sample of land for a legend; with a veil, its right half is paler.
 * @param {string} fill
 * @param {string} edge
 * @param {number} [veil]
 */
export function swatch(fill, edge, veil = 0) {
  const box = svg("svg", { width: 28, height: 14, "aria-hidden": "true", class: "ck-swatch" });
  svg("rect", { width: 28, height: 14, fill, stroke: edge, "stroke-width": 0.5 }, box);
  if (veil) svg("rect", { x: 14, width: 14, height: 14, fill: "#FFFFFF", "fill-opacity": veil }, box);
  return box;
}

/**
 * A table of numbers beside the map.
 * @param {string} title
 * @param {string[]} names
 * @param {HTMLTableRowElement[]} rows
 */
export function numberTable(title, names, rows) {
  const head = html("tr", {}, ...names.map(name => html("th", { scope: "col" }, name)));
  return html("table", { class: "ck-legend" },
    html("caption", {}, title), html("thead", {}, head), html("tbody", {}, ...rows));
}

/**
 * @param {Element} sample
 * @param {string} name
 * @param {string[]} numbers
 */
export function numberRow(sample, name, numbers) {
  return html("tr", {}, html("th", { scope: "row" }, sample, name), ...numbers.map(said => html("td", {}, said)));
}

/**
 * For those who came by keyboard: into the popup, and with Escape back to where they were.
 * @param {any} popup  Leaflet's
 * @param {() => void} open
 */
export function enter(popup, open) {
  const from = /** @type {HTMLElement | null} */ (document.activeElement);
  open();
  const box = popup.getElement();
  if (!box) return;
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
  box.onkeydown = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Escape") return;
    popup.close();
    from?.focus({ preventScroll: true });
  };
}
