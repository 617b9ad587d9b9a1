// Published figures: what is chosen is what the explorer selects, in order, on a scale that holds all of it.

import assert from "node:assert/strict";
import { chosenFigures, endsOf, figureScale, middleOf, orderedFigures } from "../../conflictkit/web/figures.js";
import { records } from "../../conflictkit/web/payload.js";
import { near, readCase } from "./case.js";

const { data, chosen } = readCase("estimates");
/** @type {import("../../conflictkit/web/payload.js").Figure[]} */
const figures = records(data.figures);

/**
 * @param {(number | null)[][]} rows
 * @returns {any[]}
 */
const bare = rows => rows.map(([low, best, high]) => ({ low, best, high }));

Deno.test("each choice gives the rows of the explorer", () => {
  for (const { view, ids } of chosen) {
    assert.deepEqual(chosenFigures(figures, view).map(({ id }) => id).sort(), ids, JSON.stringify(view));
  }
  assert(new Set(chosen.map((/** @type {{ ids: string[] }} */ { ids }) => ids.length)).size > 4);
});

Deno.test("an empty day is no limit; days of the limits are inside", () => {
  const { view } = chosen[0], all = chosenFigures(figures, { ...view, start: "", end: "" });
  const days = all.map(({ day }) => day).sort(), last = days[days.length - 1];
  assert.deepEqual(chosenFigures(figures, { ...view, start: days[0], end: last }), all);
  assert(chosenFigures(figures, { ...view, start: last, end: last }).every(({ day }) => day === last));
});

Deno.test("order: by any column in either direction, nothing lost, the rows given stay as they were", () => {
  const before = figures.map(({ id }) => id);
  for (const column of ["day", "who", "figure", "what", "grade"]) {
    for (const direction of [1, -1]) {
      assert.deepEqual(orderedFigures(figures, column, direction).map(({ id }) => id).sort(), [...before].sort());
    }
  }
  const middles = orderedFigures(figures, "figure", -1).map(middleOf);
  assert(middles.every((middle, at) => at === 0 || middle <= middles[at - 1]));
  assert.deepEqual(figures.map(({ id }) => id), before);
});

Deno.test("a figure is sorted by its best, the middle of its ends, or the end that it has", () => {
  assert.deepEqual(bare([[1, 2, 9], [1, null, 9], [4, null, null], [null, null, 6]]).map(middleOf), [2, 5, 4, 6]);
});

Deno.test("scale: from zero; logarithmic only where the largest is far above the smallest and none is zero", () => {
  const even = figureScale(bare([[100, null, 1400], [null, 900, null]]), 600, 15);
  assert.equal(even.log, false);
  assert.equal(even.x(0), 0);
  near(even.x(even.ticks[even.ticks.length - 1]), 600, 1e-9);
  const far = figureScale(bare([[100, null, 1400], [null, 90000, null]]), 600, 15);
  assert.equal(far.log, true);
  near(far.x(1000) - far.x(100), far.x(10000) - far.x(1000), 1e-9);
  assert.equal(figureScale(bare([[0, null, 90000]]), 600, 15).log, false);
  assert.equal(figureScale(bare([[null, 0, null]]), 600, 15).x(0), 0);
});

Deno.test("every number lies on the scale, and no tick has too little room", () => {
  const few = [[[1, 1, 1]], [[null, null, 7]], [[3, null, 1e6]]].map(bare);
  for (const rows of [figures, figures.slice(0, 5), ...few]) {
    for (const width of [120, 300, 600]) {
      const { ticks, x } = figureScale(rows, width, 15), [least, most] = endsOf(rows);
      assert(x(least) >= -1e-9 && x(most) <= width + 1e-9, `${least} ${most} ${ticks}`);
      assert(ticks.length >= 2);
      if (width === 600) assert(ticks.length <= 10, `${ticks}`);
    }
  }
});
