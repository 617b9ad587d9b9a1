// The box that finds a place by any of its spellings: the way to a place without a mouse.

import { freshId, html } from "./dom.js";
import { makeFold, placesLike, spellingsOf } from "./spelling.js";

/** @import { State } from "./state.js" */

const MOST_OFFERED = 12;
const WIDEST = 340; // pixels of the list, as the style has it
const NOT_FOUND = "The table of control has no row for a place of this name.";

/**
 * @param {State} state
 * @param {(place: number) => void} open
 */
export function makeFinder(state, open) {
  const { places } = state, fold = makeFold(state.data.fold), id = freshId("names");
  const list = html("ul", { id, role: "listbox", "aria-label": "Names found", class: "ck-found" });
  const none = html("p", { class: "ck-found ck-found-none", role: "status" });
  const box = html("input", {
    type: "text", role: "combobox", placeholder: "Find a place", "aria-label": "Find a place", class: "ck-find",
    "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": id,
    autocomplete: "off", spellcheck: "false",
  });
  /** @type {ReturnType<typeof spellingsOf>} */
  let spellings = [];
  /** @type {{ place: number, written: string }[]} */
  let offered = [];
  let active = -1;

  function offer() {
    if (!spellings.length) spellings = spellingsOf(places, fold);
    offered = placesLike(spellings, places, fold(box.value), MOST_OFFERED);
    list.replaceChildren(...offered.map(option));
    none.textContent = box.value.trim() && !offered.length ? NOT_FOUND : "";
    expand(offered.length > 0);
    point(-1);
  }
  /** @type {(found: { place: number, written: string }, at: number) => Element} */
  function option({ place, written }, at) {
    const { name, admin, kind } = places[place];
    const about = [written === name ? "" : written, admin, kind].filter(Boolean).join(", ");
    const line = html("li", { role: "option", id: `${id}-${at}`, "aria-selected": "false" },
      html("span", {}, name), html("small", {}, about));
    line.addEventListener("click", () => choose(at));
    return line;
  }
  /** @param {boolean} on */
  function expand(on) {
    // it is wider than the box, which stands at either end of its row
    const left = root.closest(".ck")?.getBoundingClientRect().left ?? 0;
    root.classList.toggle("ck-from-left", root.getBoundingClientRect().right - left < WIDEST);
    list.hidden = !on;
    none.hidden = on || !none.textContent;
    box.setAttribute("aria-expanded", String(on));
  }
  /** @param {number} at */
  function point(at) {
    list.children[active]?.setAttribute("aria-selected", "false");
    active = at;
    const line = list.children[at];
    line?.setAttribute("aria-selected", "true");
    line?.scrollIntoView({ block: "nearest" });
    line ? box.setAttribute("aria-activedescendant", line.id) : box.removeAttribute("aria-activedescendant");
  }
  /** @param {number} at */
  function choose(at) {
    const found = offered[at];
    if (!found) return;
    box.value = places[found.place].name;
    expand(false);
    open(found.place);
  }
  /** @param {KeyboardEvent} event */
  function press(event) {
    const steps = /** @type {Record<string, number>} */ ({ ArrowDown: 1, ArrowUp: -1 }), step = steps[event.key];
    if (step && !list.hidden) point((active + step + offered.length) % offered.length);
    else if (step) offer();
    else if (event.key === "Enter") choose(Math.max(0, active));
    else if (event.key === "Escape" && !(list.hidden && none.hidden)) { none.textContent = ""; expand(false); }
    else return;
    event.preventDefault();
  }

  box.addEventListener("input", offer);
  box.addEventListener("keydown", press);
  box.addEventListener("blur", () => { none.textContent = ""; expand(false); });
  list.addEventListener("mousedown", event => event.preventDefault()); // the box keeps the focus until the click
  const root = html("div", { class: "ck-finder" }, box, list, none);
  expand(false);
  return root;
}
