/** Comma-separated values (RFC 4180): cells are kept byte for byte, lines end with CR LF. */

export type Cell = string | number | null;

export function csv(rows: readonly (readonly Cell[])[]): string {
  return rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");
}

function cell(value: Cell): string {
  const text = value === null ? "" : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

export const csvFile = (rows: readonly (readonly Cell[])[]): Blob =>
  new Blob([csv(rows)], { type: "text/csv;charset=utf-8" });

/** The beginnings of a text that spreadsheets read as a formula.
 *  https://owasp.org/www-community/attacks/CSV_Injection */
const FORMULA = /^[=+\-@\t\r]/;

const inert = (value: Cell): Cell => (typeof value === "string" && FORMULA.test(value) ? `'${value}` : value);

type Rows = readonly (readonly Cell[])[];

/** CSV in which no cell is a formula. */
export const safeFile = (rows: Rows): Blob => csvFile(rows.map((row) => row.map(inert)));

/** CSV as a Polish Excel reads it: semicolons and a byte order mark; no cell is a formula. */
export function excelFile(rows: Rows): Blob {
  const quoted = (value: Cell): string => {
    const text = value === null ? "" : String(inert(value));
    return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  const lines = rows.map((row) => `${row.map(quoted).join(";")}\r\n`);
  return new Blob(["\ufeff", ...lines], { type: "text/csv;charset=utf-8" });
}
