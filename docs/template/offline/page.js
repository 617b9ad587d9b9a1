// The page of a notebook without a kernel: tables sort by their heads, views that belong together are tabs.

// @ts-check

const NUMBER = /^[+\-\u2212]?[\d,]*\.?\d+(?:\s?%)?$/;
const DAY = /^\d{4}-\d{2}(?:-\d{2})?$/;
const DATE = /^(?:\d{1,2} )?(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]* \d{4}$/;

/**
 * What a cell is sorted by: a number, a day as a number, or text; nothing for an empty cell, which comes last.
 * @param {string} text
 * @returns {number | string | null}
 */
export function keyOf(text) {
  const words = text.trim();
  if (words === "" || /^(?:nan|none|<na>|nat)$/i.test(words)) return null;
  if (NUMBER.test(words)) return Number(words.replace(/[,%\s]/g, "").replace("\u2212", "-"));
  if (DATE.test(words)) return Date.parse(`${words} UTC`);
  return words.toLowerCase();
}

/**
 * The order of two cells; text after numbers, empty cells last in either direction.
 * @param {number | string | null} a
 * @param {number | string | null} b
 * @param {number} direction
 */
export function compared(a, b, direction) {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  if (typeof a !== typeof b) return direction * (typeof a === "number" ? -1 : 1);
  return direction * (typeof a === "number" ? a - Number(b) : a.localeCompare(String(b), "en"));
}

/**
 * Whether a cell is better on one line: a number, or a day. A long note may break; a day in three lines cannot be read.
 * @param {string} text
 */
export function isShort(text) {
  const words = text.trim();
  return [NUMBER, DATE, DAY].some(form => form.test(words));
}

/** @param {HTMLTableElement} table */
function sortable(table) {
  const heads = [...table.tHead?.rows ?? []], [body] = table.tBodies;
  const plain = heads.length && body && body.rows.length > 1
    && [...table.rows].every(row => row.cells.length === heads[0].cells.length);
  // headings between the rows would be dealt among them
  const parted = [...body?.rows ?? []].filter(row => row.cells.length > 2 && [...row.cells].filter(filled).length === 1);
  if (!plain || parted.length > 1 || table.querySelector("tbody [rowspan], [colspan]:not([colspan='1'])")) return;
  const unsorted = [...body.rows];
  // pandas writes the name of an index into a second row of heads
  const named = [...heads[0].cells].map((_, column) =>
    heads.findLast(row => row.cells[column].textContent?.trim())?.cells[column]);
  named.forEach((cell, column) => {
    if (!cell) return;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "ck-sort";
    button.title = "Sort by this column";
    button.append(...cell.childNodes);
    cell.replaceChildren(button);
    button.addEventListener("click", () => turn(cell, column));
  });

  /** @type {(cell: HTMLTableCellElement, column: number) => void} */
  function turn(cell, column) {
    const next = { ascending: "descending", descending: "none" }[cell.ariaSort ?? ""] ?? "ascending";
    for (const other of named) other?.removeAttribute("aria-sort");
    const key = (/** @type {HTMLTableRowElement} */ row) => keyOf(row.cells[column].textContent ?? "");
    const direction = next === "ascending" ? 1 : -1;
    if (next !== "none") cell.setAttribute("aria-sort", next);
    body.replaceChildren(...(next === "none" ? unsorted
      : [...unsorted].sort((a, b) => compared(key(a), key(b), direction))));
  }
}

/** @param {HTMLTableCellElement} cell */
function filled(cell) {
  return (cell.textContent ?? "").trim() !== "";
}

/** @param {HTMLElement} box  with sections, each a view */
function tabbed(box) {
  const sections = /** @type {HTMLElement[]} */ ([...box.querySelectorAll(":scope > section")]);
  const list = document.createElement("div"), buttons = sections.map((section, at) => {
    const button = document.createElement("button"), id = `ck-view-${Math.random().toString(36).slice(2)}`;
    button.type = "button";
    button.id = `${id}-tab`;
    button.append(section.getAttribute("aria-label") ?? "");
    section.id = id;
    section.setAttribute("role", "tabpanel");
    section.removeAttribute("aria-label");
    section.setAttribute("aria-labelledby", button.id);
    section.querySelector("h4")?.remove();
    for (const [name, value] of [["role", "tab"], ["aria-controls", id]]) button.setAttribute(name, value);
    button.addEventListener("click", () => choose(at));
    return button;
  });
  list.className = "ck-tabs";
  list.setAttribute("role", "tablist");
  list.append(...buttons);
  box.prepend(list);
  list.addEventListener("keydown", event => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const at = (buttons.findIndex(button => button.ariaSelected === "true") + by + buttons.length) % buttons.length;
    choose(at);
    buttons[at].focus();
    event.preventDefault();
  });

  /** @param {number} chosen */
  function choose(chosen) {
    buttons.forEach((button, at) => {
      button.setAttribute("aria-selected", String(at === chosen));
      button.tabIndex = at === chosen ? 0 : -1;
      sections[at].hidden = at !== chosen;
    });
  }
  choose(0);
}

/** The maps of the page: each is put together from what all of them share. */
async function fill() {
  const parts = await Promise.all([...document.querySelectorAll("script.ck-part")].map(part => {
    const packed = Uint8Array.from(atob(part.textContent ?? ""), letter => letter.charCodeAt(0));
    return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
  }));
  for (const frame of /** @type {NodeListOf<HTMLIFrameElement>} */ (document.querySelectorAll("iframe[data-page]"))) {
    frame.addEventListener("load", () => grow(frame));
    frame.srcdoc = (frame.dataset.page ?? "").replace(/<!--ck-part-(\d+)-->/g, (_, number) => parts[Number(number)]);
  }
}

/**
 * Keep a frame as high as what it holds, so that a page scrolls once: a second bar inside it hides half of the map's page.
 * The map keeps the height that it has on a screen as high as the frame was.
 * @param {HTMLIFrameElement} frame
 */
function grow(frame) {
  const inside = frame.contentDocument, body = inside?.body;
  if (!inside || !body) return;
  inside.documentElement.style.setProperty("--ck-screen", `${parseInt(frame.style.height) || 820}px`);
  body.style.minHeight = "0";
  inside.documentElement.style.overflowY = "hidden";
  const fit = () => {
    // a view behind a tab has no height, nor has one that fills the screen any of its own
    if (frame.offsetParent && !inside.fullscreenElement) frame.style.height = `${Math.ceil(body.scrollHeight) + 2}px`;
  };
  new ResizeObserver(fit).observe(body);
  fit();
}

if (typeof document !== "undefined") {
  for (const cell of document.querySelectorAll("td")) if (isShort(cell.textContent ?? "")) cell.classList.add("ck-short");
  for (const table of document.querySelectorAll("table")) sortable(table);
  for (const box of document.querySelectorAll(".ck-pages")) tabbed(/** @type {HTMLElement} */ (box));
  fill();
}
