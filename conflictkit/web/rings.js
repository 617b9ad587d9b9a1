// Geometry of the page: points as the payload writes them, the edges of cells, distances. No drawing here.

/** @import { Coded, Piece, Point } from "./payload.js" */

/**
 * Points in steps of the grid, from their differences.
 * @param {Coded} numbers
 */
export function cumulated(numbers) {
  /** @type {Point[]} */
  const points = [];
  let x = 0, y = 0;
  for (let i = 0; i < numbers.length; i += 2) points.push([x += numbers[i], y += numbers[i + 1]]);
  return points;
}

/**
 * A reader of rings by number. A row is [-1, x, y, dx, dy, ...], or what the ring shares with an earlier one:
 * [its number, first point, how many, [points between], first point, ...].
 * @param {any[][]} rows
 */
export function ringReader(rows) {
  /** @type {Map<number, Point[]>} */
  const made = new Map();
  return function ring(/** @type {number} */ index) {
    const chain = []; // of rings to make first: a front of 700 days is as deep
    for (let at = index; at >= 0 && !made.has(at); at = rows[at][0]) chain.push(at);
    for (const at of chain.reverse()) {
      const [base, ...rest] = rows[at];
      made.set(at, base < 0 ? cumulated(rest) : patched(made.get(base) ?? [], rest));
    }
    return made.get(index) ?? [];
  };
}

/**
 * @param {Point[]} base
 * @param {any[]} pieces
 */
function patched(base, pieces) {
  const points = [];
  for (let i = 0; i < pieces.length; i += 3) {
    for (let k = 0; k < pieces[i + 1]; k += 1) points.push(base[(pieces[i] + k) % base.length]);
    points.push(...cumulated(pieces[i + 2]));
  }
  return points;
}

/**
 * A stretch of the edge of a piece, with the piece on its other side, or -1 where nothing is.
 * @typedef {{ piece: number, other: number, points: Point[] }} Edge
 */

/**
 * The edges of cells, each once.
 * @param {Piece[]} pieces
 */
export function edgesOf(pieces) {
  /** @type {Map<string, Edge>} */
  const found = new Map();
  pieces.forEach(({ polygons }, piece) => polygons.flat().forEach(coded => {
    const points = cumulated(coded);
    points.forEach((start, i) => {
      const end = points[(i + 1) % points.length];
      const forward = start[0] - end[0] || start[1] - end[1];
      const key = (forward < 0 ? [start, end] : [end, start]).join();
      const twin = found.get(key);
      if (twin) twin.other = piece;
      else found.set(key, { piece, other: -1, points: [start, end] });
    });
  }));
  return joined([...found.values()]);
}

/**
 * Edges with the same two sides that follow each other, as one line: fewer and longer paths.
 * @param {Edge[]} edges
 */
function joined(edges) {
  /** @type {Edge[]} */
  const lines = [];
  for (const edge of edges) {
    const line = lines.at(-1);
    const follows = line && line.piece === edge.piece && line.other === edge.other
      && String(line.points.at(-1)) === String(edge.points[0]);
    if (follows) line.points.push(edge.points[1]);
    else lines.push({ ...edge, points: [...edge.points] });
  }
  return lines;
}

const TURN = Math.PI / 180;
const DEGREE_KM = 111.2;

/** @typedef {{ latitude: number, longitude: number }} Spot */

/**
 * Of two points, on a sphere: enough to tell which is nearer.
 * @param {Spot} one
 * @param {Spot} other
 */
export function kilometres(one, other) {
  const rise = (other.latitude - one.latitude) * TURN, run = (other.longitude - one.longitude) * TURN;
  const half = Math.sin(rise / 2) ** 2
    + Math.cos(one.latitude * TURN) * Math.cos(other.latitude * TURN) * Math.sin(run / 2) ** 2;
  return 2 * 6371 * Math.asin(Math.sqrt(half));
}

/**
 * The corners of a circle so many km around a point, latitude first.
 * @param {Spot} centre
 * @param {number} km
 */
export function circleAround({ latitude, longitude }, km) {
  const north = km / DEGREE_KM, east = north / Math.cos(latitude * TURN);
  return Array.from({ length: 72 }, (_, at) => 5 * at * TURN)
    .map(angle => [latitude + north * Math.sin(angle), longitude + east * Math.cos(angle)]);
}
