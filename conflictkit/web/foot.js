// Below the map: all sources by grade, as a list and as files; on paper, those of the day shown.

import { html, sourceLink } from "./dom.js";
import { byGrade, gradeWords } from "./grades.js";
import { records } from "./payload.js";
import { rangesOf } from "./ranges.js";
import { reportsOn } from "./reports.js";
import { counted, dayWords } from "./words.js";

/**
 * @import { Source } from "./payload.js"
 * @import { State } from "./state.js"
 */

const LATER_MS = 60;
const ON_PAPER = 480; // publishers that fit on one sheet of paper in three columns

/**
 * @param {State} state
 * @param {Element} foot
 * @param {() => number} step
 */
export function makeFoot(state, foot, step) {
  const sources = allSources(state);
  const paper = html("section", { class: "ck-paper", "aria-label": "Sources of the day shown" });
  const title = html("summary", {}, `Sources of all rows and reports: ${counted(sources.length, "page")}, by grade`);
  const fold = html("details", { class: "ck-sources" }, title);
  const links = html("p", { class: "ck-files" }, "Download: ",
    file("sources as CSV", "conflictkit-sources.csv", () => csvOf(SOURCE_COLUMNS, sources.map(cells))),
    file("sources as BibTeX", "conflictkit-sources.bib", () => sources.map(bibtexOf).join("\n")),
    file("numbers of every day as CSV", "conflictkit-areas.csv", () => areasOf(state)));
  foot.append(links, fold, paper);
  // after the first picture: a list of a thousand pages keeps no reader waiting
  const line = (/** @type {Source} */ page) => html("li", {}, sourceLink(page));
  setTimeout(() => fold.append(html("div", { "data-sources": "" }, ...byGrade(sources).flatMap(([grade, pages]) =>
    [html("h2", {}, gradeWords(grade, pages.length)), html("ul", {}, ...pages.map(line))]))), LATER_MS);
  return { paper: () => paper.replaceChildren(...onPaper(state, step())) };
}

/**
 * A button that gives a file which is made when it is asked for.
 * @param {string} words
 * @param {string} name
 * @param {() => string} make
 */
function file(words, name, make) {
  const button = html("button", { type: "button", class: "ck-link" }, words);
  button.addEventListener("click", () => {
    const address = URL.createObjectURL(new Blob([make()], { type: "text/plain;charset=utf-8" }));
    html("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  });
  return button;
}

/**
 * All pages behind a map, each once, by publisher and day.
 * @param {Pick<State, "data" | "sources">} state
 * @returns {Source[]}
 */
export function allSources({ data, sources }) {
  const every = new Map([...sources, ...records(data.forces?.sources)].map(page => [page.id, page]));
  const key = (/** @type {Source} */ { publisher, published, id }) => `${publisher.toLowerCase()} ${published} ${id}`;
  return [...every.values()].sort((a, b) => key(a) < key(b) ? -1 : 1);
}

// The pages behind what one day shows: publishers by grade, those with most pages first, as many as a sheet holds.
/** @type {(state: State, step: number) => Element[]} */
function onPaper(state, step) {
  const { forces } = state.data, day = state.days[step], pages = records(forces?.sources);
  const rows = state.at(step).held.map(row => row && state.sources[row.source]);
  const reports = reportsOn(records(forces?.reports), day).flatMap(row => [pages[row.source], pages[row.second]]);
  const used = new Map([...rows, ...reports].flatMap(page => page ? [[page.id, page]] : []));
  const parts = [html("h2", {}, `Sources of ${dayWords(day)}: ${counted(used.size, "page")}`)];
  let room = ON_PAPER;
  for (const [grade, found] of byGrade([...used.values()])) {
    const counts = new Map();
    for (const { publisher } of found) counts.set(publisher, (counts.get(publisher) ?? 0) + 1);
    const names = [...counts].sort(([a, x], [b, y]) => y - x || a.localeCompare(b, "en"));
    const kept = names.slice(0, Math.max(0, room)), rest = names.length - kept.length;
    room -= kept.length;
    const said = kept.map(([publisher, count]) => count > 1 ? `${publisher} (${count})` : publisher).join("; ");
    parts.push(html("p", {}, html("strong", {}, `${gradeWords(grade, found.length)}. `), said,
      rest ? `${said ? "; and " : ""}${rest} more publishers, in the page itself` : ""));
  }
  return parts;
}

const SOURCE_COLUMNS = ["source_id", "publisher", "url", "published_date", "reliability"];
/** @param {Source} page */
const cells = ({ id, publisher, address, published, reliability }) => [id, publisher, address, published, reliability];

/**
 * Rows as CSV; a cell that a spreadsheet would run as a formula begins with an apostrophe.
 * @param {string[]} names
 * @param {string[][]} rows
 */
export function csvOf(names, rows) {
  const quoted = (/** @type {string} */ cell) => {
    const safe = /^[=+\-@\t\r]/.test(cell) && Number.isNaN(Number(cell)) ? `'${cell}` : cell;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll("\"", "\"\"")}"` : safe;
  };
  return `${[names, ...rows].map(row => row.map(quoted).join(",")).join("\r\n")}\r\n`;
}

/**
 * A page as BibTeX, as conflictkit/passport.py writes it.
 * @param {Source} page
 */
export function bibtexOf({ id, publisher, published, address }) {
  const plain = (/** @type {string} */ cell) =>
    cell.replaceAll("\\", "/").replaceAll("{", "(").replaceAll("}", ")").replace(/[&%$#_]/g, "\\$&");
  const fields = { author: publisher, title: publisher, date: published, url: address };
  const told = Object.entries(fields).filter(([, cell]) => cell)
    .map(([name, cell]) => `,\n  ${name} = {${plain(cell)}}`);
  return `@online{${id}${told.join("")}\n}`;
}

/**
 * km2 of every holder on every day and level, as CSV, with its range where the page has it, and with what was counted.
 * @param {State} state
 */
export function areasOf(state) {
  const { levels, ranges } = state.data;
  const rows = state.levels.flatMap(level => {
    const around = rangesOf(state, level);
    return state.days.flatMap((day, step) => {
      const sums = state.areas(state.at(step), level);
      return state.actors.flatMap(({ id, name }, holder) => {
        const { low, high } = around.get(holder) ?? {}, ends = [low?.[step], high?.[step]];
        return sums[holder] > 0
          ? [[day, level, id, name, sums[holder].toFixed(0), ...(ranges ? ends.map(km2 => String(km2 ?? "")) : []),
            levels[level].definition]] : [];
      });
    });
  });
  const ends = ranges ? ["area_lo_km2", "area_hi_km2"] : [];
  return csvOf(["date", "level", "actor_id", "name", "area_km2", ...ends, "definition"], rows);
}
