/** Every text of the page. One section per part; a function where a text holds a value. */

const plural = new Intl.PluralRules('en');

/** "1 host", "3 hosts": the number grouped, the noun in its right form. */
export function counted(count: number, one: string, other: string): string {
  return `${count.toLocaleString('en')} ${plural.select(count) === 'one' ? one : other}`;
}

export const messages = {
  product: 'Watchline',
  screens: { overview: 'Overview', logs: 'Logs', hosts: 'Hosts' },
  hostStatus: {
    pairing: 'Pairing',
    live: 'Live',
    stale: 'Stale',
    offline: 'Offline',
    backfilling: 'Catching up',
    asleep: 'Asleep',
    paused: 'Paused',
    incompatible: 'Incompatible',
  },
  notFound: {
    title: 'There is nothing at this address',
    text: 'The link may be from another version of Watchline.',
    action: 'Go to the overview',
  },
  host: {},
  logs: {},
} as const;
