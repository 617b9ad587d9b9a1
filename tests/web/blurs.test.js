// Events of a step against the model: which points, how much ink on each, how it is drawn; the dead in words.

import assert from "node:assert/strict";
import { deaths } from "../../conflictkit/web/blur_panel.js";
import { blotsOf, inkOf } from "../../conflictkit/web/blurs.js";
import { records } from "../../conflictkit/web/payload.js";
import { near, readCase } from "./case.js";

const { data: { blurs }, ink } = readCase("events");
const rows = records(blurs.rows);

Deno.test("the ink of every step lies where the static map has it", () => {
  ink.forEach((/** @type {any[]} */ wanted, /** @type {number} */ step) => {
    const found = blotsOf(rows, blurs.edges[step], blurs.edges[step + 1]);
    assert.equal(found.length, wanted.length);
    for (const { longitude, latitude, km, ink } of wanted) {
      const blot = found.find(one => one.longitude === longitude && one.latitude === latitude && one.km === km);
      near(blot?.ink ?? 0, ink, 1e-9, `${longitude} ${latitude} ${km}`);
    }
  });
  assert(ink.length > 1);
});

Deno.test("the widest blots lie below", () => {
  const kms = blotsOf(rows, blurs.edges[0], blurs.edges.at(-1)).map(blot => blot.km);
  assert.deepEqual(kms, [...kms].sort((a, b) => b - a));
});

Deno.test("a blur is larger and paler than a sharp mark of as many events, and more events are darker", () => {
  const scale = 0.5, one = (/** @type {number} */ km) => inkOf({ ink: 1, km }, scale, blurs.ink);
  const sharp = one(2), wide = one(35);
  assert(wide.radius > 3 * sharp.radius && wide.opacity < sharp.opacity && wide.profile > sharp.profile);
  const many = inkOf({ ink: 30, km: 35 }, scale, blurs.ink);
  assert(many.opacity > wide.opacity && many.opacity <= blurs.ink.full);
});

Deno.test("the dead are a sum with its range, or not known", () => {
  const row = { low: 1, best: 2, high: 4 }, none = { low: null, best: null, high: null };
  const said = (/** @type {object[]} */ ...given) => deaths(/** @type {any} */ (given));
  assert.equal(said(row, row), "4 (2\u20138)");
  assert.equal(said(none), "not known");
  assert.equal(said({ low: 3, best: 3, high: 3 }), "3");
});
