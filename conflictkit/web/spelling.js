// What spellings of a name differ in, taken away: the rule of conflictkit/placenames.py, with its own letters.

/**
 * @import { Fold, Place } from "./payload.js"
 * @typedef {{ place: number, folded: string, written: string }} Spelling
 */

const SIGNS = /[\p{Mn}\p{Lm}\u0640'`\u2018\u2019\u0621]/gu; // marks of vowels, the tatweel, signs of ayn and hamza
const ARTICLE = "\u0627\u0644";
const ASIDE = /\s*\([^)]*\)/g; // what tells namesakes apart

/**
 * A function that folds a name: case, marks, hyphens, the article, forms of Arabic letters.
 * @param {Fold} rule
 */
export function makeFold({ articles, letters, least }) {
  const dropped = new Set(articles);
  return (/** @type {string} */ name) => {
    const plain = [...name.toLowerCase()].map(letter => letters[letter] ?? letter).join("").normalize("NFKD");
    const words = plain.replace(SIGNS, "").match(/[\p{L}\p{N}_]+/gu) ?? [];
    return words.filter((word, at) => at === words.length - 1 || !dropped.has(word))
      .map(word => word.startsWith(ARTICLE) && word.length >= ARTICLE.length + least ? word.slice(2) : word).join("");
  };
}

/**
 * All ways to write the places, folded.
 * @param {Place[]} places
 * @param {(name: string) => string} fold
 * @returns {Spelling[]}
 */
export function spellingsOf(places, fold) {
  return places.flatMap(({ name, arabic, aliases }, place) => {
    const written = [name, arabic, ...aliases.split(";")].filter(Boolean);
    const bare = written.map(one => one.replace(ASIDE, "")).filter(Boolean);
    return [...new Set([...written, ...bare])].map(one => ({ place, folded: fold(one), written: one }));
  });
}

const BEST = 3, MIDDLE = 2, WITHIN = 1;
const ALIKE = 0.75; // as in placenames.py: what is less alike is not the same name mistyped
const SHORT_NAME = 4, LONG_NAME = 40; // letters: with fewer everything is alike, and nobody mistypes a name that long

/**
 * How like two words are, of 1: twice the letters that both have in one order, of all that they have.
 * @param {string} a
 * @param {string} b
 */
export function likeness(a, b) {
  let row = new Array(b.length + 1).fill(0);
  for (const letter of a) {
    const next = [0];
    for (let at = 1; at <= b.length; at++) {
      next[at] = b[at - 1] === letter ? row[at - 1] + 1 : Math.max(row[at], next[at - 1]);
    }
    row = next;
  }
  return 2 * row[b.length] / (a.length + b.length);
}

/**
 * The places that a text may mean, each with the spelling that was met: the same name first, then those that begin so,
 * then those that hold it; where there are none, those that may be mistyped. Among equals the largest.
 * @param {Spelling[]} spellings
 * @param {Place[]} places
 * @param {string} folded
 * @param {number} most
 */
export function placesLike(spellings, places, folded, most) {
  if (!folded) return [];
  /** @type {Map<number, { place: number, written: string, rank: number }>} */
  const found = new Map();
  for (const { place, folded: own, written } of spellings) {
    const rank = own === folded ? BEST : own.startsWith(folded) ? MIDDLE : own.includes(folded) ? WITHIN : 0;
    if (rank > (found.get(place)?.rank ?? 0)) found.set(place, { place, written, rank });
  }
  if (!found.size && folded.length >= SHORT_NAME && folded.length <= LONG_NAME) {
    for (const { place, folded: own, written } of spellings) {
      const shorter = Math.min(own.length, folded.length), longer = Math.max(own.length, folded.length);
      if (2 * shorter < ALIKE * (shorter + longer)) continue; // too unlike in length to be asked further
      const rank = likeness(own, folded);
      if (rank >= ALIKE && rank > (found.get(place)?.rank ?? 0)) found.set(place, { place, written, rank });
    }
  }
  return [...found.values()]
    .sort((a, b) => b.rank - a.rank || places[b.place].residents - places[a.place].residents || a.place - b.place)
    .slice(0, most);
}
