// The small area chart under the slider: one line a holder, a cursor at the date shown.

const HEIGHT = 96, TOP = 8, BELOW = 16, LEFT = 76, MOST = 7, CLOSE = 11, FEW = 24;

function makeChart(state, choose) {
  const frame = svg("svg", { class: "ck-chart", height: HEIGHT, role: "img" });
  const times = state.days.map(day => Date.parse(day));
  const series = {};
  let level = state.levels[0], step = 0, width = 0, right = 8;

  const x = time => LEFT + (width - LEFT - right) * (times.length > 1 ? (time - times[0]) / (times.at(-1) - times[0]) : 0.5);

  // Lines by holder, those painted alike added up; the largest ones, by what they ever held.
  function lines() {
    series[level] ??= state.series(level);
    const rows = series[level];
    const present = new Set(rows.flatMap(row => [...row.keys()].filter(holder => row[holder] > 0)));
    const fold = state.folder(present), sums = new Map();
    for (const holder of present) {
      if (holder >= state.actors.length || state.actors[holder].id === "unknown") continue;
      const into = fold(holder), line = sums.get(into) ?? rows.map(() => 0);
      rows.forEach((row, i) => { line[i] += row[holder]; });
      sums.set(into, line);
    }
    return [...sums].sort(([, a], [, b]) => Math.max(...b) - Math.max(...a)).slice(0, MOST);
  }

  function draw() {
    width = frame.clientWidth || 600;
    right = width > 700 ? 137 : 8;
    frame.replaceChildren();
    frame.setAttribute("viewBox", `0 0 ${width} ${HEIGHT}`);
    const found = lines(), most = Math.max(1, ...found.flatMap(([, line]) => line));
    const y = km2 => TOP + (HEIGHT - TOP - BELOW) * (1 - km2 / most);
    frame.setAttribute("aria-label", `Area by holder over time, ${level}, 0 to ${rounded(most)} square kilometres`);
    [0, most].forEach(km2 => {
      svg("line", { x1: LEFT, x2: width - right, y1: y(km2), y2: y(km2), class: "ck-grid" }, frame);
      write(LEFT - 5, y(km2) + (km2 ? 7 : 2), km2 ? `${rounded(most)} km\u00B2` : "0", "end");
    });
    const marked = years();
    if (marked.length < 2) { // less than two years: the first and the last day say when
      write(LEFT, HEIGHT - 3, shortDay(state.days[0]), "start");
      if (times.length > 1) write(width - right, HEIGHT - 3, shortDay(state.days.at(-1)), "end");
    } else marked.forEach(year => {
      const at = x(Date.parse(`${year}-01-01`));
      svg("line", { x1: at, x2: at, y1: TOP, y2: y(0), class: "ck-grid" }, frame);
      write(at, HEIGHT - 3, year, "middle");
    });
    for (const [holder, line] of found) {
      const d = line.map((km2, i) => `${i ? "L" : "M"}${x(times[i]).toFixed(1)},${y(km2).toFixed(1)}`).join("");
      svg("path", { d, class: "ck-line", stroke: state.actors[holder].ink, "data-actor": state.actors[holder].id }, frame);
      // few dates: dots say what is known, the line between them only joins them
      if (line.length <= FEW) line.forEach((km2, i) => svg("circle", { cx: x(times[i]), cy: y(km2), r: 2.4, fill: state.actors[holder].ink }, frame));
    }
    if (right > 50) names(found, y);
    cursor();
  }

  // The name of each line at its end, pushed apart so that none covers another.
  function names(found, y) {
    const ends = found.map(([holder, line]) => ({ holder, at: y(line.at(-1)) })).sort((a, b) => b.at - a.at);
    let free = HEIGHT - 4;
    for (const end of ends) {
      const at = Math.min(end.at + 3, free);
      free = at - CLOSE;
      const left = width - right + 5; // a dash in the colour of the line: as letters, some colours are too pale
      svg("line", { x1: left, x2: left + 9, y1: at - 4, y2: at - 4, class: "ck-line", stroke: state.actors[end.holder].ink }, frame);
      write(left + 13, at, state.actors[end.holder].tag, "start");
    }
  }

  function years() {
    const first = new Date(times[0]).getUTCFullYear() + 1, final = new Date(times.at(-1)).getUTCFullYear();
    const every = Math.max(1, Math.ceil((final - first + 1) / Math.max(1, width / 60)));
    return Array.from({ length: Math.max(0, final - first + 1) }, (_, i) => first + i).filter((_, i) => i % every === 0);
  }

  function write(left, top, words, anchor) {
    const text = svg("text", { x: left, y: top, "text-anchor": anchor }, frame);
    text.textContent = words;
    return text;
  }

  function cursor() {
    frame.querySelector(".ck-cursor")?.remove();
    const at = x(times[step]);
    svg("line", { x1: at, x2: at, y1: TOP - 6, y2: HEIGHT - BELOW, class: "ck-cursor" }, frame);
  }

  frame.addEventListener("click", event => {
    const at = event.clientX - frame.getBoundingClientRect().left;
    const distances = times.map(time => Math.abs(x(time) - at));
    choose(distances.indexOf(Math.min(...distances)));
  });
  new ResizeObserver(() => { if (frame.clientWidth !== width) draw(); }).observe(frame);
  return { frame, draw, show: now => { step = now; if (width) cursor(); }, level: now => { level = now; draw(); } };
}
