// Doubt as fading: white over land whose holder is unsure, the more the less likely it is. The same natural-neighbour
// probabilities as in the static map, on coarser squares.

function makeDoubt(L, map, state) {
  const { data } = state, { bounds, size: [width, height], certain, even, whitest } = data.doubt;
  const squares = new Uint16Array(bytes(data.doubt.squares).buffer);
  const counts = bytes(data.doubt.counts), weights = bytes(data.doubt.weights);
  const places = new Uint16Array(bytes(data.doubt.places).buffer);
  const canvas = html("canvas", { width, height });
  const context = canvas.getContext("2d"), image = context.createImageData(width, height);
  image.data.fill(255);
  const pane = map.getPane("ck-doubt");
  const layer = L.imageOverlay("", bounds, { pane: "ck-doubt", className: "ck-fade", alt: "" });
  layer._initImage = function initialise() {
    this._image = canvas;
    canvas.classList.add("leaflet-image-layer");
    if (this._zoomAnimated) canvas.classList.add("leaflet-zoom-animated");
  };
  layer.addTo(map);
  pane.classList.add("ck-fade-pane");

  // The probability of the likeliest holder of each square.
  function likeliest(decided) {
    const found = new Float32Array(counts.length), chances = new Float32Array(state.actors.length);
    let at = 0;
    for (let square = 0; square < counts.length; square += 1) {
      chances.fill(0);
      let most = 0, whole = 0;
      for (let end = at + counts[square]; at < end; at += 1) {
        const holder = (decided[places[at]]?.paint ?? state.nobody).holder;
        whole += weights[at];
        most = Math.max(most, chances[holder] += weights[at]);
      }
      found[square] = whole ? most / whole : 1;
    }
    return found;
  }

  function show(decided) {
    const chance = likeliest(decided);
    const white = p => 255 * whitest * Math.min(1, Math.max(0, (certain - p) / (certain - even)));
    const alpha = Float32Array.from(squares, square => square < chance.length ? white(chance[square]) : NaN);
    for (let pixel = 0; pixel < squares.length; pixel += 1) image.data[4 * pixel + 3] = around(alpha, pixel);
    context.putImageData(image, 0, 0);
  }

  // The mean of the land around a pixel: a probability has no edges.
  function around(alpha, pixel) {
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
  return { layer, show, likeliest };
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), letter => letter.charCodeAt(0));
}
