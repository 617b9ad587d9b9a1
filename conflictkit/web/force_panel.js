// Beside the map of forces: the key of the symbols with a filter by side, the list of forces, what a popup says.

function forceSymbol(data, { actor, kind, band, presence }, size, look) {
  const { color, tint, ink, mark, side } = data.actors[actor], assumed = presence === "assumed", hollow = band < 0;
  const drawing = svg("svg", { width: size + 6, height: size + 6, viewBox: `${-size / 2 - 3} ${-size / 2 - 3} ${size + 6} ${size + 6}`, "aria-hidden": "true" });
  const scaled = (d, attributes) => svg("path", { d, transform: `scale(${size / 2})`, "vector-effect": "non-scaling-stroke", "stroke-linejoin": "round", ...attributes }, drawing);
  const outline = data.shapes[side] ?? data.shapes.other;
  scaled(outline, { fill: "none", stroke: "#FFFFFF", "stroke-width": 4.5 });
  scaled(outline, {
    fill: hollow ? "#FFFFFF" : assumed ? tint : color, stroke: hollow ? ink : look.ink, "stroke-width": 1.8,
    "stroke-dasharray": assumed ? "3 2.2" : "none",
  });
  if (data.marks[kind]) {
    scaled(data.marks[kind], { fill: "none", stroke: hollow || assumed ? look.ink : mark, "stroke-width": 1.8, "stroke-linecap": "round" });
  }
  return drawing;
}

function forceName(data, { actor, where }) {
  return `${data.actors[actor].name}, ${where}`;
}

const DAY_MS = 86400000;

// With `panels` false the sides are a key only: whoever has the controls filters.
function makeForcePanel(state, data, { visit, setSide, setLines, panels }) {
  const look = state.data.look, sides = data.sides.map(([id, name]) => ({ id, name }));
  const counts = new Map(), title = html("h2"), groups = html("div"), words = { text: "" };
  const sample = (side, kind, band, presence, size) => {
    const grey = data.actors.length - 1; // the last one is no force, but the grey of the key
    const fake = { ...data, actors: [...data.actors.slice(0, grey), { ...data.actors[grey], side }] };
    return forceSymbol(fake, { actor: grey, kind, band, presence }, size, look);
  };

  const filter = html("fieldset", { class: "ck-sides" }, html("legend", {}, "Sides: shape of the symbol"));
  for (const { id, name } of sides) {
    const box = html("input", { type: "checkbox" }), count = html("span", { class: "ck-count" });
    box.checked = true;
    box.addEventListener("change", () => setSide(id, box.checked));
    counts.set(id, count);
    filter.append(html("label", {}, panels ? box : "", sample(id, "unstated", 0, "stated", 15), html("span", {}, name), count));
  }
  const entry = (drawing, said) => html("li", {}, drawing, html("span", {}, said));
  const marks = html("ul", { class: "ck-marks", "aria-label": "Marks and sizes of the symbols" },
    ...data.kinds.map(([kind, said]) => entry(sample("coalition", kind, 0, "stated", 18), said)),
    ...data.bands.map(([size, said], band) => entry(sample("coalition", "unstated", band, "stated", size * 0.8), said)),
    entry(sample("coalition", "unstated", -1, "stated", data.unknown), data.unknown_name),
    entry(sample("coalition", "unstated", 0, "assumed", 18), "dashed, pale: assumed"));
  const choice = makeChoice("Lines", data.line_names, data.lines, setLines);
  const key = html("section", { class: "ck-force-key", "aria-label": "Symbols" }, filter, marks, choice,
    html("p", { class: "ck-note" }, `${data.rule} Grey areas: how far off a position may be.`));
  const list = html("section", { class: "ck-force-list", "aria-label": "Forces shown" }, title, groups);

  // The forces of a day by side, those without a position under their country.
  function show(here, symbols, nowhere, day) {
    const forces = new Set(here.map(row => row.actor)).size;
    words.text = `${here.length} ${here.length === 1 ? "report" : "reports"} of ${forces} ${forces === 1 ? "force" : "forces"}`;
    title.textContent = `${words.text} on ${dayWords(day)}`;
    for (const { id } of sides) counts.get(id).textContent = here.filter(row => data.actors[row.actor].side === id).length || "";
    const blocks = sides.map(({ id, name }) => [name, symbols.filter(symbol => data.actors[symbol.actor].side === id)]);
    const countries = new Map();
    for (const row of nowhere) countries.set(row.country, [...(countries.get(row.country) ?? []), row]);
    groups.replaceChildren(
      ...blocks.filter(([, found]) => found.length).flatMap(([name, found]) => [html("h3", {}, name), html("ul", {}, ...found.map(item))]),
      ...[...countries].flatMap(([country, rows]) => [
        html("h3", {}, `${country}: no position`),
        html("ul", {}, ...rows.map(row => html("li", {}, html("details", {},
          html("summary", {}, forceName(data, row)), about(row), report(row, day))))),
      ]));
  }
  function item(symbol) {
    const button = html("button", { type: "button", class: "ck-link" }, forceName(data, symbol));
    button.addEventListener("click", () => visit(symbol.key));
    const said = symbol.reports.find(row => row.band >= 0)?.strength;
    return html("li", {}, button, said ? `: ${said}` : "", symbol.presence === "assumed" ? " (assumed)" : "");
  }

  // Where a force is, of which side, part of what.
  function about({ actor, where }) {
    const { side, sidc, parent } = data.actors[actor], above = [];
    for (let up = parent; up >= 0; up = data.actors[up].parent) above.push(data.actors[up].name);
    return html("p", {}, `${where}. Side: ${sides.find(({ id }) => id === side).name}.`,
      above.length ? ` Part of ${above.join(", part of ")}.` : "", sidc ? ` APP-6D code: ${sidc}.` : "");
  }

  // One report in words: what its row says, how old it is, why it counts.
  function report(row, day) {
    const age = Math.round((Date.parse(day) - Date.parse(row.last)) / DAY_MS);
    const why = {
      stated: `a page gives its end${row.end ? `, ${dayWords(row.end)}` : ""}`, reported: "the report is of this time",
      assumed: "no end is known: assumed to be there still",
    }[row.presence];
    const names = row.backers.map(backer => data.actors[backer].name).join(", ");
    const lines = [
      ["Role", row.role], ["Strength", row.strength], ["Backed by", names],
      ["Position", row.ring ? `about ${row.ring[3]} km from ${row.ring[0]}: somewhere on the ring` : row.latitude === null
        ? "not given" : `within ${row.doubt} km, as located`],
      ["Since", dateWords(row.start, row.precision)],
      ["Last report", `${dateWords(row.last, row.precision)}, ${age === 0 ? "the day itself" : `${age} ${age === 1 ? "day" : "days"} before`}`],
      ["Counts as", `${row.presence}: ${why}`], ["Note", row.note],
    ];
    const told = lines.filter(([, said]) => said).flatMap(([name, said]) => [html("dt", {}, name), html("dd", {}, said)]);
    return html("dl", { class: "ck-report" }, ...told, html("dt", {}, "Source"), html("dd", {}, sourceLink(data.sources[row.source])));
  }

  function content(symbol, day) {
    const [first, ...rest] = symbol.reports;
    const box = html("div", { class: "ck-popup" }, html("h3", {}, data.actors[symbol.actor].name), about(first), report(first, day));
    if (rest.length) {
      box.append(html("details", {}, html("summary", {}, `${rest.length} more ${rest.length === 1 ? "report" : "reports"}`),
        ...rest.map(row => report(row, day))));
    }
    return box;
  }
  return { key, list, show, content, sentence: () => words.text };
}
