// A map on paper: all of it, at a size that fits a sheet of A4 in either direction, whatever the window shows.

const SIZE = { width: "660px", height: "520px" }; // within 186 x 138 mm: A4 less its margins, with title and key

/**
 * @param {any} map
 * @param {HTMLElement} stage
 * @param {{ bounds: any, before: () => void, redraw: () => void }} page
 */
export function makePaper(map, stage, { bounds, before, redraw }) {
  /** @type {{ centre: any, zoom: number } | null} */
  let kept = null;
  /** @type {Element[]} */
  let folds = []; // opened for paper, where nobody opens them

  function begin() {
    if (kept) return;
    kept = { centre: map.getCenter(), zoom: map.getZoom() };
    before();
    folds = [...(stage.parentElement?.querySelectorAll("details:not([open])") ?? [])].filter(fold =>
      !fold.parentElement?.closest("details"));
    folds.forEach(fold => fold.setAttribute("open", ""));
    stage.style.setProperty("width", SIZE.width, "important");
    stage.style.setProperty("height", SIZE.height, "important");
    map.invalidateSize({ pan: false });
    map.fitBounds(bounds, { animate: false });
    redraw();
  }
  function end() {
    if (!kept) return;
    stage.style.removeProperty("width");
    stage.style.removeProperty("height");
    map.invalidateSize({ pan: false });
    map.setView(kept.centre, kept.zoom, { animate: false });
    kept = null;
    folds.forEach(fold => fold.removeAttribute("open"));
    redraw();
  }
  addEventListener("beforeprint", begin);
  addEventListener("afterprint", end);
  return () => {
    removeEventListener("beforeprint", begin);
    removeEventListener("afterprint", end);
  };
}
