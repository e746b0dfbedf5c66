/** One printed line of a benchmark. */
export interface BenchRow {
  name: string;
  figure: number;
  unit: string;
  /** The figure must not pass it; null where the row only informs. */
  bar: number | null;
  /** Null where there is no bar. */
  ok: boolean | null;
}

/** A row judged against its bar: ok where the figure does not pass it. */
export function barRow(name: string, figure: number, unit: string, bar: number): BenchRow {
  return { name, figure, unit, bar, ok: figure <= bar };
}

/** A row that only informs. */
export function plainRow(name: string, figure: number, unit: string): BenchRow {
  return { name, figure, unit, bar: null, ok: null };
}
