// The state of a page against the model that wrote it: km2 of every holder on every date, every change.

import assert from "node:assert/strict";
import { holderRows, holdersOf, makeState } from "../../conflictkit/web/state.js";
import { keptAndLost } from "../../conflictkit/web/compare.js";
import { records } from "../../conflictkit/web/payload.js";
import { near, readCase } from "./case.js";

const { data, area, changes } = readCase("territory");
const state = makeState(data);
const step = (/** @type {string} */ day) => data.dates.indexOf(day);

Deno.test("km2 of every holder on every date and level are those of Territory.area", () => {
  let checked = 0;
  const sums = Object.fromEntries(["claimed", "core"].map(level =>
    [level, state.days.map((_, at) => state.areas(state.at(at), level))]));
  for (const { date, actor_id: actor, level, area_km2: km2 } of area) {
    const outside = actor === "none";
    const found = sums[level][step(date)][outside ? state.actors.length : state.number.get(actor) ?? -1];
    near(found, outside && level === "claimed" ? 0 : km2, 1, `${date} ${actor} ${level}`);
    checked += 1;
  }
  assert(checked > 5000);
});

Deno.test("nobody but the holders of the model has land", () => {
  for (const [at, day] of state.days.entries()) {
    const found = holdersOf(state, state.areas(state.at(at), "claimed")).map(holder => state.actors[holder].id);
    const wanted = area.filter((/** @type {any} */ row) =>
      row.date === day && row.level === "claimed" && row.area_km2 > 0 && row.actor_id !== "none");
    assert.deepEqual(found.sort(), wanted.map((/** @type {any} */ row) => row.actor_id).sort());
  }
});

Deno.test("the changes of all steps are those of the model", () => {
  const found = state.days.flatMap((_, at) => state.changes(at)).map(row => [
    row.day, state.places[row.place].id, state.actors[row.before?.actor ?? -1].id, state.actors[row.actor].id,
  ].join());
  const wanted = changes.map((/** @type {any} */ row) => Object.values(row).join());
  assert.deepEqual(found.sort(), wanted.sort());
  assert(found.length > 700);
  assert.deepEqual(state.changes(0), []);
});

Deno.test("a holder painted like its parent is counted with it, where both hold land", () => {
  const [ypg, sdf] = ["ypg", "sdf"].map(id => state.number.get(id) ?? -1);
  assert.equal(state.folder(new Set([ypg, sdf]))(ypg), sdf);
  assert.equal(state.folder(new Set([ypg]))(ypg), ypg);
  const sums = state.areas(state.at(step("2016-03-27")), "claimed");
  const folded = holderRows(state, sums).find(row => row.holder === sdf);
  near(folded?.km2 ?? 0, sums[ypg] + sums[sdf], 1e-6);
});

Deno.test("rows of the legend: the largest first, land outside the core last, shares of the whole", () => {
  const rows = holderRows(state, state.areas(state.at(step("2017-11-03")), "core"));
  const km2 = rows.slice(0, -1).map(row => row.km2);
  assert.deepEqual(km2, [...km2].sort((a, b) => b - a));
  assert.equal(rows.at(-1)?.holder, -1);
  near(rows.reduce((sum, row) => sum + row.share, 0), 1, 1e-9);
});

Deno.test("contested land has the sides before and after, and says so only where the table does", () => {
  const contested = state.number.get("contested");
  const rows = state.history.flat().filter(row => row.actor === contested);
  assert(rows.length > 5);
  for (const { paint: { sides }, before, after } of rows) {
    assert.equal(sides?.[0], before?.actor ?? -1);
    assert.equal(sides?.[1], after && after.actor !== before?.actor ? after.actor : -1);
  }
  assert(state.history.flat().every(row => row.actor === contested || row.paint.sides === null));
});

Deno.test("km2 kept, gained and lost are those of Territory.transitions, at both levels", () => {
  const { data, transitions } = readCase("comparison"), state = makeState(data);
  const own = new Set(data.compare.own), isis = (/** @type {string} */ id) => own.has(state.number.get(id) ?? -1);
  for (const level of state.levels) {
    const found = keptAndLost(state, level, [state.at(0), state.at(1)], [], own);
    const km2 = (/** @type {(row: any) => boolean} */ test) => transitions.filter(test)
      .reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + row[`${level}_km2`], 0);
    near(found.held, km2(row => isis(row.from_actor) && isis(row.to_actor)), 2);
    near(found.gained, km2(row => !isis(row.from_actor) && isis(row.to_actor)), 2);
    near(found.lost, km2(row => isis(row.from_actor) && !isis(row.to_actor)), 2);
    near([...found.to.values()].reduce((sum, km2) => sum + km2, 0), found.lost, 1e-6);
    for (const [taker, land] of found.to) {
      const { id } = state.actors[taker], taken = [id, ...(id === "sdf" ? ["ypg"] : [])];
      near(land, km2(row => isis(row.from_actor) && taken.includes(row.to_actor)), 2, id);
    }
  }
});

Deno.test("drawn land: km2 of every day, what moved, what a holder kept", () => {
  const { data, area, changes, compared, transitions } = readCase("drawings"), state = makeState(data);
  const name = (/** @type {number} */ holder) => state.actors[holder].id;
  assert(state.drawn);
  for (const { date, actor_id: actor, area_km2: km2 } of area) {
    near(state.areas(state.at(data.dates.indexOf(date)), "claimed")[state.number.get(actor) ?? -1], km2, 0.01);
  }
  const moved = state.days.flatMap((_, at) => state.moves(at)), days = moved.map(move => data.dates[move.step]);
  assert.deepEqual(moved.map(({ from, to }, i) => [days[i], name(from), name(to)]),
    changes.map((/** @type {any} */ row) => [row.valid_from, row.from_actor, row.to_actor]));
  moved.forEach(({ km2 }, i) => near(km2, changes[i].claimed_km2, 0.01));
  const both = makeState(compared), isis = both.number.get("isis") ?? -1;
  const found = keptAndLost(both, "claimed", [both.at(0), both.at(1)], records(compared.moved), new Set([isis]));
  const flow = (/** @type {(row: any) => boolean} */ test) => transitions.filter(test)
    .reduce((/** @type {number} */ sum, /** @type {any} */ row) => sum + row.claimed_km2, 0);
  near(found.held, flow(row => row.from_actor === "isis" && row.to_actor === "isis"), 0.1);
  near(found.gained, flow(row => row.from_actor !== "isis" && row.to_actor === "isis"), 0.1);
  assert.equal(found.lost, 0);
});

Deno.test("drawn land: the same drawing on the days between two, holes and all", () => {
  const { data } = readCase("drawings"), state = makeState(data);
  const land = state.days.map((_, at) => state.land(state.at(at)));
  const rings = land.map(holders => holders.map(({ polygons }) => polygons.map(one => one.length)));
  assert.deepEqual(rings.map(day => day.flat().sort()), [[1, 2], [1, 2], [1, 1]]);
});
