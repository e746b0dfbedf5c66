/** The lines of a host in a stretch of time, from the archive of the hub. */
import type { HubAnswer } from '../../app/ask-hub.ts';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { TimeSpan } from '../../app/time-range.ts';
import { paths } from '../../../shared/protocol.ts';
import { searchRecord, type ArchivedLine, type SearchOrder } from '../../../shared/schema/log-search.ts';

export interface WindowQuestion {
  host: string;
  /** Both ends included. */
  span: TimeSpan;
  /** Which are told where there are more than `limit`, and in which order. */
  order: SearchOrder;
  limit: number;
}

export interface FoundLines {
  lines: ArchivedLine[];
  /** There are more. */
  isCut: boolean;
}

/** Never throws; after an abort the answer means nothing. */
export async function askWindow(
  { host, span, order, limit }: WindowQuestion,
  signal: AbortSignal,
): Promise<HubAnswer<FoundLines>> {
  const found: FoundLines = { lines: [], isCut: false };
  const question = new URLSearchParams({
    hosts: host,
    from: String(span.from),
    to: String(span.to + 1),
    order,
    limit: String(limit),
  });
  const answer = await askHubRecords(`${paths.logSearch}?${question.toString()}`, {
    schema: searchRecord,
    signal,
    onRecord: (record) => {
      if (record.kind === 'line') found.lines.push({ id: record.id, line: record.line });
      else if (record.kind === 'end') found.isCut = record.lastId !== null;
    },
  });
  return answer.isGood ? { isGood: true, value: found } : answer;
}
