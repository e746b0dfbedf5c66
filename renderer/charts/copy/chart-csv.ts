/** The samples of a chart as a table: one row per time, a column per series, and its extremes where a row stands for many samples. */
import { csvCell, csvFile } from '../../format/csv.ts';
import type { ChartCopy } from './chart-copy.ts';

export function chartCsv({ series, samples, drawn, unitName }: Omit<ChartCopy, 'canvas'>): string {
  const { times, columns, extremes } = samples;
  const unit = unitName === '' ? '' : ` (${unitName})`;
  const told = series.flatMap(({ label }, index): [string, Float64Array][] => [
    [`${label}${unit}`, columns[index]!],
    ...(extremes
      ? ([
          [`${label} min${unit}`, extremes.lows[index]!],
          [`${label} max${unit}`, extremes.highs[index]!],
        ] as [string, Float64Array][])
      : []),
  ]);
  const rows: string[][] = [['time', ...told.map(([label]) => csvCell(label))]];
  const { from, to } = drawn.span;
  times.forEach((time, row) => {
    // A little before the window is drawn too, so that lines come in.
    if (time < from || time > to) return;
    rows.push([new Date(time).toISOString(), ...told.map(([, column]) => numberCell(column[row]!))]);
  });
  return csvFile(rows);
}

/** A minus before a digit begins no formula. What is unknown is empty, never zero. */
function numberCell(value: number): string {
  return Number.isNaN(value) ? '' : String(Number(value.toPrecision(9)));
}
