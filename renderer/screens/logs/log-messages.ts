/** Every text of the logs screen and the log pane. */
import type { LogLevel } from '../../../shared/log-level.ts';
import type { SourceState } from '../../../shared/schema/logs.ts';
import { counted } from '../../messages.ts';
import type { GapRow } from '../../store/log-row.ts';
import type { PastKey } from './archive-address.ts';

const gapReasons: Record<GapRow['reason'], string> = {
  'slow-reader': 'this page read too slowly',
  'source-overflow': 'the source wrote faster than it could be read',
  'source-reset': 'the source began anew',
  offline: 'the host was offline',
  asleep: 'the host was asleep',
  'host-paused': 'the host was paused by its owner',
  'spool-overflow': "the agent's spool was full",
  'spool-damaged': "the agent's spool was damaged",
  reconnected: 'they came while this page was disconnected',
  paused: 'more came while paused than this page holds',
};

export const logMessages = {
  pane: 'Log lines',
  filter: {
    label: 'Filter log lines',
    placeholder: 'Filter: text  "a phrase"  -not  /re/i  level>=warn  source:nginx  status>=500',
    shortPlaceholder: 'Filter lines',
    clear: 'Clear the filter',
    mode: 'What the filter does',
    filter: 'Filter',
    highlight: 'Highlight',
    filterHint: 'Shows only lines that match (H)',
    highlightHint: 'Shows every line and marks those that match (H)',
    fault: (message: string, column: number) => `${message} (column ${column})`,
    stopped:
      'A regular expression took too long and was stopped. Lines it would have found are missing; make it simpler.',
    previous: 'Previous match (Shift+N)',
    next: 'Next match (N)',
    matches: (count: number) => counted(count, 'match', 'matches'),
  },
  level: {
    group: 'Lowest level shown',
    all: 'All',
    atLeast: (level: string, count: string | null) =>
      count === null ? `${level} and above` : `${level} and above; ${count} of level ${level}`,
    words: {
      trace: 'Trace',
      debug: 'Debug',
      info: 'Info',
      warn: 'Warn',
      error: 'Error',
      fatal: 'Fatal',
    } satisfies Record<LogLevel, string>,
  },
  lines: (count: number) => counted(count, 'line', 'lines'),
  linesOf: (shown: number, held: number) =>
    `${shown.toLocaleString('en')} of ${counted(held, 'line', 'lines')}`,
  menu: {
    button: 'View',
    label: 'How lines are shown',
    wrap: 'Wrap long lines',
    collapse: 'Collapse repeats',
    utc: 'Times in UTC',
    volume: 'Show volume',
    exportAs: 'Export lines shown',
  },
  views: {
    button: 'Saved',
    label: 'Saved views',
    none: 'A filter that you save here is one click away. This browser keeps it.',
    nothing: 'Filter lines to save a view',
    name: 'Name of this view',
    save: 'Save',
    remove: (name: string) => `Remove ${name}`,
    level: (level: string) => `${level} and above`,
    highlighted: 'highlighted',
  },
  follow: {
    following: 'Following',
    pauseHint: 'Pause (Space)',
    resumeHint: 'Show the newest lines (End)',
    paused: 'Paused',
    pausedNew: (count: number) => `Paused \u00b7 ${count.toLocaleString('en')} new`,
    errors: (count: number) => `(${counted(count, 'error', 'errors')})`,
    spoken: (lines: number, errors: number) =>
      errors > 0
        ? `${counted(lines, 'new line', 'new lines')}, ${counted(errors, 'error', 'errors')}`
        : counted(lines, 'new line', 'new lines'),
  },
  gap: {
    counted: (count: number, reason: GapRow['reason']) =>
      `${counted(count, 'line', 'lines')} skipped: ${gapReasons[reason]}`,
    load: 'Load',
    loading: 'Loading\u2026',
    lost: (what: string) => `${what}. The hub keeps no more of them.`,
    unclear: 'The hub broke off. Try again.',
    uncounted: (reason: GapRow['reason']) => `Lines may be missing here: ${gapReasons[reason]}`,
  },
  late: {
    word: 'late',
    hint: 'Came late, out of the spool of its agent: newer lines may stand before it.',
    mark: (count: number, from: string, to: string) =>
      `${counted(count, 'line', 'lines')} of ${from} to ${to} came late`,
  },
  search: {
    week: 'Search the last 7 days',
    kept: 'Search this time',
    hint: 'Look for this in all lines that the hub keeps, beyond those this page holds',
    back: 'Back to the tail',
    past: 'How far back',
    pasts: { '1h': '1 hour', '24h': '24 hours', '7d': '7 days', all: 'All kept' } satisfies Record<
      PastKey,
      string
    >,
    shortPasts: { '1h': '1 h', '24h': '24 h', '7d': '7 d', all: 'All' } satisfies Record<PastKey, string>,
    searching: (percent: number | null) =>
      percent === null ? 'Searching\u2026' : `Searching\u2026 ${percent} %`,
    stop: 'Stop',
    stopped: 'Stopped before the end.',
    again: 'Search again',
    timedOut: 'The hub stopped after 30 seconds: not all was looked at. Narrow the time or the filter.',
    found: (shown: number, matched: number) =>
      shown === matched
        ? counted(matched, 'line', 'lines')
        : `The newest ${shown.toLocaleString('en')} of ${counted(matched, 'line', 'lines')}`,
    more: 'Show more',
    /** Nothing found. */
    none: 'No line matches',
    noneText: (span: string) => `Nothing that is kept of ${span} passes.`,
    empty: 'Nothing is kept yet',
    emptyText: 'Lines are kept from the moment they come to the hub.',
    tooOld: 'Older than what is kept',
    tooOldText: (since: string) => `The hub keeps lines since ${since}.`,
    showKept: 'Search all that is kept',
    off: 'This hub keeps no lines',
    offText:
      'Only the lines that this page holds can be looked through. The owner of the hub can start it with --log-archive-size above 0.',
    failed: 'The search failed',
    keptSince: (moment: string) => `Kept since ${moment}`,
  },
  context: {
    title: (time: string, host: string) => `Around ${time} on ${host}`,
    unknown: 'Lines around one',
    back: 'Back to the search',
    earlier: 'Earlier lines',
    later: 'Later lines',
    heldOnly: 'The hub keeps no lines here: these are the ones this page holds.',
    gone: 'This line is not kept any more',
    goneText:
      'Lines are kept for some days, and as long as there is room. Or it is not part of what is shared here.',
    failed: 'The lines could not be fetched',
    again: 'Try again',
  },
  span: {
    clear: 'Show all times',
    cut: (count: number) => `The first ${counted(count, 'line', 'lines')} of this time`,
  },
  empty: {
    waiting: 'No log lines yet',
    waitingText: 'Lines show here as their sources write them.',
    noSourceText: 'No source of log lines is known yet. They are named as soon as the host connects.',
    notToldText: 'A node_exporter tells no lines. An agent on that server does.',
    noMatch: 'No line matches',
    noMatchText: (held: number, isPaused: boolean) =>
      `None of the ${counted(held, 'line', 'lines')} held passes.${isPaused ? '' : ' New ones show as they come.'}`,
    clear: 'Clear the filter',
    allTimes: 'Show all times',
  },
  offline: (clock: string) => `Disconnected ${clock}. New lines show once the stream is back.`,
  details: {
    title: 'Line',
    close: 'Close (Esc)',
    previous: 'Previous line (K)',
    next: 'Next line (J)',
    time: 'Time',
    level: 'Level',
    host: 'Host',
    source: 'Source',
    none: 'none',
    fields: 'Fields',
    noFields: 'This line has no fields.',
    repeats: (count: number) => `Repeated ${counted(count, 'time', 'times')} in a row; this is the newest.`,
    truncated: 'The line was longer than 64 KiB; its rest was left out.',
    copyText: 'Copy text',
    copyJson: 'Copy JSON',
    copied: 'Copied',
    copyPath: (path: string) => `Copy the path ${path}`,
    copyLink: 'Copy link',
    linkHint: 'Copy an address that shows this line among those around it',
    context: 'Show in context',
    contextHint: 'Show the lines around this one, without the filter',
    pin: 'Pin on the charts',
    pinHint: 'Show this moment as a line through the charts of its host (C)',
    addToFilter: (term: string) => `Add ${term} to the filter`,
  },
  sources: {
    title: 'Sources',
    button: (count: number) => counted(count, 'source', 'sources'),
    trouble: (count: number) => `${counted(count, 'source needs', 'sources need')} attention`,
    close: 'Close (Esc)',
    since: (moment: string) => `since ${moment}`,
    none: 'No source of log lines is known yet.',
    only: (label: string) => `Show only lines of ${label}`,
    states: {
      following: 'Following',
      waiting: 'Waiting',
      denied: 'Permission denied',
      rotated: 'Rotated',
      lagging: 'Lagging',
      failed: 'Failed',
    } satisfies Record<SourceState, string>,
  },
  volume: (span: string, lines: number, warnings: number, errors: number) =>
    `Lines over time, ${span}: ${counted(lines, 'line', 'lines')}, ${counted(warnings, 'warning', 'warnings')}, ${counted(errors, 'error', 'errors')}`,
  earlier: (count: number) => `\u2190 ${count.toLocaleString('en')} earlier`,
  volumeHint: 'Drag to show only that time',
  more: (count: number) => `+${count.toLocaleString('en')} characters`,
  keys: {
    filter: 'Filter the logs',
    find: 'Find in the logs',
    next: 'Next line',
    previous: 'Previous line',
    open: 'Open the line',
    match: 'Next match (Shift: previous)',
    pin: 'Pin the line on the charts of its host',
    error: 'Next error (Shift: previous)',
    wrap: 'Wrap long lines',
    mode: 'Filter or highlight',
    first: 'Oldest line held',
    last: 'Newest line, and follow',
    follow: 'Pause or follow',
  },
} as const;
