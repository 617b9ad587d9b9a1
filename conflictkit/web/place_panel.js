// One place beside the map: who holds it on the day shown, and its whole history, each row with source, grade, note and
// the other reports of it.

import { html, sourceLink } from "./dom.js";
import { makePanel } from "./panel.js";
import { records } from "./payload.js";
import { counted, dateWords, WHOLE } from "./words.js";

/** @import { Control, Moment, State } from "./state.js" */

/**
 * @param {State} state
 * @param {() => void} closed
 */
export function makePlacePanel(state, closed) {
  const { data } = state, rivals = records(data.rivals);
  const held = html("p", { class: "ck-held" });
  const panel = makePanel("Place", () => { place = -1; closed(); });
  /** @type {Map<Control, HTMLElement>} */
  let lines = new Map();
  let place = -1;

  const name = (/** @type {number} */ holder) => state.actors[holder]?.name ?? "a side that the table does not name";

  /** @param {Control | null} row */
  function words(row) {
    if (!row) return "Not known on this day: its first row is later.";
    const since = row.before ? `since ${dateWords(row.day, row.precision)}` : "since the table begins";
    if (!row.paint.sides) return `Held by ${name(row.actor)} ${since}.`;
    const [before, after] = row.paint.sides;
    return `Contested ${since}: before, ${name(before)}; after, ${name(after)}.`;
  }

  // What was reported of one row, its own page among them, by the day that each report names.
  /** @param {Control} row */
  function others(row) {
    const told = rivals.filter(rival => rival.place === place && rival.row === row.day);
    told.sort((one, other) => one.day.localeCompare(other.day));
    const items = told.map(({ said, day, precision, source }) =>
      html("li", {}, `${said}, ${dateWords(day, precision)} `, sourceLink(state.sources[source])));
    return items.length ? [html("ul", { "aria-label": "Reports" }, ...items)] : [];
  }

  /** @param {Control} row */
  function line(row) {
    const { day, precision, actor, confidence, source, note, first } = row;
    const when = first ? "At the beginning" : dateWords(day, precision);
    return html("li", {}, html("strong", {}, when), `: ${name(actor)} (${confidence}) `,
      sourceLink(state.sources[source]), ...(note ? [html("p", { class: "ck-row-note" }, note)] : []), ...others(row));
  }

  /** @type {(wanted: number, moment: Moment) => void} */
  function show(wanted, moment) {
    place = wanted;
    const { name: called, arabic, aliases, kind, admin, residents } = state.places[place];
    const about = [kind, admin, residents ? `${WHOLE.format(residents)} residents` : ""].filter(Boolean).join(", ");
    lines = new Map(state.history[place].map(row => [row, line(row)]));
    const also = aliases.split(";").filter(Boolean).join(", ");
    panel.fill(called, [
      ...(arabic ? [html("p", { lang: "ar", dir: "rtl", class: "ck-arabic" }, arabic)] : []),
      html("p", { class: "ck-about" }, about, ...(also ? [html("br"), `Also written ${also}`] : [])), held,
      html("h3", {}, lines.size === 1 ? `The one row of this ${kind}` : `All ${counted(lines.size, "row")}`),
      html("ol", { class: "ck-rows" }, ...lines.values())]);
    update(moment);
  }

  /** @param {Moment} moment */
  function update(moment) {
    if (place < 0) return;
    const row = moment.held[place], said = words(row);
    if (held.textContent !== said) held.textContent = said;
    for (const [other, item] of lines) {
      other === row ? item.setAttribute("aria-current", "true") : item.removeAttribute("aria-current");
    }
  }

  return { ...panel, show, update, place: () => place };
}
