// The small parts of the page that need no map: words, rings, the chart's arithmetic, names, doubt.

import assert from "node:assert/strict";
import { largestLines, roundTicks, stacked, yearsBetween } from "../../conflictkit/web/chart.js";
import { likeliest } from "../../conflictkit/web/doubt.js";
import { freeBox } from "../../conflictkit/web/labels.js";
import { sentence } from "../../conflictkit/web/legend.js";
import { records } from "../../conflictkit/web/payload.js";
import { circleAround, cumulated, edgesOf, kilometres, ringReader } from "../../conflictkit/web/rings.js";
import { makeState } from "../../conflictkit/web/state.js";
import { counted, dateWords, dayWords, percent, rounded, shortDay } from "../../conflictkit/web/words.js";
import { near, readCase } from "./case.js";

Deno.test("days in words, as much as the table knows", () => {
  assert.equal(dayWords("2017-11-03"), "3 November 2017");
  assert.equal(shortDay("2017-11-03"), "3 Nov 2017");
  assert.equal(shortDay("2017-05-03"), "3 May 2017");
  const words = ["day", "month", "year", "?"].map(precision => dateWords("2017-11-03", precision));
  assert.deepEqual(words, ["3 November 2017", "November 2017", "2017", "3 November 2017"]);
});

Deno.test("numbers to three figures, shares, counts", () => {
  assert.deepEqual([0, 0.04, 1.25, 9.996, 123.4, 12345, 434250.6].map(rounded),
    ["0", "0", "1.3", "10", "123", "12,300", "434,000"]);
  assert.equal(percent(0.09449), "9.4 %");
  assert.deepEqual([0, 0.0004, 0.0005].map(percent), ["0.0 %", "< 0.1 %", "0.1 %"]);
  assert.deepEqual([0, 1, 2].map(count => counted(count, "report")), ["0 reports", "1 report", "2 reports"]);
});

Deno.test("ticks: nought, a round number, and its double, which reaches the most", () => {
  assert.deepEqual([393000, 143000, 400000, 1, 0.9e6].map(most => roundTicks(most)), [
    [0, 200000, 400000], [0, 75000, 150000], [0, 200000, 400000], [0, 0.5, 1], [0, 500000, 1000000],
  ]);
});

Deno.test("a table is read by the names of its columns; one that is not there is empty", () => {
  assert.deepEqual(records({ columns: ["b", "a"], rows: [[1, 2], [3, 4]] }), [{ b: 1, a: 2 }, { b: 3, a: 4 }]);
  assert.deepEqual(records(undefined), []);
});

Deno.test("rings: from differences, and from stretches of an earlier one, round its end", () => {
  const ring = ringReader([[-1, 0, 0, 4, 0, 0, 4, -4, 0], [0, 3, 2, [2, 9], 2, 1, []]]);
  assert.deepEqual(ring(1), [[0, 4], [0, 0], [2, 9], [4, 4]]);
  assert.deepEqual(ring(0), cumulated([0, 0, 4, 0, 0, 4, -4, 0]));
});

Deno.test("edges: the one between two cells once, with both sides; the rest with nothing beyond", () => {
  const cell = (/** @type {number[]} */ ring) => ({ place: 0, country: 0, claimed: 1, core: 1, polygons: [[ring]] });
  const edges = edgesOf([cell([0, 0, 2, 0, 0, 2, -2, 0]), cell([2, 0, 2, 0, 0, 2, -2, 0])]);
  const [shared, ...more] = edges.filter(edge => edge.other >= 0);
  assert.deepEqual(more, []);
  assert.deepEqual([shared.piece, shared.other], [0, 1]);
  assert.deepEqual(shared.points, [[2, 0], [2, 2]]);
  assert.equal(edges.reduce((sum, { points }) => sum + points.length - 1, 0), 7);
});

Deno.test("distances on the sphere, and circles that keep theirs", () => {
  const raqqa = { latitude: 35.95, longitude: 39.01 }, mosul = { latitude: 36.34, longitude: 43.13 };
  near(kilometres(raqqa, mosul), 372.6, 1);
  for (const [latitude, longitude] of circleAround(raqqa, 16)) {
    near(kilometres(raqqa, { latitude, longitude }), 16, 0.1);
  }
});

Deno.test("years of the chart: all, every so many where there is no room, none", () => {
  const years = (/** @type {string} */ first, /** @type {string} */ last, /** @type {number} */ width) =>
    yearsBetween(Date.parse(first), Date.parse(last), width);
  assert.deepEqual(years("2014-06-10", "2019-03-31", 1400), [2015, 2016, 2017, 2018, 2019]);
  assert.deepEqual(years("2014-06-10", "2019-03-31", 150), [2015, 2017, 2019]);
  assert.deepEqual(years("2017-01-01", "2017-12-31", 1400), []);
  assert.deepEqual(years("2017-01-01", "2017-01-01", 1400), []);
});

Deno.test("names at the ends of lines: as near as they may be, eleven pixels apart, none below the lowest", () => {
  assert.deepEqual(stacked([10, 50, 90], 92), [13, 53, 92]);
  const found = stacked([80, 80, 20, 79], 92);
  const sorted = [...found].sort((a, b) => a - b);
  assert(sorted.every((at, i) => i === 0 || at - sorted[i - 1] >= 11));
  assert(found[2] === 23 && found[0] === 83);
});

Deno.test("lines of the chart: those who held most, folded, on every day", () => {
  const state = makeState(readCase("territory").data), lines = largestLines(state, "claimed");
  assert.equal(lines.length, 7);
  const most = lines.map(([, line]) => Math.max(...line));
  assert.deepEqual(most, [...most].sort((a, b) => b - a));
  assert(lines.every(([holder, line]) => line.length === state.days.length && state.actors[holder].id !== "ypg"));
});

Deno.test("the sentence names the day, the land, and four holders at most", () => {
  const state = makeState(readCase("territory").data), step = state.days.indexOf("2017-11-03");
  const words = sentence(state, state.areas(state.at(step), "claimed"), "2017-11-03", "claimed");
  assert.match(words, /^3 November 2017, claimed land: Government of Iraq [\d,]+ km\u00B2 \([\d.]+ %\), /);
  assert.equal(words.split("km\u00B2").length, 5);
});

Deno.test("a name stands at the first spot that is free and inside", () => {
  const corners = [[10, 10], [40, 10]], size = /** @type {[number, number]} */ ([20, 10]);
  assert.deepEqual(freeBox(corners, size, [], [0, 0, 100, 100]), [8, 10, 32, 20]);
  assert.deepEqual(freeBox(corners, size, [[0, 0, 20, 20]], [0, 0, 100, 100]), [38, 10, 62, 20]);
  assert.equal(freeBox(corners, size, [[0, 0, 90, 90]], [0, 0, 100, 100]), undefined);
  assert.equal(freeBox(corners, size, [], [0, 0, 31, 100]), undefined);
});

Deno.test("the likeliest holder of a square: shares of the places around it, added up by holder", () => {
  const weights = { counts: new Uint8Array([3, 1, 0]), places: new Uint16Array([0, 1, 2, 1]),
    weights: new Uint8Array([100, 100, 55, 255]) };
  const found = likeliest(weights, place => [0, 1, 0][place], 2);
  near(found[0], 155 / 255, 1e-6);
  assert.deepEqual([...found.slice(1)], [1, 1]);
});
