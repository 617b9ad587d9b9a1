// Fills of land. The colours come from the table of actors, by way of the payload; none is chosen here.

import { freshId, svg } from "./dom.js";

/**
 * @import { Paint, State } from "./state.js"
 * @typedef {ReturnType<typeof makePaints>} Paints
 */

/**
 * Fills for one map; patterns are made when they are first needed, in a drawing of their own that is never seen.
 * @param {Element} root
 * @param {State} state
 */
export function makePaints(root, state) {
  const name = freshId("paint"), { grey } = state.data;
  const hidden = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "ck-defs" });
  const defs = svg("defs", {}, hidden);
  /** @type {Map<string, string>} */
  const made = new Map();
  root.append(hidden);

  /**
   * @param {string} color
   * @param {string} line
   * @param {string} hatch
   */
  function pattern(color, line, hatch) {
    const key = `${color}${line}${hatch}`, known = made.get(key);
    if (known) return known;
    const id = `${name}-${made.size}`, fill = `url(#${id})`;
    const tile = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, defs);
    svg("rect", { width: 8, height: 8, fill: color }, tile);
    for (const d of strokes(hatch)) svg("path", { d, stroke: line, "stroke-width": 1.6, fill: "none" }, tile);
    if (hatch.includes(".")) {
      for (const at of [2, 6]) svg("circle", { cx: at, cy: at, r: 1.1, fill: line }, tile);
    }
    made.set(key, fill);
    return fill;
  }

  // Contested land: the side before as the ground, the side after as the lines; grey where the table names no side.
  const contested = (/** @type {[number, number]} */ [before, after]) =>
    pattern(state.actors[before]?.tint ?? grey.tint, state.actors[after]?.color ?? grey.color, "/");

  /** @param {Paint} paint */
  function fill({ holder, sides }) {
    if (sides) return contested(sides);
    const actor = state.actors[holder];
    return actor.hatch ? pattern(actor.color, actor.line, actor.hatch) : actor.color;
  }

  // Of a holder in a legend: contested land in general, land of nobody for -1.
  /** @param {number} holder */
  function sample(holder) {
    if (holder < 0) return state.data.look.none;
    const contested = state.actors[holder].id === "contested";
    return contested ? pattern(grey.tint, state.data.look.ink, "/") : fill({ holder, sides: null });
  }

  return { fill, pattern, sample };
}

/** @param {string} hatch */
function strokes(hatch) {
  const rising = "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6", falling = "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2";
  const found = [];
  if (/[/x]/.test(hatch)) found.push(rising);
  if (/[\\x]/.test(hatch)) found.push(falling);
  if (/[-+]/.test(hatch)) found.push("M0,4 L8,4");
  if (/[|+]/.test(hatch)) found.push("M4,0 L4,8");
  return found;
}
