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
