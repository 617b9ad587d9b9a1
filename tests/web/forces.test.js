// Reports, symbols and lines of a day against the model; the fan against the one of the static map.

import assert from "node:assert/strict";
import { signsOf } from "../../conflictkit/web/forces.js";
import { reportWords } from "../../conflictkit/web/force_panel.js";
import { records } from "../../conflictkit/web/payload.js";
import { chainOf, fanOut, linesBetween, reportsOn, symbolsOf } from "../../conflictkit/web/reports.js";
import { near, readCase } from "./case.js";

const { data: { forces }, here, drawn, fan } = readCase("forces");
const reports = records(forces.reports), actors = records(forces.actors);

Deno.test("the reports of a day are the rows of deployments_at, present in the same way", () => {
  for (const [day, rows] of Object.entries(here)) {
    assert.deepEqual(reportsOn(reports, day).map(row => [row.id, row.presence]), rows, day);
  }
  assert(Object.keys(here).length > 20);
});

for (const [day, wanted] of Object.entries(drawn)) {
  const found = symbolsOf(reportsOn(reports, day));

  Deno.test(`symbols of ${day}: one for each force and point, with its reports, the latest first`, () => {
    assert.deepEqual(found.map(({ reports, kind, presence, band }) =>
      ({ reports: reports.map(row => row.id), kind, presence, band })), wanted.symbols);
  });

  for (const kind of ["parent", "backers"]) {
    Deno.test(`lines of ${day} to ${kind} are those of the static map`, () => {
      const pairs = linesBetween(actors, found, kind).map(pair => pair.map(number => found[number].reports[0].id));
      assert.deepEqual(pairs, wanted[kind]);
    });
  }
}

Deno.test("no lines where none are wanted", () => {
  assert.deepEqual(linesBetween(actors, symbolsOf(reportsOn(reports, "2017-11-03")), "none"), []);
});

Deno.test("the fan puts symbols where the static map does, and none hides another", () => {
  const { points, diameters, spots } = fan, { air } = forces.fan;
  const found = fanOut(points, diameters, forces.fan);
  found.forEach(([x, y], number) => {
    near(x, spots[number][0], 1e-6);
    near(y, spots[number][1], 1e-6);
    for (const [other, [left, top]] of found.slice(0, number).entries()) {
      assert(Math.hypot(x - left, y - top) >= (diameters[other] + diameters[number]) / 2 + air - 1e-9);
    }
  });
  assert.deepEqual(fanOut([[5, 5]], [20], forces.fan), [[5, 5]]);
});

Deno.test("an actor with all that it belongs to", () => {
  const part = actors.findIndex(({ parent }) => parent >= 0);
  assert.deepEqual(chainOf(actors, part).slice(0, 2), [part, actors[part].parent]);
});

Deno.test("a report in words: how old it is, why it counts, where it lies", () => {
  const [row] = reportsOn(reports, "2017-11-03").filter(({ latitude, ring }) => latitude !== null && !ring);
  const plain = { ...row, start: "2017-11-01", last: "2017-11-02", precision: "day" };
  const words = (/** @type {object} */ change) =>
    Object.fromEntries(reportWords({ ...plain, ...change }, "2017-11-03", actors));
  assert.equal(words({})["Last report"], "2 November 2017, 1 day before");
  assert.equal(words({ last: "2017-11-03" })["Last report"], "3 November 2017, the day itself");
  assert.equal(words({ precision: "month" }).Since, "November 2017");
  assert.equal(words({ presence: "stated", end: "2017-12-01" })["Counts as"],
    "stated: a page gives its end, 1 December 2017");
  assert.equal(words({ presence: "assumed" })["Counts as"], "assumed: no end is known: assumed to be there still");
  assert.equal(words({ latitude: null }).Position, "not given");
  assert.equal(words({ doubt: 3 }).Position, "within 3 km, as located");
  const ring = { name: "Mosul", latitude: 36, longitude: 43, km: 16 };
  assert.equal(words({ ring }).Position, "about 16 km from Mosul: somewhere on the ring");
});

Deno.test("a side has the colour of its actor with most reports, also where another one comes first", () => {
  const actors = ["a", "b", "a", "a"].map(side => /** @type {any} */ ({ side }));
  const reports = [0, 2, 2, 1].map(actor => /** @type {any} */ ({ actor }));
  assert.deepEqual([...signsOf(actors, reports)], [["a", 2], ["b", 1]]);
});
