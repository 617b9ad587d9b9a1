// A panel beside the map, or below it on a phone, for what a reader opens: with a title, a way out, and the keyboard.

import { html } from "./dom.js";

/**
 * @param {string} label
 * @param {() => void} closed
 */
export function makePanel(label, closed) {
  const title = html("h2", { tabindex: -1 }), body = html("div");
  const close = html("button", { type: "button", class: "ck-close", "aria-label": "Close", title: "Close" }, "\u00D7");
  const box = html("div", { role: "region", class: "ck-panel", "aria-label": label }, close, title, body);
  /** @type {HTMLElement | null} */
  let from = null;
  box.hidden = true;

  /** @type {(name: string, content: (Node | string)[]) => void} */
  function fill(name, content) {
    title.replaceChildren(...html("span", {}, name).childNodes);
    body.replaceChildren(...content);
    box.hidden = false;
  }
  // Where the panel is out of sight, as below the map of a phone, it is brought to the eye.
  function reveal() {
    if (box.parentElement) box.parentElement.scrollTop = 0;
    const { top, bottom } = box.getBoundingClientRect(), still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (top < 0 || Math.min(bottom, top + 120) > innerHeight) {
      box.scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
    }
  }
  // For those who came by keyboard: into the panel, and with Escape back to where they were.
  function enter() {
    const at = /** @type {HTMLElement | null} */ (document.activeElement);
    if (!box.contains(at)) from = at;
    title.focus({ preventScroll: true });
    reveal();
  }
  function leave() {
    if (box.hidden) return;
    const inside = box.contains(document.activeElement);
    box.hidden = true;
    if (inside) from?.focus({ preventScroll: true });
    closed();
  }
  close.addEventListener("click", leave);
  box.addEventListener("keydown", event => { if (event.key === "Escape") leave(); });
  return { box, fill, reveal, enter, leave };
}
