/** What the numbers of a series are, told by its key: how they are written, and which difference of two is worth a word. */

export const seriesUnits = [
  'percent',
  'bytes',
  'bytesPerSecond',
  'perSecond',
  'milliseconds',
  'megahertz',
  'celsius',
  'files',
  'turnsPerMinute',
  'amount',
] as const;
export type SeriesUnit = (typeof seriesUnits)[number];

/** By the last word of the key, where the first does not say it all. */
const byLastWord: Readonly<Record<string, SeriesUnit>> = {
  busy: 'percent',
  utilisation: 'percent',
  frequency: 'megahertz',
  read: 'bytesPerSecond',
  write: 'bytesPerSecond',
  receive: 'bytesPerSecond',
  transmit: 'bytesPerSecond',
  in: 'bytesPerSecond',
  out: 'bytesPerSecond',
  readOps: 'perSecond',
  writeOps: 'perSecond',
  receivePackets: 'perSecond',
  transmitPackets: 'perSecond',
  errors: 'perSecond',
  drops: 'perSecond',
  retransmits: 'perSecond',
  contextSwitches: 'perSecond',
  forks: 'perSecond',
  await: 'milliseconds',
  celsius: 'celsius',
  rpm: 'turnsPerMinute',
  inodesTotal: 'files',
  inodesUsed: 'files',
  percent: 'percent',
};

const byFirstWord: Readonly<Record<string, SeriesUnit>> = {
  cpu: 'percent',
  pressure: 'percent',
  memory: 'bytes',
  swap: 'bytes',
  filesystem: 'bytes',
};

/** `amount` for all that has no unit, and for series of others that no table names. */
export function seriesUnitOf(key: string): SeriesUnit {
  const words = key.split('.');
  return byLastWord[words.at(-1)!] ?? byFirstWord[words[0]!] ?? 'amount';
}
