// Pages by the grade of their source.

import { grouped } from "./state.js";
import { counted } from "./words.js";

/** @import { Source } from "./payload.js" */

const NO_GRADE = "none";

/**
 * Pages by grade, the best first, those without one last.
 * @param {Source[]} pages
 */
export function byGrade(pages) {
  return [...grouped(pages, ({ reliability }) => reliability || NO_GRADE)]
    .sort(([a], [b]) => Number(a === NO_GRADE) - Number(b === NO_GRADE) || a.localeCompare(b));
}

/**
 * @param {string} grade
 * @param {number} count
 */
export function gradeWords(grade, count) {
  return `${grade === NO_GRADE ? "Without a grade" : `Grade ${grade}`}: ${counted(count, "page")}`;
}
