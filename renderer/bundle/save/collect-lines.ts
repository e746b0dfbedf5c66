/** The log lines of a bundle: the newest of its window from the hub's archive, or where it keeps none, those that this page holds. */
import { MAX_BUNDLE_LINES } from '../../../shared/bundle/bundle-record.ts';
import { paths } from '../../../shared/protocol.ts';
import {
  MAX_SEARCH_LIMIT,
  searchProblems,
  searchRecord,
  type ArchivedLine,
  type SearchRecord,
} from '../../../shared/schema/log-search.ts';
import type { LogLine } from '../../../shared/schema/logs.ts';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { LogStore } from '../../store/log-store.ts';
import { bundleMessages } from '../bundle-messages.ts';
import type { Collecting } from './collect-bundle.ts';

const words = bundleMessages.omissions;

export async function collectLines(collecting: Collecting): Promise<void> {
  const { wish, writer, redactEvent, breathe } = collecting;
  const lines = await askLines(collecting);
  let count = 0;
  for (const { id, line } of lines) {
    const told = redactEvent({ name: 'log', data: line }).data as LogLine;
    if (!writer.add({ kind: 'line', id, line: told })) {
      writer.leaveOut({ what: 'logs', host: null, why: words.noRoom });
      return;
    }
    if (++count % 1_000 === 0) await breathe();
  }
  if (lines.length >= MAX_BUNDLE_LINES && wish.hosts.length > 0)
    writer.leaveOut({ what: 'logs', host: null, why: words.moreLines(MAX_BUNDLE_LINES) });
}

/** Oldest first. */
async function askLines({ wish, dashboard, writer, signal, onStep }: Collecting): Promise<ArchivedLine[]> {
  const found: ArchivedLine[] = [];
  let before: string | null = null;
  for (;;) {
    onStep(bundleMessages.save.steps.logs(found.length));
    const page = await askPage(wish, before, MAX_BUNDLE_LINES - found.length, signal);
    found.push(...page.lines);
    if (page.problem !== null) {
      const isKept = !['not-found', searchProblems.archiveOff].includes(page.problem.code);
      writer.leaveOut({ what: 'logs', host: null, why: isKept ? page.problem.sentence : words.heldLines });
      return isKept ? found.reverse() : heldLines(dashboard.logs, wish);
    }
    if (page.lastId === null || found.length >= MAX_BUNDLE_LINES) return found.reverse();
    before = page.lastId;
  }
}

interface Page {
  /** Newest first. */
  lines: ArchivedLine[];
  /** Where to go on; null: there is no more. */
  lastId: string | null;
  problem: { code: string; sentence: string } | null;
}

async function askPage(
  { from, to, hosts }: Collecting['wish'],
  before: string | null,
  room: number,
  signal: AbortSignal,
): Promise<Page> {
  const question = new URLSearchParams({
    hosts: hosts.join(','),
    from: String(from),
    to: String(to),
    limit: String(Math.min(MAX_SEARCH_LIMIT, room)),
    ...(before !== null && { before }),
  });
  const page: Page = { lines: [], lastId: null, problem: null };
  const onRecord = (record: SearchRecord) => {
    if (record.kind === 'line') page.lines.push({ id: record.id, line: record.line });
    else if (record.kind === 'end') page.lastId = record.lastId;
    else if (record.kind === 'problem')
      page.problem = { code: record.error.code, sentence: record.error.message };
  };
  const answer = await askHubRecords(`${paths.logSearch}?${question.toString()}`, {
    schema: searchRecord,
    signal,
    onRecord,
  });
  signal.throwIfAborted();
  if (!answer.isGood) page.problem = answer;
  return page;
}

/** What the tail of this page still has of the window. */
function heldLines({ rows }: LogStore, { from, to, hosts }: Collecting['wish']): ArchivedLine[] {
  const wanted = new Set(hosts);
  const lines: ArchivedLine[] = [];
  for (let number = rows.first; number < rows.next; number++) {
    const row = rows.at(number)!;
    if (row.kind !== 'line' || row.line.time < from || row.line.time >= to || !wanted.has(row.line.host))
      continue;
    lines.push({ id: row.id || `held-${number}`, line: row.line });
  }
  return lines.slice(-MAX_BUNDLE_LINES);
}
