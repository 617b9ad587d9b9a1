// Which step of a story is read, and which keys turn it.

import assert from "node:assert/strict";
import { stepAt, turnOf } from "../../conflictkit/web/story.js";

Deno.test("the step that is read: the last one that has come up to the line, at first the first", () => {
  assert.equal(stepAt([600, 1200, 1800], 400), 0);
  assert.equal(stepAt([-300, 400, 1000], 400), 1);
  assert.equal(stepAt([-1300, -600, 399], 400), 2);
});

Deno.test("keys: on, back, and what belongs to the browser", () => {
  const pressed = (/** @type {string} */ key, more = {}) =>
    turnOf({ key, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...more });
  assert.deepEqual(["ArrowRight", "PageDown", "ArrowLeft", "PageUp"].map(key => pressed(key)), [1, 1, -1, -1]);
  assert.equal(pressed("ArrowDown"), 0);
  assert.equal(pressed("ArrowLeft", { altKey: true }), 0);
});
