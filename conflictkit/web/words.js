// Words for dates, numbers, sources. Text from the tables only ever becomes a text node.

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
  "November", "December"];

function dayWords(iso) {
  const [year, month, day] = iso.split("-").map(Number);
  return `${day} ${MONTHS[month - 1]} ${year}`;
}

// "3 Nov 2017", for the head of a narrow column.
function shortDay(iso) {
  return dayWords(iso).replace(/([A-Z][a-z]{2})[a-z]+/, "$1");
}

// "3 November 2017", "November 2017", "2017": as much of the date as the table knows.
function dateWords(iso, precision) {
  const words = dayWords(iso).split(" ");
  return words.slice({ day: 0, month: 1, year: 2 }[precision] ?? 0).join(" ");
}

// Three significant figures: the model is not good to more. Formatters are slow to make, and every step needs dozens.
const WHOLE = new Intl.NumberFormat("en-US", { maximumFractionDigits: 0 });
const TENTHS = new Intl.NumberFormat("en-US", { maximumFractionDigits: 1 });

function rounded(km2) {
  const exact = Number(Number(km2).toPrecision(3));
  return (exact < 10 ? TENTHS : WHOLE).format(exact);
}

function percent(share) {
  return `${(100 * share).toFixed(1)} %`;
}

// A link to a page, if it is one: http(s) only, and the page does not learn where the reader came from.
function sourceLink(source) {
  if (!source) return html("span", {}, "no page given");
  const [publisher, address, published, reliability] = source;
  const words = [publisher, published && ` ${published}`, reliability && ` (${reliability})`].filter(Boolean).join("");
  if (!/^https?:\/\//i.test(address ?? "")) return html("span", {}, words);
  return html("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}
