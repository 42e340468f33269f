/** Longest cell that is shown whole. */
const MAX_CELL_CHARS = 100;

/** Rows as lines with aligned columns, the first row being the head. Control characters become a dot: texts come from outside. */
export function writeTable(rows: readonly (readonly (string | number)[])[]): string[] {
  const cells = rows.map((row) =>
    row.map((cell) => {
      const text = String(cell).replaceAll(/\p{Cc}/gu, '.');
      return text.length > MAX_CELL_CHARS ? `${text.slice(0, MAX_CELL_CHARS - 1)}…` : text;
    })
  );
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd()
  );
}
