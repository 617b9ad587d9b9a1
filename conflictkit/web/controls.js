// What a reader moves the map with: the slider over dates, choices of a few words, the box that finds a place.

import { freshId, html } from "./dom.js";
import { dayWords } from "./words.js";

/** @import { State } from "./state.js" */

const PLAY_MS = 450;

/**
 * @param {State} state
 * @param {(step: number) => void} choose
 */
export function makeControls(state, choose) {
  const last = state.days.length - 1;
  const slider = html("input",
    { type: "range", min: 0, max: last, step: 1, value: last, "aria-label": "Date", class: "ck-slider" });
  const back = html("button", { type: "button", "aria-label": "Previous date" }, "\u2039");
  const on = html("button", { type: "button", "aria-label": "Next date" }, "\u203A");
  const play = html("button", { type: "button", class: "ck-play", "aria-pressed": "false" }, "Play");
  const date = html("span", { class: "ck-date" }); // not live: the slider and the summary say it already
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let step = last;

  function halt() {
    clearInterval(timer);
    timer = undefined;
    play.textContent = "Play";
    play.setAttribute("aria-pressed", "false");
  }
  function run() {
    if (timer) { halt(); return; }
    if (step === last) choose(0);
    play.textContent = "Pause";
    play.setAttribute("aria-pressed", "true");
    timer = setInterval(() => { step < last ? choose(step + 1) : halt(); }, PLAY_MS);
  }
  slider.addEventListener("input", () => { halt(); choose(Number(slider.value)); });
  back.addEventListener("click", () => { halt(); choose(step - 1); });
  on.addEventListener("click", () => { halt(); choose(step + 1); });
  play.addEventListener("click", run);

  /** @param {number} now */
  function show(now) {
    step = now;
    slider.value = String(now);
    const words = state.data.blurs?.spans[now] ?? dayWords(state.days[now]);
    slider.setAttribute("aria-valuetext", words);
    date.textContent = words;
    back.disabled = now === 0;
    on.disabled = now === last;
  }
  const row = html("div", { class: "ck-controls" }, date, back, on, play, slider);
  if (last < 1) [back, on, play, slider].forEach(part => { part.hidden = true; });
  return { row, show, playing: () => timer !== undefined };
}

/**
 * A choice of a few words, as radio buttons: one tab stop, arrow keys, and the words are read out.
 * @param {string} legend
 * @param {{ id: string, name: string, title?: string }[]} options
 * @param {string} chosen
 * @param {(id: string) => void} choose
 */
export function makeChoice(legend, options, chosen, choose) {
  const group = freshId("choice");
  const field = html("fieldset", { class: "ck-choice" }, html("legend", {}, legend));
  for (const { id, name, title } of options) {
    const radio = html("input", { type: "radio", name: group, value: id });
    radio.checked = id === chosen;
    radio.addEventListener("change", () => choose(id));
    field.append(html("label", { title: title ?? "" }, radio, name));
  }
  return field;
}

/**
 * The choice of the land that is counted; none where there is one kind only.
 * @param {State} state
 * @param {string} level
 * @param {(level: string) => void} choose
 */
export function levelChoice({ data, levels }, level, choose) {
  if (levels.length < 2) return [];
  const options = levels.map(id => ({ id, name: data.levels[id].name, title: data.levels[id].definition }));
  return [makeChoice("Land", options, level, choose)];
}

/**
 * A box that opens a place by its name: the way to a place without a mouse.
 * @param {State} state
 * @param {(place: number) => void} open
 */
export function makeFinder(state, open) {
  const names = state.places.map(({ name }) => name);
  const places = new Map(names.map((name, place) => [name.toLowerCase(), place]));
  const id = freshId("names");
  const list = html("datalist", { id }, ...names.sort().map(name => html("option", { value: name })));
  const box = html("input",
    { type: "text", list: id, placeholder: "Find a place", "aria-label": "Find a place", class: "ck-find" });
  box.addEventListener("input", () => box.setCustomValidity(""));
  box.addEventListener("change", () => {
    const place = places.get(box.value.trim().toLowerCase());
    if (place !== undefined) open(place);
    else if (box.value) {
      box.setCustomValidity("The table of control has no row for a place of this name.");
      box.reportValidity();
    }
  });
  return html("span", {}, box, list);
}
