// The page of published figures: choices above, then what is chosen in a sentence, a chart and a table that sorts.

import { makeSelect } from "./controls.js";
import { html, sourceLink, svg } from "./dom.js";
import { chosenFigures, endsOf, figureScale, isLogarithmic, orderedFigures } from "./figures.js";
import { byGrade, gradeWords } from "./grades.js";
import { records } from "./payload.js";
import { counted, dateWords, dayWords, rounded, shortMonth, WHOLE } from "./words.js";

/** @import { Chosen, Figure, FiguresPage, Source } from "./payload.js" */

const MOST_DRAWN = 60;   // rows that a reader still looks through in a chart
const NARROW_CHART = 560;      // pixels; below it words stand above their line
const WIDEST_CHART = 900;      // pixels of a chart: of paper too, so that its type stays readable there
const LABELS = 0.38, NUMBERS = 112; // beside the lines of a wide chart: a part of it, and pixels
const [ROW, TALL_ROW, FOOT, ARROW] = [22, 38, 26, 20];
const CHART_LETTER = 6.2;      // pixels of a letter of the chart's 12 pixel type, on average
const NONE = "No published figure is left with these choices. Widen the time, or choose another scope or quantity.";
const BACKWARDS = "No time: the first day is after the last. Swap them.";
const KEY = "Each figure as its page gives it: nothing is averaged, pooled or joined. A line reaches from low to high, "
  + "a dot is a single or best figure, an arrow says at least (to the right) or at most (to the left).";
const [HEADS, UNSORTED] = [{ day: "Of", who: "Who says so", figure: "Figure", what: "What", grade: "Grade" }, "Page"];

/**
 * Make a page of figures live; what it held stays below, folded.
 * @param {FiguresPage} data
 * @param {HTMLElement} main
 */
export function conflictkitFigures(data, main) {
  const figures = records(data.figures), sources = records(data.sources);
  const head = document.querySelector("h1"), foot = document.querySelector("footer");
  /** @type {Chosen} */
  let view = { ...data.view };
  const order = { column: "day", direction: 1 };

  const said = html("p", { role: "status", class: "ck-said" });
  const drawing = html("div", { class: "ck-drawing" }), table = html("table", { class: "ck-rows" });
  const chart = html("figure", { class: "ck-chart" }, drawing, html("figcaption", {}, KEY));
  const scroll = html("div", { class: "ck-scroll", tabindex: 0, role: "group", "aria-label": "The figures" }, table);
  const graded = html("section", { class: "ck-graded", "aria-label": "Sources" });
  const choices = makeChoices(data, now => { view = now; show(); });
  const still = [...main.children, ...document.querySelectorAll("footer .ck-caption")];
  document.querySelector("footer .ck-graded")?.remove();
  main.replaceChildren(html("div", { class: "ck-figures" }, choices.row, said, chart, scroll));
  if (still.length) main.append(folded(still));
  foot?.append(graded);

  const chosen = () => orderedFigures(chosenFigures(figures, view), order.column, order.direction);
  function show() {
    const rows = chosen();
    const title = titleOf(data, view);
    if (head) head.textContent = title;
    said.textContent = sentenceOf(data, view, rows);
    for (const part of [chart, scroll, graded]) part.hidden = rows.length === 0;
    if (!rows.length) return;
    draw(rows);
    table.replaceChildren(headOf(order, turn), html("tbody", {}, ...rows.map(one => rowOf(data, sources, one))));
    const used = new Set(rows.map(one => one.source));
    graded.replaceChildren(...listOf(sources.filter((_, number) => used.has(number))));
  }
  /** @param {Figure[]} rows */
  function draw(rows) {
    const width = Math.min(drawing.clientWidth, WIDEST_CHART);
    if (!width || !rows.length) return; // behind a tab
    const label = `${titleOf(data, view)}. ${said.textContent}`;
    drawing.replaceChildren(chartOf(rows.slice(0, MOST_DRAWN), { width, label, logFrom: data.log_from }));
  }
  /** @param {string} column */
  function turn(column) {
    order.direction = order.column === column ? -order.direction : 1;
    order.column = column;
    show();
    const turned = /** @type {HTMLElement | null} */ (table.querySelector("[aria-sort] button"));
    turned?.focus();
  }

  let drawn = 0;
  new ResizeObserver(() => {
    if (Math.abs(drawing.clientWidth - drawn) < 1) return;
    drawn = drawing.clientWidth;
    draw(chosen());
  }).observe(drawing);
  show();
  return { view: () => ({ ...view }), rows: chosen };
}

/**
 * The choices; after each, what is chosen now.
 * @param {FiguresPage} data
 * @param {(view: Chosen) => void} act
 */
function makeChoices({ quantities, actors, scopes, grades, periods, view: first }, act) {
  const times = [{ id: "", name: "a time ..." }, ...periods.map(({ name }, at) => ({ id: String(at), name }))];
  const goTo = makeSelect("Go to", times, "");
  const start = dayInput("From", first.start), end = dayInput("To", first.end);
  const quantity = makeSelect("Counts", quantities, first.quantity), actor = makeSelect("Of", actors, first.actor);
  const scope = makeSelect("Where", scopes, first.scope), grade = makeSelect("Grade from", grades, first.grade);
  const change = () => act({ quantity: quantity.value(), actor: actor.value(), scope: scope.value(),
    start: start.input.value, end: end.input.value, grade: grade.value() });
  goTo.onChange(number => {
    if (!number) return;
    const period = periods[Number(number)];
    quantity.set(first.quantity);
    actor.set(first.actor);
    scope.set(period.scope);
    start.input.value = period.start;
    end.input.value = period.end;
    change();
  });
  for (const one of [quantity, actor, scope, grade]) one.onChange(change);
  for (const { input } of [start, end]) input.addEventListener("change", change);
  const parts = [goTo, start, end, quantity, actor, scope, grade].map(({ box }) => box);
  if (!periods.length) goTo.box.hidden = true;
  return { row: html("div", { class: "ck-choices", role: "group", "aria-label": "Choose figures" }, ...parts) };
}

/**
 * @param {string} label
 * @param {string} day
 */
function dayInput(label, day) {
  const input = html("input", { type: "date", "aria-label": label === "From" ? "First day" : "Last day", value: day });
  return { input, box: html("label", { class: "ck-select" }, html("span", {}, label), input) };
}

/**
 * What a view shows, in words.
 * @param {FiguresPage} data
 * @param {Chosen} view
 */
function titleOf({ quantities, actors, scopes }, { quantity, actor, scope, start, end }) {
  const who = actors.find(({ id }) => id === actor)?.title ?? actor;
  const what = quantities.find(({ id }) => id === quantity)?.name ?? quantity;
  const where = scopes.find(({ id }) => id === scope)?.name ?? scope;
  const time = [start && (end ? dayWords(start) : `from ${dayWords(start)}`),
    end && (start ? dayWords(end) : `until ${dayWords(end)}`)].filter(Boolean).join(" to ");
  return [who, what, where, time].filter(Boolean).join(", ");
}

/**
 * How many figures, by how many, between which numbers; or why there is none.
 * @param {FiguresPage} data
 * @param {Chosen} view
 * @param {Figure[]} rows
 */
function sentenceOf({ only, log_from: logFrom }, { start, end }, rows) {
  if (!rows.length) return [start && end && start > end ? BACKWARDS : NONE, only].filter(Boolean).join(" ");
  const [least, most] = endsOf(rows), times = rounded(Number((most / least).toPrecision(2)));
  const spread = most === least ? `, ${WHOLE.format(most)}`
    : `, from ${WHOLE.format(least)} to ${WHOLE.format(most)}${least ? `, ${times} times as much` : ""}`;
  const part = rows.length > MOST_DRAWN ? ` The chart has the first ${MOST_DRAWN} of them, the table all.` : "";
  const log = isLogarithmic(endsOf(rows.slice(0, MOST_DRAWN)), logFrom);
  const scale = log ? ` ${part ? "Its" : "The chart's"} scale is logarithmic.` : "";
  const by = counted(new Set(rows.map(({ who }) => who)).size, "estimator");
  return `${counted(rows.length, "figure")} by ${by}${spread}.${part}${scale}${only ? ` ${only}` : ""}`;
}

/**
 * The chart: one line a figure, as far as it reaches.
 * @param {Figure[]} rows
 * @param {{ width: number, label: string, logFrom: number }} options
 */
function chartOf(rows, { width, label, logFrom }) {
  const narrow = width < NARROW_CHART, tall = narrow ? TALL_ROW : ROW;
  const left = narrow ? ARROW : Math.round(LABELS * width), right = narrow ? ARROW + 8 : NUMBERS + ARROW;
  const scale = figureScale(rows, width - left - right, logFrom), height = rows.length * tall + FOOT;
  const x = (/** @type {number} */ number) => left + scale.x(number);
  const picture = svg("svg", { width, height, viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": label });
  for (const tick of scale.ticks) {
    svg("line", { x1: x(tick), x2: x(tick), y1: 0, y2: height - FOOT + 4, class: "ck-grid" }, picture);
    svg("text", { x: x(tick), y: height - 6, "text-anchor": "middle", class: "ck-muted" }, picture)
      .append(WHOLE.format(tick));
  }
  rows.forEach((one, at) => {
    const top = at * tall, y = top + (narrow ? 27 : tall / 2), words = top + (narrow ? 14 : tall / 2 + 4);
    const room = narrow ? width - one.figure.length * CHART_LETTER - 30 : left - ARROW;
    const name = `${shortMonth(dateWords(one.day, one.precision))}  ${one.who}`;
    svg("text", { x: 0, y: words }, picture).append(cut(name, Math.floor(room / CHART_LETTER)));
    svg("text", { x: width, y: words, "text-anchor": "end" }, picture).append(one.figure);
    mark(picture, one, x, y);
  });
  return picture;
}

/**
 * One figure on its line.
 * @param {Element} picture
 * @param {Figure} figure
 * @param {(number: number) => number} x
 * @param {number} y
 */
function mark(picture, { low, best, high }, x, y) {
  const [from, to] = [low ?? best ?? high ?? 0, high ?? best ?? low ?? 0].map(x);
  const open = low === null && high === null ? 0 : high === null ? 1 : low === null ? -1 : 0;
  svg("line", { x1: from, x2: to, y1: y, y2: y, class: "ck-reach" }, picture);
  for (const end of [low, high]) {
    if (end !== null) svg("line", { x1: x(end), x2: x(end), y1: y - 5, y2: y + 5, class: "ck-reach" }, picture);
  }
  if (open) {
    const start = open > 0 ? to : from, tip = start + open * (ARROW - 2);
    const d = `M${start},${y} H${tip} m${-5 * open},-4 l${5 * open},4 l${-5 * open},4`;
    svg("path", { d, class: "ck-reach" }, picture);
  }
  if (best !== null) svg("circle", { cx: x(best), cy: y, r: 4.5, class: "ck-best" }, picture);
}

/**
 * @param {string} words
 * @param {number} letters
 */
function cut(words, letters) {
  return words.length <= letters ? words : `${words.slice(0, Math.max(1, letters - 1)).trimEnd()}\u2026`;
}

/**
 * @param {{ column: string, direction: number }} order
 * @param {(column: string) => void} turn
 */
function headOf(order, turn) {
  const heads = Object.entries(HEADS).map(([column, name]) => {
    const button = html("button", { type: "button", class: "ck-sort", title: "Sort by this column" }, name);
    button.addEventListener("click", () => turn(column));
    const head = html("th", { scope: "col" }, button);
    if (order.column === column) head.setAttribute("aria-sort", order.direction > 0 ? "ascending" : "descending");
    return head;
  });
  return html("thead", {}, html("tr", {}, ...heads, html("th", { scope: "col" }, UNSORTED)));
}

/**
 * @param {FiguresPage} data
 * @param {Source[]} sources
 * @param {Figure} one
 */
function rowOf({ quantities }, sources, one) {
  const what = quantities.find(({ id }) => id === one.quantity)?.name ?? one.quantity;
  const cells = [dateWords(one.day, one.precision), one.who, one.figure, `${what}, ${one.where}`,
    `${one.grade} ${one.credibility}`, sourceLink(sources[one.source])];
  return html("tr", {}, ...cells.map(cell => html("td", { dir: "auto" }, cell)));
}

/**
 * The pages by grade, for paper too.
 * @param {Source[]} pages
 */
function listOf(pages) {
  const folds = byGrade(pages).map(([grade, found]) => html("details", { open: "" },
    html("summary", {}, gradeWords(grade, found.length)),
    html("ul", {}, ...found.map(page => html("li", {}, sourceLink(page))))));
  return [html("h2", {}, `Sources: ${counted(pages.length, "page")}, by grade`), ...folds];
}

/**
 * What a page without scripts shows.
 * @param {Node[]} content
 */
function folded(content) {
  return html("details", { class: "ck-still" },
    html("summary", {}, "The view as it was saved: pictures, why figures differ, all rows"),
    html("div", { class: "ck-first" }, ...content));
}
