// What a reader does with a page, without one: finding a place, stepping, a view's address, sources as files, evidence.

import assert from "node:assert/strict";
import { outside, viewOf } from "../../conflictkit/web/address.js";
import { badgeSize, badgesOf, byDistance } from "../../conflictkit/web/badges.js";
import { largestLines, stepPath } from "../../conflictkit/web/chart.js";
import { nextStep, stepOn } from "../../conflictkit/web/controls.js";
import { allSources, areasOf, bibtexOf, csvOf } from "../../conflictkit/web/foot.js";
import { byGrade } from "../../conflictkit/web/grades.js";
import { namedSteps } from "../../conflictkit/web/named.js";
import { records } from "../../conflictkit/web/payload.js";
import { symbolsOf, reportsOn } from "../../conflictkit/web/reports.js";
import { likeness, makeFold, placesLike, spellingsOf } from "../../conflictkit/web/spelling.js";
import { makeState } from "../../conflictkit/web/state.js";
import { kindOf } from "../../conflictkit/web/support.js";
import { near, readCase } from "./case.js";

const { data, folded, support, sources, bibtex } = readCase("territory");
const state = makeState(data), fold = makeFold(data.fold), spellings = spellingsOf(state.places, fold);
const found = (/** @type {string} */ text) =>
  placesLike(spellings, state.places, fold(text), 12).map(({ place }) => state.places[place].id);

Deno.test("every spelling of every place is folded as find_place folds it", () => {
  for (const [written, wanted] of folded) assert.equal(fold(written), wanted, written);
  assert(folded.length > 2500);
});

Deno.test("places are found in English, Arabic and by aliases; namesakes are both offered", () => {
  for (const [text, id] of [["Tadmur", "palmyra"], ["\u062A\u062F\u0645\u0631", "palmyra"], ["palmy", "palmyra"],
    ["Deir Ezzor", "deir-ez-zor"], ["palmira", "palmyra"], ["Al Qaim", "al-qaim"],
    ["Albukamal", "abu-kamal"], ["Ar Raqqah", "raqqa"]]) {
    assert.equal(found(text)[0], id, text);
  }
  const name = (/** @type {string} */ id) => state.places.find(place => place.id === id)?.name;
  assert.equal(found("Al-Muayzilah").filter(id => name(id) === "Al-Muayzilah").length, 2);
  assert.deepEqual([found(""), found("Atlantis"), found("qqq")], [[], [], []]);
  assert.deepEqual([likeness("palmira", "palmyra"), likeness("ab", "cd")], [12 / 14, 0]);
});

Deno.test("the largest place comes first among those that begin alike", () => {
  const people = found("ba").map(id => state.places.find(place => place.id === id)?.residents ?? 0);
  assert.equal(people.length, 12);
  assert.deepEqual(people, [...people].sort((a, b) => b - a));
});

Deno.test("steps to the next change, the next with a name, the next month", () => {
  const days = ["2014-01-01", "2014-01-20", "2014-02-03", "2014-05-01", "2014-05-02"], named = [1, 3];
  const step = (/** @type {number} */ from, /** @type {string} */ unit, direction = 1) =>
    nextStep({ days, step: from, direction, unit, named });
  assert.deepEqual([0, 1, 4].map(from => step(from, "change")), [1, 2, 4]);
  assert.deepEqual([0, 1, 3].map(from => step(from, "named")), [1, 3, 4]);
  assert.deepEqual([4, 3, 1].map(from => step(from, "named", -1)), [3, 1, 0]);
  assert.deepEqual([0, 1, 2, 3].map(from => step(from, "month")), [1, 2, 3, 4]); // to a change at least
  assert.deepEqual([4, 2, 1].map(from => step(from, "month", -1)), [2, 0, 0]);
  const asked = ["2013-12-31", "2014-01-01", "2014-04-01", "2020-01-01"];
  assert.deepEqual(asked.map(day => stepOn(days, day)), [-1, 0, 2, 4]);
});

Deno.test("named changes: the towns everybody looks for, each turn of Palmyra, the last place lost", () => {
  const rows = namedSteps(state), days = (/** @type {string} */ town) =>
    rows.filter(row => row.town === town).map(row => row.day);
  assert.deepEqual(days("Mosul"), ["2014-06-10", "2017-07-10"]);
  assert.deepEqual(days("Palmyra"), ["2015-05-21", "2016-03-27", "2016-12-11", "2017-03-02"]);
  assert.deepEqual(days("Raqqa"), ["2014-01-14", "2017-10-17"]);
  assert.equal(rows.at(-1)?.day, "2019-03-23");
  for (const { step, day, after, before } of rows) {
    assert.equal(state.days[step], day);
    assert.notEqual(after, before);
  }
});

Deno.test("an address says date, place and level; a day outside the tables is called so", () => {
  const handle = { state, step: () => 0, place: () => "palmyra", level: () => "core" };
  assert.equal(viewOf(handle), `date=${state.days[0]}&place=palmyra&level=core`);
  assert.equal(viewOf({ ...handle, place: () => "" }), `date=${state.days[0]}&level=core`);
  assert.equal(outside(state, "2017-11-04"), "");
  assert.match(outside(state, "2030-01-01"), /say nothing of 1 January 2030: they cover 1 January 2014 to .* 2019/);
  assert.match(outside(state, "soon"), /soon is no date/);
  const covers = /** @type {[string, null]} */ (["2014-01-01", null]);
  assert.equal(outside({ days: state.days, data: { ...state.data, covers } }, "2030-01-01"), "");
});

Deno.test("all sources once, by grade, as BibTeX like the one beside a saved figure, as CSV that runs nothing", () => {
  const pages = allSources(state), grades = byGrade(pages).map(([grade]) => grade);
  assert.equal(new Set(pages.map(({ id }) => id)).size, pages.length);
  assert(pages.length > 300);
  assert.deepEqual(grades, [...grades].sort());
  assert.equal(sources.map((/** @type {any} */ page) => bibtexOf(page)).join("\n"), bibtex);
  const rows = [["=1+1", "x,\"y\""], ["-5", "+plus"]];
  assert.equal(csvOf(["a", "b"], rows), "a,b\r\n'=1+1,\"x,\"\"y\"\"\"\r\n-5,'+plus\r\n");
});

Deno.test("numbers of every day as CSV, with what was counted", () => {
  const short = makeState({ ...data, dates: data.dates.slice(0, 2) }), lines = areasOf(short).trim().split("\r\n");
  assert.equal(lines[0], "date,level,actor_id,name,area_km2,definition");
  const row = lines.find(line => line.startsWith(`${short.days[1]},claimed,isis,`)) ?? "";
  near(Number(row.split(",")[4]), short.areas(short.at(1), "claimed")[short.number.get("isis") ?? -1], 0.5);
});

Deno.test("land by the confidence of its rows and the grade of its pages is that of plot_evidence", () => {
  for (const [day, wanted] of Object.entries(support)) {
    const { held } = state.at(state.days.indexOf(day));
    for (const [by, km2] of Object.entries(/** @type {Record<string, number[]>} */ (wanted))) {
      const kind = kindOf(state, by), sums = km2.map(() => 0);
      for (const { place, claimed } of state.pieces) {
        const at = kind(held[place] ?? null);
        if (at >= 0) sums[at] += claimed;
      }
      sums.forEach((sum, at) => near(sum, km2[at], 5, `${day} ${by} ${at}`));
    }
  }
});

Deno.test("a scope: the countries add up to all land", () => {
  const moment = state.at(state.days.indexOf("2017-11-03"));
  const [all, ...parts] = [-1, ...data.countries.keys()].map(country => state.areas(moment, "claimed", country));
  all.forEach((km2, holder) => near(parts.reduce((sum, part) => sum + part[holder], 0), km2, 1e-6));
});

Deno.test("a country's chart has no holder who never held a place there, though a cell reaches over the border", () => {
  const syria = data.countries.indexOf("SY"), iraq = state.number.get("iraq_gov") ?? -1;
  assert(state.areas(state.at(state.days.indexOf("2017-11-03")), "claimed", syria)[iraq] > 1000);
  const lines = (/** @type {number} */ country) => largestLines(state, "claimed", country).map(([holder]) => holder);
  assert(lines(-1).includes(iraq) && !lines(syria).includes(iraq));
});

Deno.test("steps hold until the next value", () => {
  assert.equal(stepPath([[0, 5], [10, 2], [20, 2]]), "M0.0,5.0H10.0V2.0H20.0V2.0");
});

const { data: { forces } } = readCase("forces"), actors = records(forces.actors);
const symbols = symbolsOf(reportsOn(records(forces.reports), "2017-11-03"));
const side = (/** @type {{ actor: number }} */ { actor }) => actors[actor].side;

Deno.test("badges: each force once, at a place of its own, none touching another", () => {
  for (const scale of [20, 60, 400]) {
    const pixels = (/** @type {any} */ spot) => ({ x: spot.longitude * scale, y: -spot.latitude * scale });
    const badges = badgesOf(symbols, { pixels, side });
    assert.equal(badges.flatMap(badge => badge.symbols).length, symbols.length);
    for (const { latitude, longitude, sides, symbols: own } of badges) {
      assert(own.some(one => one.latitude === latitude && one.longitude === longitude));
      assert.equal(sides.reduce((sum, { count }) => sum + count, 0), own.length);
    }
    badges.forEach((one, at) => badges.slice(0, at).forEach(other => {
      const [a, b] = [pixels(one), pixels(other)];
      const [[w, h], [x, y]] = [one, other].map(({ sides }) => badgeSize(sides.length));
      assert(Math.abs(a.x - b.x) >= (w + x) / 2 || Math.abs(a.y - b.y) >= (h + y) / 2);
    }));
  }
});

Deno.test("forces by distance, within a radius", () => {
  const abuKamal = { latitude: 34.45, longitude: 40.92 }, all = byDistance(symbols, abuKamal);
  assert.equal(all.length, symbols.length);
  assert.deepEqual(all.map(({ km }) => km), all.map(({ km }) => km).sort((a, b) => a - b));
  const close = byDistance(symbols, abuKamal, 50);
  assert(close.length > 0 && close.length < all.length && close.every(({ km }) => km <= 50));
});
