// Colours and hatches. The colours come from the table of actors, by way of `data.actors`; none is chosen here.

const SVG = "http://www.w3.org/2000/svg";
let instances = 0;

function svg(tag, attributes = {}, parent = null) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  parent?.append(element);
  return element;
}

function html(tag, attributes = {}, ...content) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...content);
  return element;
}

// Fills for one map; patterns are made when they are first needed, in a drawing of their own that is never seen.
function makePaints(root, state) {
  const name = `ck-${instances += 1}`;
  const hidden = svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "ck-defs" });
  const defs = svg("defs", {}, hidden);
  const made = new Map();
  root.append(hidden);

  function pattern(color, line, hatch) {
    const key = `${color}${line}${hatch}`;
    if (!made.has(key)) {
      const id = `${name}-${made.size}`;
      const tile = svg("pattern", { id, width: 8, height: 8, patternUnits: "userSpaceOnUse" }, defs);
      svg("rect", { width: 8, height: 8, fill: color }, tile);
      strokes(hatch).forEach(d => svg("path", { d, stroke: line, "stroke-width": 1.6, fill: "none" }, tile));
      if (hatch.includes(".")) {
        [[2, 2], [6, 6]].forEach(([cx, cy]) => svg("circle", { cx, cy, r: 1.1, fill: line }, tile));
      }
      made.set(key, `url(#${id})`);
    }
    return made.get(key);
  }

  // Contested land: the side before as the ground, the side after as the lines; grey where the table names no side.
  function contested([before, after]) {
    const ground = before >= 0 ? state.actors[before].tint : state.data.grey.tint;
    return pattern(ground, after >= 0 ? state.actors[after].color : state.data.grey.color, "/");
  }

  function fill(paint) {
    if (paint.sides) return contested(paint.sides);
    const actor = state.actors[paint.holder];
    return actor.hatch ? pattern(actor.color, actor.line, actor.hatch) : actor.color;
  }

  return { fill, pattern, key: paint => paint.sides ? `c${paint.sides}` : String(paint.holder) };
}

function strokes(hatch) {
  const rising = "M-2,2 L2,-2 M0,8 L8,0 M6,10 L10,6", falling = "M-2,6 L2,10 M0,0 L8,8 M6,-2 L10,2";
  const found = [];
  if (/[/x]/.test(hatch)) found.push(rising);
  if (/[\\x]/.test(hatch)) found.push(falling);
  if (/[-+]/.test(hatch)) found.push("M0,4 L8,4");
  if (/[|+]/.test(hatch)) found.push("M4,0 L4,8");
  return found;
}
