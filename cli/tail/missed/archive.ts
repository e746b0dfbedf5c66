/** The log archive of the hub whose stream is read: asked with the same token, for the same lines. */
import { maxFilterLength } from '../../../shared/filter/parse.ts';
import { fieldTerm } from '../../../shared/filter/term.ts';
import { paths } from '../../../shared/protocol.ts';
import { searchRecord, type ArchivedLine, type SearchRecord } from '../../../shared/schema/log-search.ts';
import type { StreamPlace } from '../find-stream.ts';
import { openAnswer, readProblem } from '../open-answer.ts';

export interface ArchiveQuestion {
  /** Cursors or ids of lines, neither included; null: no bound. */
  after: string | null;
  before: string | null;
  /** 0: none, only their number. */
  limit: number;
  /** The newest of them, the newest first. Default: the oldest, in the order in which they came. */
  isNewestFirst?: boolean;
  signal: AbortSignal;
}

export interface Found {
  isGood: true;
  /** In the order that was asked for. */
  lines: ArchivedLine[];
  /** All that match; where there is a rest, some of it may not be counted. */
  matched: number;
  /** Behind which line, in that order, the rest is to be asked for; null: there is none. */
  rest: string | null;
  /** Epoch milliseconds, when the oldest line came that is kept; null: none is. */
  keptSince: number | null;
  /** Lines are not kept at this moment: some may be missing. */
  isTroubled: boolean;
}

/** `code`: of the problem; '' where the hub could not be asked, or broke off. */
export type ArchiveAnswer = Found | { isGood: false; code: string };

export interface Archive {
  /** True: every line of the stream is asked for. */
  readonly isOfAll: boolean;
  /** Never throws. The lines of one answer are held at once: `limit` bounds them, and the hub their text. */
  ask(question: ArchiveQuestion): Promise<ArchiveAnswer>;
}

/** What is looked for besides what the stream's own address says. */
export interface ArchiveWish {
  /** In the filter language; null: every line. */
  filter: string | null;
  /** Names or ids; null: all. */
  hosts: readonly string[] | null;
}

/** A hub says how far it is every quarter of a second or so. */
const SILENCE_MS = 5_000;
/** UTF-16 units of one record: a line has 64 KiB, and JSON may write each of its characters as six. */
const MAX_RECORD_UNITS = 1024 * 1024;

/** What a proxy may put before it, and the one channel that it may name. */
const streamPath = new RegExp(`^(.*)${paths.stream}(?:/([^/]+))?$`);

/** Null where the address is not that of a hub's stream, or of one without lines. */
export function archiveOf(place: StreamPlace, wish: ArchiveWish): Archive | null {
  const stream = place.url;
  const [, prefix, channel] = streamPath.exec(stream.pathname) ?? [];
  const channels = channel ?? stream.searchParams.get('channels') ?? 'logs';
  if (prefix === undefined || !channels.split(',').includes('logs')) return null;
  const base = new URL(stream);
  base.pathname = prefix + paths.logSearch;
  base.search = '';
  const filter = filterOf(stream.searchParams.get('level'), wish);
  if (filter !== '') base.searchParams.set('filter', filter);
  const hosts = stream.searchParams.get('hosts');
  if (hosts !== null) base.searchParams.set('hosts', hosts);
  return {
    isOfAll: wish.filter === null && wish.hosts === null,
    ask: (question) => ask({ ...place, url: base }, question),
  };
}

/** As much of it as one filter may hold: lines that it lets through too many are left out where they are printed. */
function filterOf(level: string | null, { filter, hosts }: ArchiveWish): string {
  const terms = [
    level === null ? '' : `level>=${level}`,
    filter === null || filter.trim() === '' ? '' : `(${filter})`,
    hosts === null ? '' : `(${hosts.map((host) => fieldTerm('host', host)).join(' OR ')})`,
  ];
  return terms.reduce((whole, term) => {
    const longer = [whole, term].filter((part) => part !== '').join(' ');
    return longer.length <= maxFilterLength ? longer : whole;
  });
}

async function ask(
  place: StreamPlace,
  { after, before, limit, isNewestFirst = false, signal }: ArchiveQuestion,
): Promise<ArchiveAnswer> {
  const url = new URL(place.url);
  url.searchParams.set('order', isNewestFirst ? 'newest' : 'oldest');
  url.searchParams.set('limit', String(limit));
  if (after !== null) url.searchParams.set('after', after);
  if (before !== null) url.searchParams.set('before', before);
  try {
    const response = await openAnswer({ ...place, url, signal, silenceMs: SILENCE_MS, headers: {} });
    if (response.statusCode !== 200)
      return { isGood: false, code: (await readProblem(response))?.code ?? '' };
    return await foundIn(response as AsyncIterable<Buffer>);
  } catch {
    return { isGood: false, code: '' };
  }
}

async function foundIn(body: AsyncIterable<Buffer>): Promise<ArchiveAnswer> {
  const found: Found = {
    isGood: true,
    lines: [],
    matched: 0,
    rest: null,
    keptSince: null,
    isTroubled: false,
  };
  let end: ArchiveAnswer | null = null;
  for await (const record of recordsOf(body)) {
    if (record.kind === 'line') found.lines.push({ id: record.id, line: record.line });
    else if (record.kind === 'problem') end = { isGood: false, code: record.error.code };
    else if (record.kind === 'begin') {
      found.keptSince = record.keptSince;
      found.isTroubled = record.trouble !== null;
    } else if (record.kind === 'end') {
      found.matched = record.matched;
      found.rest = record.lastId;
      // Given up before all was looked at, and nobody can say where to go on.
      end = record.reason === 'time' && record.lastId === null ? { isGood: false, code: '' } : found;
    }
  }
  return end ?? { isGood: false, code: '' };
}

/** Throws for what is no answer of a search. */
async function* recordsOf(body: AsyncIterable<Buffer>): AsyncGenerator<SearchRecord> {
  const decoder = new TextDecoder();
  let rest = '';
  for await (const chunk of body) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop()!;
    if (rest.length > MAX_RECORD_UNITS) throw new Error('a record is too long');
    for (const line of lines) yield searchRecord.parse(JSON.parse(line));
  }
}
