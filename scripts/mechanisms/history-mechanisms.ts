/** What questions to the history stand on. */
import type { Mechanism } from './mechanism.ts';

const answer = { kind: 'unit', test: 'hub/history/history-answer' } as const;
const gaps = { kind: 'unit', test: 'hub/history/find-gaps' } as const;
const chronicle = { kind: 'unit', test: 'hub/history/chronicle' } as const;
const window = { kind: 'unit', test: 'hub/history/past-of-a-window' } as const;

export const historyMechanisms: readonly Mechanism[] = [
  {
    promise: 27,
    what: 'no bucket of an answer begins before the share does',
    file: 'hub/history/query/history-answer.ts',
    text: 'Math.ceil((this.#beginning - start) / stepMs)',
    off: '0',
    ...answer,
    title: 'buckets that begin before a share does are left out, and their place says why',
  },
  {
    promise: 27,
    what: 'a share that is live only has no past',
    file: 'hub/history/query/reach-of-sight.ts',
    text: "since === 'live' ? Infinity",
    off: "since === 'live' ? -Infinity",
    ...answer,
    title: 'buckets that begin before a share does are left out, and their place says why',
  },
  {
    promise: 27,
    what: 'what a share hides in the name of a series cannot be asked for',
    file: 'hub/history/query/shown-series.ts',
    text: 'fits(series.shown)',
    off: 'fits(series.key)',
    ...answer,
    title: 'hosts and devices go by the names the sight gives them, in what is asked and what is told',
  },
  {
    promise: 27,
    what: 'past command lines go through the sight',
    file: 'hub/history/query/past-processes.ts',
    text: 'if (sight.show === null) return rows;',
    off: 'if (sight.show !== undefined) return rows;',
    ...window,
    title: 'texts go through the sight, and what is from before it is not looked at',
  },
  {
    promise: 34,
    what: 'a stretch without samples is told with its reason',
    file: 'hub/history/query/find-gaps.ts',
    text: 'touching.find((each) => each.from <= from && each.to >= to)?.reason',
    off: 'undefined',
    ...gaps,
    title: 'a stretch is cut where its reasons change; of several the first counts',
  },
  {
    promise: 34,
    what: 'a torn line of the chronicle is ended before the next one',
    file: 'hub/history/chronicle/chronicle-file.ts',
    text: 'this.#isTorn ? `\\n${lines}` : lines',
    off: 'lines',
    ...chronicle,
    title: 'the end of a hub that was killed is its last sign of life; a torn line costs itself alone',
  },
  {
    promise: 34,
    what: 'a hub signs that it lives',
    file: 'hub/history/chronicle/chronicle-file.ts',
    text: 'await utimes(this.#file, now, now);',
    off: 'await Promise.resolve(now);',
    ...chronicle,
    title: 'a hub says by the time of its file that it lives',
  },
  {
    promise: 35,
    what: 'the chronicle is bounded',
    file: 'hub/history/chronicle/chronicle-file.ts',
    text: 'if (this.#bytes > this.#maxBytes) this.#setAside();',
    off: '',
    ...chronicle,
    title: 'a file that has grown is set aside, and the one before it is let go',
  },
];
