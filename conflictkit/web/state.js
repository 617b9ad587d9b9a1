// The model in the page: who holds which place on a day, how much land that is, what changed. No drawing here.
//
// `data` is what maps/payload.py writes. Holders are numbers of `data.actors`; a paint is a holder or, where land is
// contested, the two sides. Everything follows from the rows of `data.events`, so a date more costs one line more.

function makeState(data) {
  const actors = data.actors.map(([id, name, short, tag, color, tint, ink, hatch, line, parent]) =>
    ({ id, name, short, tag, color, tint, ink, hatch, line, parent }));
  const number = new Map(actors.map((actor, index) => [actor.id, index]));
  const shared = { data, actors, number, days: data.dates, folder: present => folderOf(actors, present) };
  return data.shapes ? drawnState(shared) : placesState(shared);
}

// A holder painted like its parent is drawn and counted with it, where both hold land.
function folderOf(actors, present) {
  return holder => {
    const parent = actors[holder].parent;
    return parent >= 0 && present.has(parent) ? parent : holder;
  };
}

function placesState(shared) {
  const { data, number } = shared;
  const unknown = number.get("unknown"), contested = number.get("contested");
  const events = data.events.map(([day, place, actor, source, confidence, precision]) =>
    ({ day, place, actor, source, confidence, precision, before: null, after: null }));
  const last = new Map(), history = data.places.map(() => []);
  for (const event of events) {
    event.before = last.get(event.place) ?? null;
    if (event.before) event.before.after = event;
    last.set(event.place, event);
    history[event.place].push(event);
  }
  const nobody = { holder: unknown, sides: null };
  for (const event of events) {
    event.paint = { holder: event.actor, sides: event.actor === contested ? sidesOf(event) : null };
  }

  function deciding(step) {
    const found = new Array(data.places.length).fill(null);
    for (const event of events) {
      if (event.day > shared.days[step]) break;
      found[event.place] = event;
    }
    return found;
  }

  // km2 by holder; at level core the last number is the land outside the core.
  function areas(decided, level) {
    const sums = new Float64Array(shared.actors.length + 1);
    for (const [place, , claimed, core] of data.pieces) {
      const holder = (decided[place]?.paint ?? nobody).holder;
      sums[holder] += level === "core" ? core : claimed;
      if (level === "core") sums[shared.actors.length] += claimed - core;
    }
    return sums;
  }

  // The events between two steps that moved land or a place from one holder to another, in order.
  function changes(step) {
    const from = step > 0 ? shared.days[step - 1] : null;
    return events.filter(event => from !== null && event.day > from && event.day <= shared.days[step]
      && event.before && event.before.actor !== event.actor);
  }

  function series(level) {
    return shared.days.map((_, step) => areas(deciding(step), level));
  }

  return { ...shared, events, history, nobody, deciding, areas, changes, series, levels: Object.keys(data.levels) };
}

// Who held a contested place before, and who holds it after: -1 where the table does not say, or names one side twice.
function sidesOf(event) {
  const before = event.before ? event.before.actor : -1;
  const after = event.after ? event.after.actor : -1;
  return [before, after === before ? -1 : after];
}

// Land that somebody drew: a state is a list of [holder, km2, rings]; several days can share one.
function drawnState(shared) {
  const { data } = shared;
  const ring = ringReader(data.rings);
  function areas(step) {
    const sums = new Float64Array(shared.actors.length + 1);
    for (const [holder, km2] of data.shapes[data.states[step]]) sums[holder] = km2;
    return sums;
  }
  function land(step) {
    return data.shapes[data.states[step]].map(([holder, , polygons]) =>
      ({ paint: { holder, sides: null }, polygons: polygons.map(rings => rings.map(ring)) }));
  }
  function changes(step) {
    if (step === 0 || data.states[step] === data.states[step - 1]) return [];
    return data.moves[step] ?? [];
  }
  const deciding = step => step;
  const series = () => shared.days.map((_, step) => areas(step));
  return { ...shared, deciding, areas, land, changes, series, levels: Object.keys(data.levels) };
}

// A ring is [-1, x, y, dx, dy, ...], or what it shares with an earlier one: [base, start, count, [points], ...].
function ringReader(rows) {
  const made = new Map();
  return function ring(index) {
    if (made.has(index)) return made.get(index);
    const chain = [];
    for (let at = index; at >= 0 && !made.has(at); at = rows[at][0]) chain.push(at);
    for (const at of chain.reverse()) {
      const [base, ...rest] = rows[at];
      made.set(at, base < 0 ? cumulated(rest) : patched(made.get(base), rest));
    }
    return made.get(index);
  };
}

// Points in steps of the grid, from their differences.
function cumulated(numbers) {
  const points = [];
  let x = 0, y = 0;
  for (let i = 0; i < numbers.length; i += 2) points.push([x += numbers[i], y += numbers[i + 1]]);
  return points;
}

function patched(base, pieces) {
  const points = [];
  for (let i = 0; i < pieces.length; i += 3) {
    for (let k = 0; k < pieces[i + 1]; k += 1) points.push(base[(pieces[i] + k) % base.length]);
    points.push(...cumulated(pieces[i + 2]));
  }
  return points;
}
