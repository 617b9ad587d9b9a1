// The ranges of areas: read as the model wrote them, those drawn together added up, drawn as steps, saved as cells.

import assert from "node:assert/strict";
import { areasOf } from "../../conflictkit/web/foot.js";
import { rangeOf, rangePath, rangesOf } from "../../conflictkit/web/ranges.js";
import { makeState } from "../../conflictkit/web/state.js";
import { near, readCase } from "./case.js";

const { data, area } = readCase("drawings");
const state = makeState(data);

/**
 * A page of two days and three holders, of whom the second is drawn as part of the first.
 * @type {any}
 */
const small = {
  data: { ranges: {
    columns: ["level", "country", "actor", "low", "high"], words: { level: ["claimed", "core"] },
    rows: [[0, -1, 0, [10, 5], [20, -2]], [0, -1, 1, [1, 0], [2, 1]], [0, -1, 2, [7, 0], [9, 0]],
      [0, 1, 0, [3, 0], [4, 0]], [1, -1, 0, [2, 0], [3, 0]]],
  } },
  folder: (/** @type {Set<number>} */ present) => (/** @type {number} */ holder) =>
    holder === 1 && present.has(0) ? 0 : holder,
};

Deno.test("both ends on every day are those of Territory.area, to the whole km2 outside", () => {
  const found = rangesOf(state, "claimed");
  let checked = 0;
  for (const { date, actor_id: actor, area_lo_km2: low, area_hi_km2: high } of area) {
    const range = found.get(state.number.get(actor) ?? -1), step = data.dates.indexOf(date);
    if (!range) continue;
    near(range.low[step], low - 0.5, 0.5, `${date} ${actor}`);
    near(range.high[step], high + 0.5, 0.5, `${date} ${actor}`);
    checked += 1;
  }
  assert.equal(checked, 2 * data.dates.length);
});

Deno.test("a holder and those drawn as part of it have the sum; level and country are those asked for", () => {
  assert.deepEqual(rangeOf(small, "claimed", -1, 0), { low: [11, 16], high: [22, 21] });
  assert.deepEqual(rangeOf(small, "claimed", -1, 2), { low: [7, 7], high: [9, 9] });
  assert.deepEqual(rangeOf(small, "claimed", 1, 0), { low: [3, 3], high: [4, 4] });
  assert.deepEqual(rangeOf(small, "core", -1, 0), { low: [2, 2], high: [3, 3] });
  for (const [country, holder] of [[-1, 1], [0, 0], [-1, 5]]) {
    assert.equal(rangeOf(small, "claimed", country, holder), null);
  }
  assert.equal(rangesOf({ .../** @type {any} */ (small), data: {} }, "claimed").size, 0);
});

Deno.test("a range is drawn as steps: there along the high end, back along the low end", () => {
  assert.equal(rangePath([0, 10, 30], [5, 2, 3], [9, 8, 7]),
    "M0.0,5.0H10.0V2.0H30.0V3.0V7.0H30.0V8.0H10.0V9.0H0.0Z");
  assert.equal(rangePath([4], [5], [9]), "M4.0,5.0V9.0H4.0Z"); // of one day: an upright stroke
});

Deno.test("the file of numbers has both ends where the page has them, beside the figure and in it", () => {
  const [head, ...rows] = areasOf(state).trim().split("\r\n").map(line => line.split(","));
  assert.deepEqual(head.slice(0, 7), ["date", "level", "actor_id", "name", "area_km2", "area_lo_km2", "area_hi_km2"]);
  assert(rows.length > 3);
  for (const [, , actor, , ...cells] of rows) {
    const [km2, low, high] = cells.slice(0, 3).map(Number);
    assert(low <= km2 && km2 <= high && high - low > 10, `${actor}: ${low} ${km2} ${high}`);
  }
  const without = areasOf({ ...state, data: { ...data, ranges: undefined } }).split("\r\n")[0];
  assert.equal(without, "date,level,actor_id,name,area_km2,definition");
});
