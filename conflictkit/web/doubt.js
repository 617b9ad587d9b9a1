// Doubt as fading: white over land whose holder is unsure, the more the less likely it is. The same natural-neighbour
// probabilities as in the static map, on coarser squares.

import { html } from "./dom.js";

/**
 * @import { Doubt } from "./payload.js"
 * @import { Moment, State } from "./state.js"
 */

/**
 * @param {any} L
 * @param {any} map
 * @param {State} state
 * @param {Doubt} data
 */
export function makeDoubt(L, map, state, data) {
  const { bounds, size: [width, height], certain, even, whitest } = data;
  const squares = new Uint16Array(bytes(data.squares).buffer), weights = weightsOf(data);
  const canvas = html("canvas", { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(width, height);
  image.data.fill(255);
  const layer = L.imageOverlay("", bounds, { pane: "ck-doubt", className: "ck-fade", alt: "" });
  layer._initImage = () => { // a picture that is drawn here, not fetched
    layer._image = canvas;
    canvas.classList.add("leaflet-image-layer");
    if (layer._zoomAnimated) canvas.classList.add("leaflet-zoom-animated");
  };
  layer.addTo(map);
  map.getPane("ck-doubt").classList.add("ck-fade-pane");

  /** @param {Moment} moment */
  function show(moment) {
    const chance = likeliest(weights, place => state.paintAt(moment, place).holder, state.actors.length);
    const white = (/** @type {number} */ p) =>
      255 * whitest * Math.min(1, Math.max(0, (certain - p) / (certain - even)));
    const alpha = Float32Array.from(squares, square => square < chance.length ? white(chance[square]) : NaN);
    for (let pixel = 0; pixel < squares.length; pixel += 1) image.data[4 * pixel + 3] = around(alpha, pixel, width);
    context.putImageData(image, 0, 0);
  }
  return { layer, show };
}

/** @param {Doubt} data */
export function weightsOf(data) {
  return {
    counts: bytes(data.counts), places: new Uint16Array(bytes(data.places).buffer), weights: bytes(data.weights),
  };
}

/**
 * The probability of the likeliest holder of each square.
 * @param {ReturnType<typeof weightsOf>} weights
 * @param {(place: number) => number} holderOf
 * @param {number} holders
 */
export function likeliest({ counts, places, weights }, holderOf, holders) {
  const found = new Float32Array(counts.length), chances = new Float32Array(holders);
  let at = 0;
  for (let square = 0; square < counts.length; square += 1) {
    chances.fill(0);
    let most = 0, whole = 0;
    for (const end = at + counts[square]; at < end; at += 1) {
      const holder = holderOf(places[at]);
      whole += weights[at];
      most = Math.max(most, chances[holder] += weights[at]);
    }
    found[square] = whole ? most / whole : 1;
  }
  return found;
}

/**
 * The mean of the land around a pixel: a probability has no edges.
 * @param {Float32Array} alpha
 * @param {number} pixel
 * @param {number} width
 */
function around(alpha, pixel, width) {
  if (Number.isNaN(alpha[pixel])) return 0;
  let sum = 0, count = 0;
  for (let down = -2; down <= 2; down += 1) {
    for (let across = -2; across <= 2; across += 1) {
      const value = alpha[pixel + down * width + across];
      if (value >= 0) { sum += value; count += 1; }
    }
  }
  return sum / count;
}

/** @param {string} base64 */
function bytes(base64) {
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}
