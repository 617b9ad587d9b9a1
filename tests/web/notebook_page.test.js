// The page of a notebook: what a table is sorted by.

import assert from "node:assert/strict";
import { compared, isShort, keyOf } from "../../docs/template/offline/page.js";

Deno.test("cells: numbers with commas, signs and percent; days; text; nothing", () => {
  assert.deepEqual(["1,234.5", "+3", "\u22122", "16 %", ".5"].map(keyOf), [1234.5, 3, -2, 16, 0.5]);
  assert.equal(keyOf("3 Nov 2017"), Date.UTC(2017, 10, 3));
  assert.equal(keyOf(" Abu Kamal "), "abu kamal");
  assert.deepEqual(["", "nan", "NaT"].map(keyOf), [null, null, null]);
});

Deno.test("order: numbers before text, empty cells last in either direction", () => {
  /** @type {(direction: number) => string[]} */
  const sorted = direction => ["b", "", "10", "9", "a"].sort((x, y) => compared(keyOf(x), keyOf(y), direction));
  assert.deepEqual(sorted(1), ["9", "10", "a", "b", ""]);
  assert.deepEqual(sorted(-1), ["b", "a", "10", "9", ""]);
});

Deno.test("one line: days and numbers; a note may break", () => {
  assert.deepEqual(["3 Nov 2017", "2017-11-03", "2016-10", "16 %", "1,687,000"].map(isShort), Array(5).fill(true));
  assert.deepEqual(["", "Abu Kamal", "500 cap plus about 400 Marines"].map(isShort), [false, false, false]);
});
