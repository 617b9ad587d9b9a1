// Reports of forces by day: which count, one symbol for each force and point, where symbols move so that none hides
// another. When a report counts is decided by maps/deployments.py; this only compares days. No drawing here.

import { kilometres } from "./rings.js";
import { grouped } from "./state.js";

/**
 * @import { Fan, Force, Report } from "./payload.js"
 *
 * A report that counts on a day, and the day of the latest one of its force there.
 * @typedef {Report & { presence: string, last: string }} Here
 *
 * @typedef {object} ForceSymbol
 * @property {string} key
 * @property {Here[]} reports  the latest first
 * @property {number} actor
 * @property {string} where
 * @property {number} latitude
 * @property {number} longitude
 * @property {string} kind
 * @property {number} band
 * @property {string} presence
 * @property {number[]} backers
 */

/**
 * The reports in force on a day.
 * @param {Report[]} reports
 * @param {string} day
 * @returns {Here[]}
 */
export function reportsOn(reports, day) {
  const begun = reports.filter(row => row.start <= day);
  const key = (/** @type {Report} */ row) => `${row.actor} ${row.base}`;
  /** @type {Map<string, string>} */
  const last = new Map();
  for (const row of begun) if (row.start > (last.get(key(row)) ?? "")) last.set(key(row), row.start);
  return begun.filter(row => !(row.end && row.end <= day)).map(row => ({
    ...row, presence: row.known ? "stated" : day < row.sure ? "reported" : "assumed", last: last.get(key(row)) ?? "",
  }));
}

/**
 * One symbol for each force and point, with its reports.
 * @param {Here[]} here
 * @returns {ForceSymbol[]}
 */
export function symbolsOf(here) {
  const found = grouped(here.filter(row => row.latitude !== null), ({ actor, spot }) => `${actor} ${spot}`);
  return [...found].map(([key, group]) => {
    const reports = [...group].sort((a, b) => Number(a.start < b.start) - Number(a.start > b.start));
    const [latest] = reports;
    return {
      key, reports, actor: latest.actor, where: latest.where,
      latitude: latest.latitude ?? NaN, longitude: latest.longitude ?? NaN,
      kind: reports.find(row => row.kind !== "unstated")?.kind ?? "unstated",
      band: reports.find(row => row.band >= 0)?.band ?? -1,
      presence: reports.find(row => row.presence !== "assumed")?.presence ?? "assumed",
      backers: [...new Set(reports.flatMap(row => row.backers))],
    };
  });
}

/**
 * An actor and all that it belongs to, upwards.
 * @param {Force[]} actors
 * @param {number} actor
 */
export function chainOf(actors, actor) {
  const up = [];
  for (let at = actor; at >= 0; at = actors[at].parent) up.push(at);
  return up;
}

/**
 * Pairs of symbols: each with the nearest position of what it belongs to, or of each of its backers or a part of one.
 * @param {Force[]} actors
 * @param {ForceSymbol[]} symbols
 * @param {string} kind  parent, backers or none
 */
export function linesBetween(actors, symbols, kind) {
  /** @type {Map<string, [number, number]>} */
  const pairs = new Map();
  if (kind === "none") return [];
  symbols.forEach((symbol, number) => {
    const parent = chainOf(actors, symbol.actor).slice(1).find(up => symbols.some(other => other.actor === up));
    /** @type {((other: ForceSymbol) => boolean)[]} */
    const wanted = kind === "parent" ? [other => other.actor === parent]
      : symbol.backers.map(backer => other => chainOf(actors, other.actor).includes(backer));
    for (const test of wanted) {
      const [near] = symbols.map((other, at) => ({ km: kilometres(symbol, other), at, other }))
        .filter(({ other }) => other.actor !== symbol.actor && test(other)).sort((a, b) => a.km - b.km || a.at - b.at);
      if (near && near.km > 0) pairs.set(`${number} ${near.at}`, [number, near.at]);
    }
  });
  return [...pairs.values()];
}

/**
 * Where to draw symbols so that none hides another: the rule of charts/_symbols.py.
 * @param {[number, number][]} points
 * @param {number[]} diameters
 * @param {Fan} fan
 */
export function fanOut(points, diameters, { air, step, turns, rings }) {
  const order = [...diameters.keys()].sort((a, b) => diameters[b] - diameters[a] || a - b);
  const spots = [[0, 0]];
  for (let ring = 1; ring < rings; ring += 1) {
    for (let at = 0; at < turns; at += 1) {
      const angle = 2 * Math.PI * at / turns;
      spots.push([step * ring * Math.cos(angle), step * ring * Math.sin(angle)]);
    }
  }
  /** @type {[number, number][]} */
  const found = [];
  for (const number of order) {
    const [x, y] = points[number];
    const taken = Object.entries(found)
      .map(([other, [left, top]]) => ({ left, top, apart: (diameters[Number(other)] + diameters[number]) / 2 + air }));
    const [dx, dy] = spots.find(([dx, dy]) =>
      taken.every(({ left, top, apart }) => Math.hypot(x + dx - left, y + dy - top) >= apart)) ?? [0, 0];
    found[number] = [x + dx, y + dy];
  }
  return found;
}
