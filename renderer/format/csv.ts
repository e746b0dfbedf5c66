/** Cells of CSV files. */

/** RFC 4180, and a quote before what a spreadsheet would take for a formula (OWASP: CSV injection). */
export function csvCell(text: string): string {
  const safe = /^[=+\-@\t\r\n\uff0b\uff0d\uff1d\uff20]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) || safe !== text ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Rows of cells that are ready, as a file. */
export function csvFile(rows: readonly (readonly string[])[]): string {
  return rows.map((row) => `${row.join(',')}\r\n`).join('');
}
