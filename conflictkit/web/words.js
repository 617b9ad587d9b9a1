// Words for dates and numbers.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

/** @param {string} iso */
export function dayWords(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

/**
 * A day or a month in words, with the first three letters of its month.
 * @param {string} words
 */
export function shortMonth(words) {
  return words.replace(/([A-Z][a-z]{2})[a-z]+/, "$1");
}

/**
 * "3 Nov 2017", for the head of a narrow column.
 * @param {string} iso
 */
export function shortDay(iso) {
  return shortMonth(dayWords(iso));
}

/**
 * "3 November 2017", "November 2017", "2017": as much of the date as the table knows.
 * @param {string} iso
 * @param {string} precision
 */
export function dateWords(iso, precision) {
  const unknown = { day: 0, month: 1, year: 2 }[precision] ?? 0;
  return dayWords(iso).split(" ").slice(unknown).join(" ");
}

// Formatters are slow to make, and every step needs dozens.
export const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const LEAST = 0.0005;
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

/**
 * Three significant figures: the model is not good to more.
 * @param {number} km2
 */
export function rounded(km2) {
  const exact = Number(Number(km2).toPrecision(3));
  return (exact < 10 ? TENTHS : WHOLE).format(exact);
}

/**
 * What is not nothing is not 0, as in conflictkit/prose.py.
 * @param {number} share
 */
export function percent(share) {
  if (share > 0 && share < LEAST) return "< 0.1 %";
  return `${(100 * share).toFixed(1)} %`;
}

/**
 * "1 report", "2 reports".
 * @param {number} count
 * @param {string} noun
 */
export function counted(count, noun) {
  return `${WHOLE.format(count)} ${noun}${count === 1 ? "" : "s"}`;
}
