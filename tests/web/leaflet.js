// In place of Leaflet, which is a script for browsers: for the check of types, and never run.
export default /** @type {any} */ (null);
