// Land on a Leaflet map: the ground around, the cells or drawn shapes of the holders, the lines between them.

import { cumulated, edgesOf } from "./rings.js";

/**
 * @import { Coded, Moved, Point, Polygons } from "./payload.js"
 * @import { Control, Moment, Paint, State } from "./state.js"
 * @import { Paints } from "./paint.js"
 * @typedef {any} Leaflet
 * @typedef {(before: Paint, after: Paint) => string} ChangeLook  the fill of land by its holder on either day
 * @typedef {{ place: number, rings: Point[][][], path: any, key: string }} Cell
 * @typedef {[fill: string, polygons: Point[][][]][]} Filled
 */

// few: each is a layer that the browser puts together at every step
const PANES = ["ground", "land", "other", "core", "doubt", "water", "admin", "fronts", "borders"];
const OVER_TILES = ["land", "other", "core", "doubt"]; // seen through where a server's tiles lie below
const FLAT = { stroke: false, fillOpacity: 1, smoothFactor: 0 };
const THIN = { smoothFactor: 0.5, fill: false };

/**
 * A path in another colour: only what differs is written, where Leaflet's own way writes all of its look again.
 * @param {any} path
 * @param {{ fill: string, stroke?: string }} colors
 */
export function repaint(path, { fill, stroke }) {
  path.options.fillColor = fill;
  path._path?.setAttribute("fill", fill);
  if (!stroke) return;
  path.options.color = stroke;
  path._path?.setAttribute("stroke", stroke);
}

/**
 * @param {Leaflet} L
 * @param {any} map
 * @param {State} state
 * @param {Paints} paints
 */
export function makeLand(L, map, state, paints) {
  const { data } = state, { look, base } = data;
  // as Leaflet wants points: latitude first, in degrees
  const degrees = (/** @type {Point[]} */ points) => points.map(([x, y]) => [y / data.grid, x / data.grid]);
  const lines = (/** @type {Coded[]} */ coded) => coded.map(line => degrees(cumulated(line)));
  const areas = (/** @type {Polygons} */ coded) => coded.map(lines);

  /** @type {Record<string, any>} */
  const renderers = {};
  /** @type {Record<string, any>} */
  const groups = {};
  PANES.forEach((name, index) => {
    const pane = map.createPane(`ck-${name}`);
    pane.style.zIndex = 300 + index;
    pane.style.pointerEvents = name === "land" || name === "other" ? "" : "none";
    renderers[name] = L.svg({ pane: `ck-${name}`, padding: 0.4 });
  });
  const group = (/** @type {string} */ name) => groups[name] ??= L.layerGroup().addTo(map);
  const quiet = (/** @type {string} */ pane, /** @type {object} */ style) =>
    ({ pane: `ck-${pane}`, renderer: renderers[pane], interactive: false, ...style });
  /** @type {(pane: string, where: unknown[], style: object) => any} */
  const area = (pane, where, style) => L.polygon(where, quiet(pane, { ...FLAT, ...style }));
  /** @type {(pane: string, where: unknown[], style: object) => any} */
  const path = (pane, where, style) => L.polyline(where, quiet(pane, { ...THIN, ...style })).addTo(group(pane));

  if (data.tiles) {
    // the tiles are the ground
    for (const name of OVER_TILES) map.getPane(`ck-${name}`).style.opacity = look.over_tiles;
  } else {
    if (base.sea.length + base.borders.length) neatline();
    area("ground", areas(base.sea), { fillColor: look.water, className: "ck-sea" }).addTo(group("ground"));
    path("ground", lines(base.borders), { color: look.admin, weight: 0.8, className: "ck-around" });
  }
  const lake = { fillColor: look.water, stroke: true, color: look.river, weight: 0.5, className: "ck-lake" };
  area("water", areas(base.lakes), lake).addTo(group("water"));
  path("water", lines(base.rivers), { color: look.river, weight: 1.2, className: "ck-river" });
  path("admin", lines(base.admin), { color: look.admin, weight: 0.7 });
  const veil = data.outside
    ? area("core", areas(data.outside), { fillColor: "#FFFFFF", fillOpacity: look.paler }).addTo(map) : null;

  // Beyond the frame nothing is known: seas and rivers end at a line, as on a printed map.
  function neatline() {
    const [[south, west], [north, east]] = data.frame;
    const ring = (/** @type {number} */ far) => [[south - far, west - far], [south - far, east + far],
      [north + far, east + far], [north + far, west - far]];
    area("ground", [ring(0)], { className: "ck-inside" }).addTo(group("ground"));
    area("borders", [ring(40), ring(0)], { className: "ck-beyond" }).addTo(group("borders"));
    path("borders", [[...ring(0), [south, west]]], { color: look.admin, weight: 1, className: "ck-neatline" });
  }

  const cells = state.drawn ? null : makeCells();
  /** @type {Map<string, any>} */
  const shapes = new Map();
  /** @type {((row: Control | null) => string) | null} */
  let shade = null;
  /** @type {{ look: ChangeLook, ends: Moment[], moved: Moved[] } | null} */
  let changed = null;
  /** @type {Set<number>} */
  let visible = new Set();

  function makeCells() {
    // a stroke of the cell's own fill hides the seam that smoothing leaves between neighbours
    const style = { ...FLAT, stroke: true, weight: 0.6, className: "ck-cell" };
    /** @type {Cell[]} */
    const pieces = state.pieces.map(({ place, polygons }) => {
      const rings = /** @type {any} */ (areas(polygons));
      const path = L.polygon(rings, { pane: "ck-land", renderer: renderers.land, ...style }).addTo(group("land"));
      return { place, rings, path, key: "" };
    });
    const edges = edgesOf(state.pieces), piece = (/** @type {number} */ number) => state.pieces[number];
    const outline = edges.filter(({ piece: one, other }) => other < 0 || piece(one).country !== piece(other).country);
    path("borders", outline.map(edge => degrees(edge.points)),
      { color: look.border, weight: 1.6, className: "ck-outline" });
    const fronts = path("fronts", [],
      { color: look.ink, weight: 1.1, lineCap: "butt", lineJoin: "bevel", className: "ck-front" });
    const inner = edges.filter(edge => edge.other >= 0)
      .map(edge => ({ a: piece(edge.piece).place, b: piece(edge.other).place, where: degrees(edge.points) }));
    return { pieces, fronts, inner, shown: /** @type {typeof inner} */ ([]) };
  }

  const fillOf = (/** @type {Paint} */ paint) =>
    visible.size === 0 || visible.has(paint.holder) ? paints.fill(paint) : look.none;

  // With a look of change, a piece of land is painted by who holds it on either day.
  /** @type {(pieces: Cell[], moment: Moment) => void} */
  function fillPieces(pieces, moment) {
    for (const piece of pieces) {
      const paint = (/** @type {Moment} */ then) => state.paintAt(then, piece.place);
      const fill = changed ? changed.look(paint(changed.ends[0]), paint(changed.ends[1]))
        : shade ? shade(moment.held[piece.place] ?? null) : fillOf(paint(moment));
      if (piece.key === fill) continue;
      piece.key = fill;
      repaint(piece.path, { fill, stroke: fill });
      piece.path._path?.classList.toggle("ck-none", fill === look.none); // on dark paper it is darker: see kit.css
    }
  }

  /** @param {Moment} moment */
  function showCells(moment) {
    if (!cells) return;
    fillPieces(cells.pieces, moment);
    const holders = state.places.map((_, place) => state.paintAt(moment, place).holder);
    const fold = state.folder(new Set(holders)), drawnAs = holders.map(fold);
    const fronts = changed ? [] : cells.inner.filter(edge => drawnAs[edge.a] !== drawnAs[edge.b]);
    // to project and to write a line again costs most of a step: where they are those of before, they stay
    if (fronts.length === cells.shown.length && fronts.every((edge, at) => edge === cells.shown[at])) return;
    cells.shown = fronts;
    cells.fronts.setLatLngs(fronts.map(edge => edge.where));
  }

  // Shapes of fills that are gone are emptied.
  /** @type {(land: Filled, pane?: string, into?: Map<string, any>) => void} */
  function showShapes(land, pane = "land", into = shapes) {
    const found = new Map();
    for (const [fill, polygons] of land) {
      found.set(fill, [...(found.get(fill) ?? []), ...polygons.map(rings => rings.map(degrees))]);
    }
    for (const [fill, where] of found) {
      if (into.has(fill)) into.get(fill).setLatLngs(where);
      else {
        const style = { ...FLAT, stroke: true, color: look.ink, weight: 0.8, fillColor: fill };
        const shape = L.polygon(where, { pane: `ck-${pane}`, renderer: renderers[pane], ...style });
        into.set(fill, shape.addTo(group(pane)));
      }
    }
    for (const [fill, shape] of into) if (!found.has(fill)) shape.setLatLngs([]);
  }
  /** @type {(moment: Moment) => Filled} */
  const drawnLand = moment => state.land(moment).map(({ paint, polygons }) => [fillOf(paint), polygons]);
  /** @type {(change: { look: ChangeLook, moved: Moved[] }) => Filled} */
  const changedLand = ({ look, moved }) => moved.map(({ before, after, polygons }) => [
    look({ holder: before, sides: null }, { holder: after, sides: null }),
    polygons.map(rings => rings.map(cumulated)),
  ]);

  // A second drawing above the first, for a divider between two dates.
  function twin() {
    const style = { pane: "ck-other", renderer: renderers.other, ...FLAT, stroke: true, weight: 0.6 };
    const copies = (cells?.pieces ?? []).map(piece => ({ ...piece, key: "", path: L.polygon(piece.rings, style) }));
    const made = L.layerGroup(copies.map(copy => copy.path)), second = new Map();
    return {
      show: (/** @type {Moment} */ moment) =>
        cells ? fillPieces(copies, moment) : showShapes(drawnLand(moment), "other", second),
      visible: (/** @type {boolean} */ on) => {
        map.getPane("ck-other").style.display = on ? "" : "none";
        if (on) made.addTo(map);
      },
    };
  }

  // Whether the land of a place is so dark now that its name is white: that of a dark holder, not paled.
  const darks = new Set(state.actors.filter(({ dark }) => dark).map(({ color }) => color));
  /** @type {Map<number, Cell & { core: boolean }>} */
  const cellOf = new Map(cells?.pieces.map((piece, at) =>
    [piece.place, { ...piece, core: state.pieces[at].core > 0 }]));
  const pale = (/** @type {boolean} */ core) => !core && veil?.options.fillOpacity > 0;
  function dark(/** @type {number} */ place) {
    const cell = cellOf.get(place);
    return cell !== undefined && darks.has(cell.path.options.fillColor) && !pale(cell.core);
  }

  return {
    groups, twin, dark,
    show: (/** @type {Moment} */ moment) =>
      cells ? showCells(moment) : showShapes(changed ? changedLand(changed) : drawnLand(moment)),
    visible: (/** @type {Set<number>} */ holders) => { visible = holders; },
    // From now on in the shade of what it rests on; null for its holders again.
    shade: (/** @type {typeof shade} */ how) => { shade = how; },
    // From now on the look of change between two days, of drawings by the land that moved; null for one day again.
    /** @type {(how: ChangeLook | null, ends: Moment[], moved: Moved[]) => void} */
    change: (look, ends, moved) => { changed = look && { look, ends, moved }; },
    level: (/** @type {string} */ level) => { veil?.setStyle({ fillOpacity: level === "core" ? look.paler : 0 }); },
    // what is drawn, read back from the drawing: for the tests and for nothing else
    drawn: () => cells ? cells.pieces.map(piece => [piece.place, piece.path.options.fillColor])
      : [...shapes].map(([fill, shape]) => [fill, shape.getLatLngs().flat(Infinity).length]),
  };
}
