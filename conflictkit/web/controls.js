// What a reader moves the map with: the slider over dates, steps to what comes next, play, choices of a few words.

import { freshId, html } from "./dom.js";
import { dayWords } from "./words.js";

/** @import { State } from "./state.js" */

const SPEEDS = [{ id: "1500", name: "slow" }, { id: "750", name: "medium" }, { id: "300", name: "fast" }];
const MANY_DAYS = 60; // from so many days on, a step to the next change is too small to tell a story

/**
 * @param {State} state
 * @param {(step: number) => void} choose
 * @param {number[]} named  steps of the named changes
 */
export function makeControls(state, choose, named) {
  const { days } = state, last = days.length - 1;
  const slider = html("input",
    { type: "range", min: 0, max: last, step: 1, value: last, "aria-label": "Date", class: "ck-slider" });
  const back = html("button", { type: "button", "aria-label": "Previous date" }, "\u2039");
  const on = html("button", { type: "button", "aria-label": "Next date" }, "\u203A");
  const play = html("button", { type: "button", class: "ck-play", "aria-pressed": "false" }, "Play");
  const date = html("span", { class: "ck-date" }); // not live: the slider and the summary say it already
  const periods = Boolean(state.data.blurs); // a step of events is a period, and there is no other
  const units = periods || last < 2 ? [] : [
    ...(named.length ? [{ id: "named", name: "named change" }] : []),
    { id: "change", name: "change" }, { id: "month", name: "month" },
  ];
  const unit = makeSelect("by", units, named.length && last > MANY_DAYS ? "named" : "change");
  const speed = makeSelect("speed", SPEEDS, "750");
  speed.box.classList.add("ck-speed"); // its word stays on a phone: "medium" alone says nothing
  /** @type {ReturnType<typeof setInterval> | undefined} */
  let timer;
  let step = last;

  const next = (/** @type {number} */ direction) =>
    nextStep({ days, step, direction, unit: units.length ? unit.value() : "change", named });
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
    timer = setInterval(() => { step < last ? choose(next(1)) : halt(); }, Number(speed.value()));
  }
  slider.addEventListener("input", () => { halt(); choose(Number(slider.value)); });
  back.addEventListener("click", () => { halt(); choose(next(-1)); });
  on.addEventListener("click", () => { halt(); choose(next(1)); });
  play.addEventListener("click", run);
  speed.onChange(() => { if (timer) { halt(); run(); } });

  /** @param {number} now */
  function show(now) {
    step = now;
    slider.value = String(now);
    const words = state.data.blurs?.spans[now] ?? dayWords(days[now]);
    slider.setAttribute("aria-valuetext", words);
    if (date.textContent !== words) date.textContent = words;
    if (back.disabled !== (now === 0)) back.disabled = now === 0;
    if (on.disabled !== (now === last)) on.disabled = now === last;
  }
  const group = html("span", { class: "ck-steps" }, back, on, unit.box, play, speed.box);
  const row = html("div", { class: "ck-controls" }, date, group, slider);
  unit.box.hidden = units.length === 0;
  if (last < 1) [group, slider].forEach(part => { part.hidden = true; });
  return { row, show, playing: () => timer !== undefined };
}

/**
 * The step that comes next: the next change, the next one with a name, or the one that a month leads to.
 * @param {{ days: string[], step: number, direction: number, unit: string, named: number[] }} where
 */
export function nextStep({ days, step, direction, unit, named }) {
  const last = days.length - 1, beside = Math.max(0, Math.min(last, step + direction));
  if (unit === "named") {
    const ahead = direction > 0 ? named.find(one => one > step) : named.findLast(one => one < step);
    return ahead ?? (direction > 0 ? last : 0);
  }
  if (unit !== "month") return beside;
  const day = new Date(days[step]), wanted = new Date(day);
  wanted.setUTCMonth(day.getUTCMonth() + direction, Math.min(day.getUTCDate(), 28)); // every month has such a day
  const found = stepOn(days, wanted.toISOString().slice(0, 10));
  return direction > 0 ? Math.max(beside, found) : Math.min(beside, Math.max(0, found));
}

/**
 * The last step up to a day, or -1.
 * @param {string[]} days
 * @param {string} day
 */
export function stepOn(days, day) {
  return days.findLastIndex(one => one <= day);
}

/**
 * A choice of one of several, with its name before it.
 * @param {string} label
 * @param {{ id: string, name: string }[]} options
 * @param {string} chosen
 */
export function makeSelect(label, options, chosen) {
  const entries = options.map(({ id, name }) => html("option", { value: id }, name));
  const select = html("select", { "aria-label": label }, ...entries);
  select.value = chosen;
  return {
    box: html("label", { class: "ck-select" }, html("span", {}, label), select),
    value: () => select.value,
    set: (/** @type {string} */ id) => { select.value = id; },
    onChange: (/** @type {(id: string) => void} */ act) => select.addEventListener("change", () => act(select.value)),
  };
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
