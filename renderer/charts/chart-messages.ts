/** The texts of the charts. */
export const chartMessages = {
  noData: 'No data',
  gap: 'no data',
  loading: 'loading',
  notLoaded: 'not loaded',
  showTable: 'Show as table (T)',
  showChart: 'Show as chart (T)',
  fullScreen: 'Full screen (F)',
  time: 'Time',
  plotHint:
    'Arrow keys read values, Shift and arrows pan, plus and minus zoom, 0 goes back to live, T shows a table, N adds a note, C pins the moment, P points for everybody',
  menu: 'At this moment',
  saveMenu: 'Save this chart',
  saveImage: 'Save as image (PNG)',
  saveTable: 'Save data (CSV)',
  menuPin: (clock: string): string => `Pin ${clock}`,
  unpin: (clock: string): string => `Take the pin at ${clock} away (C)`,
  pinKey: 'Pin the moment, or take the pin away',
  menuNote: (clock: string): string => `Add note at ${clock}`,
  late: 'came late',
  lateHint: (stretch: string): string => `The samples of ${stretch} came late.`,
  gapLabel: (reason: string, stretch: string): string => `${reason} ${stretch}`,
  /** Of the samples that a value stands for. */
  between: (low: string, high: string): string => `${low} – ${high}`,
};
