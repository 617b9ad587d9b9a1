// What a page is given: the numbers that maps/_payload.py writes, by name. Types only, and how a table of them is read.
//
// Holders are numbers of `actors`, places of `places`, pages of `sources`; -1 is none. Days are ISO dates.

/**
 * Rows of one kind: the names of the columns once, then one list a row; where a column says the same words again and
 * again, its cells are numbers of `words`.
 * @template T
 * @typedef {{ columns: string[], rows: unknown[][], words?: Record<string, string[]> }} Table
 */

/**
 * Points as whole steps of the grid, each from the one before: x, y, dx, dy, dx, dy ... A polygon is a list of rings,
 * the outer one first.
 * @typedef {number[]} Coded
 * @typedef {Coded[][]} Polygons
 * @typedef {[number, number]} Point
 */

/**
 * @typedef {object} Actor
 * @property {string} id
 * @property {string} name
 * @property {string} short
 * @property {string} tag  shorter still, beside a line of the chart
 * @property {string} color
 * @property {string} tint  of land that is claimed only
 * @property {string} ink  of lines and words on white
 * @property {string} hatch  as in matplotlib: / \ x - + | .
 * @property {string} line  of the hatch
 * @property {boolean} dark  names on land of this colour are white
 * @property {number} parent  that is painted alike, or -1
 *
 * @typedef {{ id: string, publisher: string, address: string, published: string, reliability: string }} Source
 *
 * @typedef {object} Place
 * @property {string} id
 * @property {string} name
 * @property {string} arabic
 * @property {string} aliases  other spellings, with a semicolon between them
 * @property {string} kind
 * @property {string} admin  the governorate
 * @property {number} home  the country that it lies in, by number; -1 of another
 * @property {number} longitude
 * @property {number} latitude
 * @property {number} residents  0: not known
 *
 * @typedef {object} ControlRow  from its day on, who holds a place
 * @property {string} day
 * @property {number} place
 * @property {number} actor
 * @property {number} source
 * @property {string} confidence
 * @property {string} precision
 * @property {number} first  1 of the row with which a place begins
 * @property {string} note
 *
 * @typedef {object} Rival  a report of a row of control: who says what, beside the row
 * @property {number} place
 * @property {string} row  the day of that row
 * @property {string} said
 * @property {string} day  that it names
 * @property {string} precision
 * @property {number} source
 *
 * @typedef {object} Piece  of the cell of a place, in one country
 * @property {number} place  -1: of a country without any
 * @property {number} country
 * @property {number} claimed  km2
 * @property {number} core  km2
 * @property {Polygons} polygons
 *
 * @typedef {{ drawing: number, holder: number, km2: number, polygons: number[][] }} Shape  its rings by number
 * @typedef {{ step: number, from: number, to: number, km2: number }} Move  of drawn land, since the step before
 * @typedef {{ before: number, after: number, km2: number, polygons: Polygons }} Moved  between two drawings
 * @typedef {object} Label
 * @property {string} name
 * @property {number} longitude
 * @property {number} latitude
 * @property {number} residents
 * @property {string} kind
 * @property {number} place  -1 of none that has rows
 *
 * @typedef {{ day: string, place: number, town: string, before: number, after: number }} Named  of a change
 * @typedef {{ level: string, country: number, actor: number, low: number[], high: number[] }} Ends  of a range, in km2
 *   of each step, from the one before; country -1 is all of them
 * @typedef {{ articles: string[], letters: Record<string, string>, least: number }} Fold  what spellings differ in
 * @typedef {{ id: string, name: string, color: string }} EvidenceKind  of rows or of pages, the surest first
 */

/**
 * @typedef {object} Report  of a force, from one row of the table
 * @property {string} id
 * @property {number} actor
 * @property {string} base  id of the place or country
 * @property {number} spot  equal for reports of one point
 * @property {string} where
 * @property {string} country
 * @property {number | null} latitude
 * @property {number | null} longitude
 * @property {number} doubt  km
 * @property {{ name: string, latitude: number, longitude: number, km: number } | null} ring
 *   around a place, where the page gives a distance only
 * @property {string} start
 * @property {string} sure  from this day on it is an assumption, unless its end is known
 * @property {string | null} end
 * @property {boolean} known  whether a page gives the end
 * @property {string} precision
 * @property {string} kind  of role
 * @property {string} role
 * @property {number} band  of strength, or -1
 * @property {string} strength
 * @property {number[]} backers
 * @property {number} source
 * @property {number} second  another page that says so, or -1
 * @property {string} note
 *
 * @typedef {object} Force
 * @property {string} id
 * @property {string} name
 * @property {string} side
 * @property {number} parent
 * @property {string} sidc
 * @property {string} color
 * @property {string} tint
 * @property {string} ink
 * @property {string} mark  colour of the mark inside the symbol
 *
 * @typedef {object} Forces  numbers of their actors are of `actors` here
 * @property {Table<Report>} reports
 * @property {Table<Force>} actors  the last one is the grey of the key
 * @property {Table<Source>} sources
 * @property {{ id: string, name: string }[]} sides
 * @property {Record<string, string>} shapes  by side, as paths of SVG
 * @property {string} sample  of no side: for the key of marks and sizes
 * @property {Record<string, string>} marks  by kind of role
 * @property {{ id: string, name: string }[]} kinds
 * @property {{ diameter: number, name: string }[]} bands  the largest first
 * @property {{ diameter: number, name: string }} unknown
 * @property {Fan} fan
 * @property {string} lines  shown first
 * @property {Choice[]} line_names
 * @property {string} rule  by which reports count
 *
 * @typedef {object} Happened  an event; days are counted from the first of `dates`, words are numbers of `words`
 * @property {string} id
 * @property {number} longitude
 * @property {number} latitude
 * @property {number} km  how far off the point may be
 * @property {number} kind
 * @property {number} begin  in the file
 * @property {number} first  day on which it may have happened
 * @property {number} last
 * @property {number | null} low  dead
 * @property {number | null} best
 * @property {number | null} high
 * @property {number} what
 * @property {number} one  actor
 * @property {number} other
 * @property {number} where
 * @property {number} source
 *
 * @typedef {{ pixels: number, strength: number, faint: number, full: number }} Ink  of one event: the radius of its
 *   symbol at an exact place, how dark a blur is in the middle, and opacity at least and at most
 *
 * @typedef {object} Blurs
 * @property {Table<Happened>} rows
 * @property {string[]} words
 * @property {string[]} kinds  the one with most events first
 * @property {string} kind_name
 * @property {boolean} of_actors  whether the kinds are actors
 * @property {Ink} ink
 * @property {number[]} edges  the first day of each step, and the one after the last
 * @property {string[]} spans  the days of each step in words
 * @property {{ km: number, name: string }[]} blurs  that there are
 * @property {string} note
 *
 * @typedef {{ air: number, step: number, turns: number, rings: number, aside: number }} Fan
 * @typedef {{ id: string, name: string, title: string }} Choice
 */

/**
 * @typedef {object} Figure  a published estimate
 * @property {string} id
 * @property {string} day  that it is of
 * @property {string} precision  of that day
 * @property {string} quantity
 * @property {string} actor
 * @property {string} scope  id of the place, or the countries
 * @property {number} single  1 of a place, which is no part of "any countries"
 * @property {string} where  in words
 * @property {number | null} low
 * @property {number | null} best
 * @property {number | null} high
 * @property {string} figure  in words
 * @property {string} who
 * @property {string} grade  reliability of its page, A to F
 * @property {string} credibility  of the figure, 1 to 6
 * @property {number} source  -1 of none
 *
 * @typedef {{ quantity: string, actor: string, scope: string, start: string, end: string, grade: string }} Chosen
 *   of the figures; an empty scope is any countries, an empty day has no limit
 * @typedef {{ name: string, scope: string, start: string, end: string }} Period  to go to
 *
 * @typedef {object} FiguresPage  what the page of estimates is given
 * @property {Table<Figure>} figures
 * @property {Table<Source>} sources
 * @property {Choice[]} quantities
 * @property {Choice[]} actors
 * @property {Choice[]} scopes
 * @property {Choice[]} grades  the lowest that counts
 * @property {Period[]} periods
 * @property {Chosen} view  shown first
 * @property {string} only  which figures there are, if not all
 * @property {number} log_from  the largest over the smallest, from which a scale is logarithmic
 */

/**
 * @typedef {object} Doubt  how sure the holder of each square is; numbers as base64, little-endian
 * @property {[Point, Point]} bounds
 * @property {[number, number]} size  in pixels
 * @property {string} squares  under each pixel
 * @property {string} counts  places of each square
 * @property {string} places
 * @property {string} weights
 * @property {number} certain
 * @property {number} even
 * @property {number} whitest
 */

/**
 * @typedef {object} Look
 * @property {string} admin
 * @property {string} border
 * @property {string} ink
 * @property {string} river
 * @property {string} water
 * @property {string} none  land of no holder
 * @property {number} paler  opacity of the white over land outside the core
 * @property {number} over_tiles  opacity of land over tiles
 */

/**
 * @typedef {object} Payload
 * @property {number} grid  steps a degree
 * @property {[Point, Point]} bounds  south-west and north-east, latitude first
 * @property {[Point, Point]} [view]  what is seen first, as `bounds`; all of the land by default
 * @property {number} near_zoom  from which places of unknown size are drawn
 * @property {{ least: number, diameter: number }[]} sizes  of dots by residents, the largest first
 * @property {Look} look
 * @property {{ color: string, tint: string }} grey
 * @property {{ sea: Polygons, lakes: Polygons, borders: Coded[], admin: Coded[], rivers: Coded[] }} base
 * @property {Table<Actor>} actors
 * @property {string[]} countries
 * @property {string[]} country_names
 * @property {number[]} story  the actor that the tables tell the story of, with its parts; nobody where they tell none
 * @property {Table<Named>} named
 * @property {Fold} fold
 * @property {[string | null, string | null]} covers  the days that the tables cover; null where they go on
 * @property {[Point, Point]} frame  the corners within which the ground is known, as `bounds`
 * @property {Record<string, EvidenceKind[]>} [evidence]  by what land can be shaded: confidence, reliability
 * @property {number} error_km2  by which the drawing of a holder's land is off at most
 * @property {Table<Place>} places
 * @property {Table<Label>} labels  the most important first
 * @property {string[]} dates
 * @property {Record<string, { name: string, definition: string }>} levels  the one shown first is first
 * @property {Record<string, string[]>} key  by level, what no swatch says
 * @property {number} [start]  the step shown first
 * @property {{ url: string, options: object }} [tiles]  of a server, below the land
 * @property {Table<ControlRow>} [events]  of land with places, in order of their days
 * @property {Table<Rival>} [rivals]
 * @property {Table<Piece>} [pieces]
 * @property {Table<Source>} [sources]
 * @property {Polygons} [outside]  the core
 * @property {unknown[][]} [rings]  of land that somebody drew: see ringReader in rings.js
 * @property {Table<Shape>} [shapes]
 * @property {number[]} [states]  the drawing of each step
 * @property {number | null} [whole_km2]  of the countries drawn into; none where their borders are not known
 * @property {Table<Move>} [moves]  the largest of a step first
 * @property {Doubt} [doubt]
 * @property {Table<Ends>} [ranges]
 * @property {Forces} [forces]
 * @property {Blurs} [blurs]
 * @property {{ own: number[], dots: string }} [compare]  one holder, with its parts, on two days
 * @property {Table<Moved>} [moved]
 */

/**
 * The rows of a table as objects; none of a table that is not there.
 * @template T
 * @param {Table<T>} [table]
 * @returns {T[]}
 */
export function records(table) {
  if (!table) return [];
  const { columns, rows, words = {} } = table;
  const lists = columns.map(name => words[name]);
  return rows.map(row => /** @type {T} */ (Object.fromEntries(columns.map((name, index) =>
    [name, lists[index] ? lists[index][/** @type {number} */ (row[index])] : row[index]]))));
}
