// What land rests on: shades for the confidence of the row in force, or for the grade of its page, with km2 of each.

import { makeChoice } from "./controls.js";
import { html, numberRow, numberTable, swatch } from "./dom.js";
import { dayWords, percent, rounded } from "./words.js";

/**
 * @import { Control, Moment, State } from "./state.js"
 * @import { EvidenceKind } from "./payload.js"
 */

const HOLDER = "holder";

/**
 * The kind of the row that is in force, by number: of a first row that it is one, whatever its confidence.
 * @param {State} state
 * @param {string} by  confidence or reliability
 */
export function kindOf({ data, sources }, by) {
  const kinds = data.evidence?.[by] ?? [], last = kinds.length - 1;
  const number = new Map(kinds.map(({ id }, at) => [id, at]));
  return (/** @type {Control | null} */ row) => {
    if (!row) return -1;
    const id = by === "reliability" ? sources[row.source]?.reliability : row.first ? kinds[last].id : row.confidence;
    return number.get(id ?? "") ?? last;
  };
}

/**
 * @param {State} state
 * @param {{ shade: (look: ((row: Control | null) => string) | null) => void }} land
 * @param {() => void} again  to draw the map anew
 */
export function makeSupport(state, land, again) {
  const { look } = state.data, table = html("div");
  const box = html("div", { role: "region", class: "ck-support", "aria-label": "Evidence" });
  let by = HOLDER;
  const options = [{ id: HOLDER, name: "holder" }, { id: "confidence", name: "confidence of its row" },
    { id: "reliability", name: "grade of its page" }];
  const choice = makeChoice("Shade land by", options, by, id => {
    by = id;
    if (by === HOLDER) land.shade(null);
    else {
      const kind = kindOf(state, by), kinds = kindsBy();
      land.shade(row => kinds[kind(row)]?.color ?? look.none);
    }
    again();
  });
  /** @returns {EvidenceKind[]} */
  const kindsBy = () => state.data.evidence?.[by] ?? [];

  /** @type {(moment: Moment, level: string) => void} */
  function show(moment, level) {
    table.hidden = by === HOLDER;
    if (by === HOLDER) return;
    const kinds = kindsBy(), kind = kindOf(state, by), sums = kinds.map(() => 0);
    for (const { place, claimed, core } of state.pieces) {
      const at = kind(moment.held[place] ?? null);
      if (at >= 0) sums[at] += level === "core" ? core : claimed;
    }
    const whole = sums.reduce((sum, km2) => sum + km2, 0) || 1;
    const title = `What ${level} land rests on, ${dayWords(state.days[moment.step])}`;
    const rows = kinds.map(({ name, color }, at) => ({ name, color, km2: sums[at] })).filter(({ km2 }) => km2 > 0);
    table.replaceChildren(numberTable(title, ["Row or page", "km\u00B2", "Share"], rows.map(({ name, color, km2 }) =>
      numberRow(swatch(color, look.admin), name, [rounded(km2), percent(km2 / whole)]))));
  }
  box.append(choice, table);
  return { box, show };
}
