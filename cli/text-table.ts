/** Tables of text: columns as wide as their widest cell, two blanks between them. */

export function textTable(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [heads, ...rows];
  const widths = heads.map((_, column) => Math.max(...all.map((row) => row[column]!.length)));
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join('  ')
      .trimEnd(),
  );
  return `${lines.join('\n')}\n`;
}

/** "40 ms", "12 s", "3 min", "5 h", "2 d". */
export function spanOf(ms: number): string {
  if (ms < 1_000) return `${Math.max(0, Math.round(ms))} ms`;
  const steps = [
    ['s', 1_000, 120],
    ['min', 60_000, 120],
    ['h', 3_600_000, 48],
  ] as const;
  const step = steps.find(([, unitMs, most]) => ms / unitMs < most);
  return step ? `${Math.round(ms / step[1])} ${step[0]}` : `${Math.round(ms / 86_400_000)} d`;
}
