// The address of a view, such as #date=2017-11-03&place=<id>&level=core: read when the page opens, written as it is
// used, copied by a button.

import { stepOn } from "./controls.js";
import { html } from "./dom.js";
import { dayWords } from "./words.js";

/**
 * @import { State } from "./state.js"
 * @typedef {object} Handle  of the map
 * @property {State} state
 * @property {(step: number) => void} show
 * @property {() => number} step
 * @property {(level: string) => void} setLevel
 * @property {() => string} level
 * @property {((id: string) => boolean) | undefined} openId
 * @property {() => string} place
 * @property {(listener: (step: number) => void) => void} onStep
 * @property {(listener: (id: string) => void) => void} onPlace
 * @property {(listener: (level: string) => void) => void} onLevel
 */

const ISO_DAY = /^\d{4}-\d\d-\d\d$/;
const QUIET_MS = 250; // an address is written when the reader has stopped
const SAID_MS = 2500;

/**
 * @param {Handle} handle
 * @param {Element} row  of the controls, for the button
 */
export function makeAddress(handle, row) {
  const { state } = handle, note = html("p", { class: "ck-note ck-outside", role: "status" });
  const button = html("button", { type: "button", class: "ck-copy" }, "Copy link");
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const link = () => `${location.href.split("#")[0]}#${viewOf(handle)}`;

  function write() {
    clearTimeout(timer);
    timer = setTimeout(() => history.replaceState(null, "", link()), QUIET_MS);
  }
  function read() {
    const wanted = new URLSearchParams(location.hash.slice(1)), date = wanted.get("date"), level = wanted.get("level");
    const place = wanted.get("place");
    note.textContent = [date && outside(state, date), place && !handle.openId?.(place) && `No place ${place} here.`]
      .filter(Boolean).join(" ");
    if (level && level !== handle.level()) handle.setLevel(level);
    if (date && ISO_DAY.test(date)) handle.show(Math.max(0, stepOn(state.days, date)));
  }
  async function copy() {
    history.replaceState(null, "", link());
    try {
      await navigator.clipboard.writeText(link());
      button.textContent = "Copied";
    } catch {
      button.textContent = "See the address bar"; // a browser that lets no page write to the clipboard
    }
    setTimeout(() => { button.textContent = "Copy link"; }, SAID_MS);
  }

  button.addEventListener("click", copy);
  row.append(button);
  row.after(note);
  read();
  handle.onStep(() => { note.textContent = ""; write(); });
  handle.onPlace(write);
  handle.onLevel(write);
  const changed = () => { if (location.hash.slice(1) !== viewOf(handle)) read(); };
  addEventListener("hashchange", changed);
  return () => removeEventListener("hashchange", changed);
}

/**
 * What is shown, as the end of an address.
 * @param {Pick<Handle, "state" | "step" | "place" | "level">} handle
 */
export function viewOf({ state, step, place, level }) {
  const parts = new URLSearchParams({ date: state.days[step()] });
  if (place()) parts.set("place", place());
  parts.set("level", level());
  return parts.toString();
}

/**
 * What to tell a reader who asks for a day that the tables do not cover: empty for one that they do.
 * @param {Pick<State, "data" | "days">} state
 * @param {string} date
 */
export function outside({ data, days }, date) {
  if (!ISO_DAY.test(date)) return `${date} is no date such as ${days[0]}.`;
  const [first, last] = data.covers;
  if (date >= (first ?? date) && date <= (last ?? date)) return "";
  const until = last ? `to ${dayWords(last)}` : "on";
  return `The tables say nothing of ${dayWords(date)}: they cover ${dayWords(first ?? days[0])} ${until}. `
    + "Shown is the nearest day.";
}
