// Land on a Leaflet map: the ground around, the cells or drawn shapes of the holders, the lines between them.

const PANES = ["ground", "land", "other", "core", "doubt", "water", "admin", "fronts", "borders"];
const OVER_TILES = ["land", "other", "core", "doubt"]; // seen through where a server's tiles lie below

// Points in steps of the grid, as Leaflet wants them: latitude first, in degrees.
function latLngs(points, grid) {
  return points.map(([x, y]) => [y / grid, x / grid]);
}

function makeLand(L, map, state, paints) {
  const { data } = state, look = data.look;
  const degrees = points => latLngs(points, data.grid);
  const coded = polygons => polygons.map(rings => rings.map(ring => degrees(cumulated(ring))));
  const renderers = {};
  PANES.forEach((name, index) => {
    const pane = map.createPane(`ck-${name}`);
    pane.style.zIndex = 300 + index;
    pane.style.pointerEvents = name === "land" || name === "other" ? "" : "none";
    renderers[name] = L.svg({ pane: `ck-${name}`, padding: 0.4 });
  });
  const groups = {};
  const group = name => groups[name] ??= L.layerGroup().addTo(map);
  const area = (pane, where, style) =>
    L.polygon(where, { pane: `ck-${pane}`, renderer: renderers[pane], interactive: false, ...style });
  const path = (pane, where, style) =>
    L.polyline(where, { pane: `ck-${pane}`, renderer: renderers[pane], interactive: false, ...style });

  const plain = { stroke: false, fillOpacity: 1, smoothFactor: 0 };
  const thin = { smoothFactor: 0.5, fill: false };
  if (data.over_tiles) {
    for (const name of OVER_TILES) map.getPane(`ck-${name}`).style.opacity = look.over_tiles; // the tiles are the ground
  } else {
    area("ground", coded(data.base.sea), { ...plain, fillColor: look.water }).addTo(group("ground"));
    path("ground", data.base.borders.map(line => degrees(cumulated(line))), { ...thin, color: look.admin, weight: 0.8 })
      .addTo(group("ground"));
  }
  area("water", coded(data.base.lakes), { ...plain, fillColor: look.water, stroke: true, color: look.river, weight: 0.5 })
    .addTo(group("water"));
  path("water", data.base.rivers.map(line => degrees(cumulated(line))), { ...thin, color: look.river, weight: 1.2 })
    .addTo(group("water"));
  path("admin", data.base.admin.map(line => degrees(cumulated(line))), { ...thin, color: look.admin, weight: 0.7 })
    .addTo(group("admin"));
  const veil = data.outside
    ? area("core", coded(data.outside), { ...plain, fillColor: "#FFFFFF", fillOpacity: look.paler }).addTo(map) : null;

  const cells = data.shapes ? null : makeCells();
  const shapes = new Map();

  function makeCells() {
    const pieces = data.pieces.map(([place, , , , rings]) => ({ place, rings: coded(rings) }));
    // a stroke of the cell's own fill hides the seam that smoothing leaves between neighbours
    const style = { ...plain, stroke: true, weight: 0.6, className: "ck-cell" };
    for (const piece of pieces) {
      piece.path = L.polygon(piece.rings, { pane: "ck-land", renderer: renderers.land, ...style }).addTo(group("land"));
      piece.key = "";
    }
    const edges = edgesOf(data.pieces);
    const outline = edges.filter(edge => edge.other < 0 || data.pieces[edge.piece][1] !== data.pieces[edge.other][1]);
    path("borders", outline.map(edge => degrees(edge.points)), { ...thin, color: look.border, weight: 1.6 })
      .addTo(group("borders"));
    const fronts = path("fronts", [], { ...thin, color: look.ink, weight: 1.1, lineCap: "butt", lineJoin: "bevel", className: "ck-front" })
      .addTo(group("fronts"));
    const inner = edges.filter(edge => edge.other >= 0)
      .map(edge => ({ a: data.pieces[edge.piece][0], b: data.pieces[edge.other][0], where: degrees(edge.points) }));
    return { pieces, fronts, inner };
  }

  const paintAt = (decided, place) => decided[place]?.paint ?? state.nobody;
  let changed = null, visible = new Set();
  const fillOf = paint => visible.size === 0 || visible.has(paint.holder) ? paints.fill(paint) : look.none;

  // With a look of change, a piece of land is painted by who holds it on either day.
  function fillPieces(pieces, decided) {
    for (const piece of pieces) {
      const now = paintAt(decided, piece.place);
      const fill = changed ? changed.look(...changed.ends.map(end => paintAt(end, piece.place))) : fillOf(now);
      if (piece.key === fill) continue;
      piece.key = fill;
      piece.path.setStyle({ fillColor: fill, color: fill });
    }
  }

  function showCells(decided) {
    const paint = place => paintAt(decided, place);
    fillPieces(cells.pieces, decided);
    const present = new Set(decided.map((_, place) => paint(place).holder));
    const fold = state.folder(present);
    cells.fronts.setLatLngs(changed ? [] : cells.inner.filter(edge => fold(paint(edge.a).holder) !== fold(paint(edge.b).holder))
      .map(edge => edge.where));
  }

  // Land of each fill, from [fill, polygons]; shapes of fills that are gone are emptied.
  function showShapes(land, pane = "land", into = shapes) {
    const found = new Map();
    for (const [fill, polygons] of land) {
      found.set(fill, [...(found.get(fill) ?? []), ...polygons.map(rings => rings.map(degrees))]);
    }
    for (const [fill, where] of found) {
      if (into.has(fill)) into.get(fill).setLatLngs(where);
      else {
        const style = { ...plain, stroke: true, color: look.ink, weight: 0.8, fillColor: fill };
        into.set(fill, L.polygon(where, { pane: `ck-${pane}`, renderer: renderers[pane], ...style }).addTo(group(pane)));
      }
    }
    for (const [fill, shape] of into) if (!found.has(fill)) shape.setLatLngs([]);
  }
  const drawnLand = step => state.land(step).map(({ paint, polygons }) => [fillOf(paint), polygons]);
  const changedLand = () => data.moved.map(([before, after, , polygons]) =>
    [changed.look({ holder: before, sides: null }, { holder: after, sides: null }), polygons.map(rings => rings.map(cumulated))]);

  // A second drawing above the first, for a divider between two dates.
  function twin() {
    const copies = cells ? cells.pieces.map(piece => ({ ...piece, key: "", path:
      L.polygon(piece.rings, { pane: "ck-other", renderer: renderers.other, ...plain, stroke: true, weight: 0.6 }) })) : [];
    const made = L.layerGroup(copies.map(copy => copy.path)), second = new Map();
    return {
      show: decided => cells ? fillPieces(copies, decided) : showShapes(drawnLand(decided), "other", second),
      visible: on => {
        map.getPane("ck-other").style.display = on ? "" : "none";
        if (on) made.addTo(map);
      },
    };
  }

  // Who held each piece of land on either day, and how large it is at a level.
  function pairs(ends, level) {
    if (!cells) return data.moved.map(([before, after, km2]) => ({ before, after, km2 }));
    return data.pieces.map(([place, , claimed, core]) => ({
      before: paintAt(ends[0], place).holder, after: paintAt(ends[1], place).holder, km2: level === "core" ? core : claimed,
    }));
  }

  return {
    groups, renderers, area, path, coded, cells,
    twin, pairs,
    show: decided => cells ? showCells(decided) : showShapes(changed ? changedLand() : drawnLand(decided)),
    visible: holders => { visible = holders; },
    change: (how, ends) => { changed = how && { look: how, ends }; },
    level: level => { if (veil) veil.setStyle({ fillOpacity: level === "core" ? look.paler : 0 }); },
    // what is drawn, read back from the drawing: for the tests and for nothing else
    drawn: () => cells ? cells.pieces.map(piece => [piece.place, piece.path.options.fillColor])
      : [...shapes].map(([fill, shape]) => [fill, shape.getLatLngs().flat(Infinity).length]),
  };
}

// The edges of cells, each once: with the piece on either side, or -1 where nothing is.
function edgesOf(pieces) {
  const found = new Map();
  pieces.forEach(([, , , , polygons], piece) => polygons.flat().forEach(coded => {
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

// Edges with the same two sides that follow each other, as one line: fewer and longer paths.
function joined(edges) {
  const lines = [];
  for (const edge of edges) {
    const line = lines.at(-1);
    const follows = line && line.piece === edge.piece && line.other === edge.other
      && line.points.at(-1).join() === edge.points[0].join();
    if (follows) line.points.push(edge.points[1]);
    else lines.push({ ...edge, points: [...edge.points] });
  }
  return lines;
}
