/** A table as an XLSX workbook of one sheet (ECMA-376), as that of kgraph/publish/formats/spreadsheet.py. */

import type { Cell } from "../csv";
import { xml } from "../draw/svg";
import { zip } from "./zip";

type Rows = readonly (readonly Cell[])[];

const HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const SCHEMAS = "http://schemas.openxmlformats.org";
const MAIN = `xmlns="${SCHEMAS}/spreadsheetml/2006/main"`;
const OFFICE = `${SCHEMAS}/officeDocument/2006/relationships`;
const MEDIA = "application/vnd.openxmlformats-officedocument.spreadsheetml";
/** The characters of a cell. */
const LONGEST = 32_767;
/** The least and the greatest width of a column, in characters. */
const [NARROWEST, WIDEST] = [12, 60];
const BOLD = 1;

/** The parts stand in `xl`, where readers look for the styles. */
export async function workbook(rows: Rows): Promise<Blob> {
  const content = await zip({
    "[Content_Types].xml": types({ workbook: "sheet.main", styles: "styles", sheet: "worksheet" }),
    "_rels/.rels": links([["officeDocument", "xl/workbook.xml"]]),
    "xl/workbook.xml": `${HEAD}<workbook ${MAIN} xmlns:r="${OFFICE}"><sheets>`
      + '<sheet name="kgraph" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": links([["worksheet", "sheet.xml"], ["styles", "styles.xml"]]),
    "xl/styles.xml": STYLES,
    "xl/sheet.xml": sheet(rows),
  });
  return new Blob([content as Uint8Array<ArrayBuffer>], { type: `${MEDIA}.sheet` });
}

const types = (parts: Record<string, string>): string =>
  `${HEAD}<Types xmlns="${SCHEMAS}/package/2006/content-types">`
  + '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
  + Object.entries(parts).map(([part, type]) =>
    `<Override PartName="/xl/${part}.xml" ContentType="${MEDIA}.${type}+xml"/>`).join("")
  + "</Types>";

const links = (to: readonly (readonly [string, string])[]): string =>
  `${HEAD}<Relationships xmlns="${SCHEMAS}/package/2006/relationships">`
  + to.map(([type, target], at) =>
    `<Relationship Id="r${at + 1}" Type="${OFFICE}/${type}" Target="${target}"/>`).join("")
  + "</Relationships>";

const STYLES = `${HEAD}<styleSheet ${MAIN}>`
  + '<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>'
  + '<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>'
  + '<fills count="2"><fill><patternFill patternType="none"/></fill>'
  + '<fill><patternFill patternType="gray125"/></fill></fills>'
  + "<borders count=\"1\"><border/></borders>"
  + '<cellStyleXfs count="1"><xf/></cellStyleXfs>'
  + '<cellXfs count="2"><xf xfId="0"/><xf xfId="0" fontId="1" applyFont="1"/></cellXfs>'
  + '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>';

/** The rows with a heading that stays in sight, and a filter. */
function sheet(rows: Rows): string {
  const columns = rows[0]?.length ?? 0;
  const last = `${letters(Math.max(0, columns - 1))}${Math.max(1, rows.length)}`;
  const widths = Array.from({ length: columns }, (_, at) => {
    const longest = rows.reduce((most, row) => Math.max(most, String(row[at] ?? "").length), NARROWEST);
    return `<col min="${at + 1}" max="${at + 1}" width="${Math.min(longest, WIDEST)}" customWidth="1"/>`;
  });
  return `${HEAD}<worksheet ${MAIN}><sheetViews><sheetView workbookViewId="0">`
    + '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
    + `<cols>${widths.join("")}</cols><sheetData>${rows.map(row).join("")}</sheetData>`
    + `<autoFilter ref="A1:${last}"/></worksheet>`;
}

function row(cells: readonly Cell[], at: number): string {
  const inside = cells.map((value, column) => cell(value, `${letters(column)}${at + 1}`, at === 0));
  return `<row r="${at + 1}">${inside.join("")}</row>`;
}

/** A number, or a text that no program reads as a formula; nothing for an empty one. */
function cell(value: Cell, at: string, isHeading: boolean): string {
  if (typeof value === "number") return `<c r="${at}"><v>${value}</v></c>`;
  if (!value) return "";
  const style = isHeading ? ` s="${BOLD}"` : "";
  return `<c r="${at}"${style} t="inlineStr"><is><t xml:space="preserve">${xml(value.slice(0, LONGEST))}</t></is></c>`;
}

/** The letters of a column, counted from 0: A to Z, AA. */
const letters = (column: number): string =>
  (column < 26 ? "" : letters(Math.floor(column / 26) - 1)) + String.fromCharCode(65 + (column % 26));
