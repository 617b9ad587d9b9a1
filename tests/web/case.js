// What Python wrote for these tests, from the folder that is given behind `--`, and what several files need.

import assert from "node:assert/strict";

/**
 * @param {string} name
 * @returns {any}
 */
export function readCase(name) {
  return JSON.parse(Deno.readTextFileSync(`${Deno.args[0]}/${name}.json`));
}

/**
 * @param {number} found
 * @param {number} wanted
 * @param {number} most
 * @param {string} [what]
 */
export function near(found, wanted, most, what = "") {
  assert(Math.abs(found - wanted) <= most, `${what} ${found} is not within ${most} of ${wanted}`);
}
