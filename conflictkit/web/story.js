// A story: steps that are read one below the other, and a map beside them that follows. The page and the keys turn it.

import { html } from "./dom.js";
import { conflictkitMap } from "./map.js";

/**
 * @import { Payload, Point } from "./payload.js"
 * @typedef {object} Turn  what the map shows beside a step
 * @property {number} step  of the days
 * @property {string} level
 * @property {string} place  its id, or nothing
 * @property {[Point, Point]} bounds  south-west and north-east, latitude first
 * @property {string[]} actors  whose land is in colour; all where it is empty
 * @typedef {Payload & { steps: Turn[] }} Story
 */

const READ_AT = { wide: 0.55, narrow: 0.8 }; // of the window's height: a step that has come up to it is the one shown
const ABOVE_WORDS = "(max-width: 800px)";      // as in story.css, where the map stands above the words
const FLIGHT_SECONDS = 0.9;
const KEYS_ON = new Set(["ArrowRight", "PageDown"]), KEYS_BACK = new Set(["ArrowLeft", "PageUp"]);

/**
 * @param {any} L  Leaflet
 * @param {Story} data
 * @param {HTMLElement} main  with the steps as sections
 */
export function conflictkitStory(L, data, main) {
  const sections = /** @type {HTMLElement[]} */ ([...main.querySelectorAll("section")]), last = sections.length - 1;
  const room = html("div", { class: "ck-tale-map" }), said = html("p", { role: "status" });
  const back = html("button", { type: "button", "aria-label": "Previous step" }, "\u2039");
  const on = html("button", { type: "button", "aria-label": "Next step" }, "\u203A");
  const scene = html("section", { class: "ck-tale-scene", "aria-label": "Map of the step" }, room,
    html("div", { class: "ck-tale-turn" }, back, said, on));
  main.insertBefore(scene, sections[0]);
  document.documentElement.classList.add("ck-alive"); // from here on the map stands in place of the pictures
  const kit = /** @type {any} */ (conflictkitMap(L, data, { element: room, panels: false }));
  const { map, state } = kit, stage = map.getContainer();
  const still = matchMedia("(prefers-reduced-motion: reduce)"), narrow = matchMedia(ABOVE_WORDS);
  const pane = map.getPane("ck-places") ? "ck-places" : "overlayPane";
  // ink on white: seen on land of any colour
  const rings = [["#FFFFFF", 6], [data.look.ink, 3]].map(([color, weight]) =>
    L.circleMarker([0, 0], { radius: 11, weight, color, fill: false, interactive: false, pane }));
  kit.root.querySelector(".ck-side").tabIndex = 0; // it scrolls where there is little room, also by keyboard
  let shown = -1;
  /** @type {number | null} */
  let goal = null; // where a key has sent the page, until it is there

  /** @type {(number: number, how: { fly: boolean }) => void} */
  function show(number, { fly }) {
    if (number === shown) return;
    shown = number;
    const turn = data.steps[number];
    sections.forEach((section, at) => {
      if (at === number) section.setAttribute("aria-current", "step");
      else section.removeAttribute("aria-current");
    });
    if (turn.level !== kit.level()) kit.setLevel(turn.level);
    kit.setVisible(turn.actors);
    kit.show(turn.step);
    mark(turn.place);
    if (fly && !still.matches) map.flyToBounds(turn.bounds, { duration: FLIGHT_SECONDS });
    else map.fitBounds(turn.bounds, { animate: false });
    back.disabled = number === 0;
    on.disabled = number === last;
    said.textContent = `Step ${number + 1} of ${last + 1}`;
  }
  /** @param {string} id */
  function mark(id) {
    const place = state.places.find((/** @type {{ id: string }} */ one) => one.id === id);
    for (const ring of rings) {
      if (place) ring.setLatLng([place.latitude, place.longitude]).addTo(map);
      else ring.remove();
    }
  }
  /** @param {{ fly: boolean }} how */
  function follow(how) {
    const line = innerHeight * (narrow.matches ? READ_AT.narrow : READ_AT.wide);
    const now = stepAt(sections.map(section => section.getBoundingClientRect().top), line);
    if (goal === null) show(now, how);
    else if (now === goal) goal = null;
  }
  /** @param {number} number */
  function go(number) {
    goal = Math.max(0, Math.min(last, number));
    show(goal, { fly: true });
    sections[goal].scrollIntoView({ block: "start", behavior: still.matches ? "auto" : "smooth" });
    history.replaceState(null, "", `${location.href.split("#")[0]}#${sections[goal].id}`);
  }
  /** @param {KeyboardEvent} event */
  function press(event) {
    const by = turnOf(event);
    // inside the map and its controls the keys are theirs
    if (!by || (event.target instanceof Node && room.contains(event.target))) return;
    event.preventDefault();
    go((goal ?? shown) + by);
  }
  let waiting = false;
  function scrolled() {
    if (waiting) return;
    waiting = true;
    requestAnimationFrame(() => { waiting = false; follow({ fly: true }); });
  }
  const release = () => { goal = null; };

  back.addEventListener("click", () => go((goal ?? shown) - 1));
  on.addEventListener("click", () => go((goal ?? shown) + 1));
  addEventListener("keydown", press);
  addEventListener("scroll", scrolled, { passive: true });
  for (const name of ["wheel", "touchmove", "scrollend"]) addEventListener(name, release, { passive: true });
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach(fold => { fold.open = true; }));
  new ResizeObserver(() => {
    map.invalidateSize({ pan: false });
    if (shown >= 0) map.fitBounds(data.steps[shown].bounds, { animate: false });
  }).observe(stage);
  const asked = sections.findIndex(({ id }) => `#${id}` === location.hash);
  if (asked >= 0) sections[asked].scrollIntoView({ block: "start", behavior: "auto" });
  follow({ fly: false });
  return Object.assign(kit, { go, turned: () => shown });
}

/**
 * The step that is read: the last one whose top has come up to a line, or the first.
 * @param {number[]} tops
 * @param {number} line
 */
export function stepAt(tops, line) {
  return Math.max(0, tops.findLastIndex(top => top <= line));
}

/**
 * Where a key leads: a step on, a step back, or nowhere. With another key held it is the browser's.
 * @param {Pick<KeyboardEvent, "key" | "ctrlKey" | "altKey" | "metaKey" | "shiftKey">} event
 */
export function turnOf({ key, ctrlKey, altKey, metaKey, shiftKey }) {
  if (ctrlKey || altKey || metaKey || shiftKey) return 0;
  return KEYS_ON.has(key) ? 1 : KEYS_BACK.has(key) ? -1 : 0;
}
