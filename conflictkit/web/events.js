// What changed between the date before and this one: who took which place from whom, with the page that says so.

import { html, sourceLink } from "./dom.js";
import { counted, dateWords, dayWords, rounded } from "./words.js";

/**
 * @import { Move } from "./payload.js"
 * @import { Control, State } from "./state.js"
 */

const MOST_EVENTS = 60;

/**
 * @param {State} state
 * @param {(place: number) => void} open
 */
export function makeEvents(state, open) {
  const title = html("h2"), list = html("ol");
  const box = html("section", { class: "ck-events", "aria-label": "What changed" }, title, list);
  const name = (/** @type {number | undefined} */ holder) => state.actors[holder ?? -1]?.short ?? "nobody";

  /** @param {Control} row */
  function change({ place, before, actor, day, precision, source }) {
    const button = html("button", { type: "button", class: "ck-link" }, state.places[place].name);
    button.addEventListener("click", () => open(place));
    return html("li", {}, button, `: ${name(before?.actor)} \u2192 ${name(actor)}, ${dateWords(day, precision)}. `,
      sourceLink(state.sources[source]));
  }
  /** @param {Move} row */
  const move = ({ from, to, km2 }) => html("li", {}, `${name(from)} \u2192 ${name(to)}: ${rounded(km2)} km\u00B2`);

  /** @param {number} step */
  function show(step) {
    const changes = state.changes(step), moves = state.moves(step), count = changes.length + moves.length;
    title.textContent = step === 0 ? "The first day shown"
      : `${count ? counted(count, "change") : "No change"} since ${dayWords(state.days[step - 1])}`;
    list.replaceChildren(...changes.slice(0, MOST_EVENTS).map(change), ...moves.slice(0, MOST_EVENTS).map(move));
    const rest = count - list.children.length;
    if (rest > 0) list.append(html("li", {}, `and ${rest} more: choose closer dates`));
    list.hidden = count === 0;
  }
  return { box, show };
}
