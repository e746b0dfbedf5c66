/** The texts of the charts. */
export const chartMessages = {
  noData: 'No data',
  gap: 'no data',
  showTable: 'Show as table (T)',
  showChart: 'Show as chart (T)',
  fullScreen: 'Full screen (F)',
  time: 'Time',
  plotHint:
    'Arrow keys read values, Shift and arrows pan, plus and minus zoom, 0 goes back to live, T shows a table, N adds a note, P points for everybody',
  menu: 'At this moment',
  menuNote: (clock: string): string => `Add note at ${clock}`,
  late: 'came late',
  lateHint: (from: string, to: string): string => `The samples from ${from} to ${to} came late.`,
  gapLabel: (reason: string, from: string, to: string): string => `${reason} ${from}–${to}`,
};
