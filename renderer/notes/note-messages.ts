/** The texts of notes and markers, wherever they are shown. */
export const noteMessages = {
  add: 'Add note',
  addHere: 'Add note here (N)',
  addKey: 'Add a note at the crosshair',
  addAt: (clock: string) => `Note at ${clock}`,
  placeholder: 'What happened?',
  text: 'Note',
  scope: 'About',
  allHosts: 'All hosts',
  posting: 'Adding',
  cancel: 'Cancel',
  removing: 'Removing',
  kinds: { note: 'Note', marker: 'Marker' },
  levels: { info: '', warn: 'warning', error: 'error' },
  /** Read in place of a flag. */
  flag: (kind: string, clock: string, headline: string) => `${kind} at ${clock}: ${headline}`,
  several: (count: number, clock: string) => `${count} notes around ${clock}`,
  flags: 'Notes',
  /** Below the first lines of a long one. */
  unfold: (count: number) => `${count} more lines`,
  /** On the card of a flag, of those that it does not show. */
  earlier: (count: number) => `${count} earlier`,
  happenings: {
    live: 'Back again',
    offline: 'Offline from here on',
    asleep: 'Went to sleep',
    paused: 'Paused by its owner',
    incompatible: 'Its agent speaks another protocol',
    boot: 'Started (boot)',
    stale: '',
    pairing: '',
    backfilling: '',
  },
} as const;
