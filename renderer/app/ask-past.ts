/** Asks the hub for a part of the past, and gives what comes the shape of tiles. */
import { paths } from '../../shared/protocol.ts';
import { historyProblems, historyRecord, type HistoryRecordOf } from '../../shared/schema/history.ts';
import { SLOT_BUCKETS, slotStart } from '../store/past/past-levels.ts';
import type { PastColumn } from '../store/past/past-tile.ts';
import type { PastAnswer } from '../store/past/past-tiles.ts';
import type { HubAnswer } from './ask-hub.ts';
import { messages } from '../messages.ts';
import { askHubRecords } from './ask-hub-records.ts';
import type { PastAsk } from './past-wishes.ts';

export interface PastTold {
  /** Length of the buckets: longer than was asked for where nothing finer is kept. */
  stepMs: number;
}

type Problem = HistoryRecordOf<'problem'>['error'];

/** A host of which not all has come is not told of. */
const tookTooLong: Problem = { code: '', message: messages.hub.tooSlow, remedy: null };

/** Calls `onHost` for each host as soon as all of it has come. Never throws; after an abort the answer means nothing. */
export async function askPast(
  ask: PastAsk,
  onHost: (answer: PastAnswer, told: PastTold) => void,
  signal: AbortSignal,
): Promise<HubAnswer<null>> {
  const { hosts, keys, level, first, last } = ask;
  const query = new URLSearchParams({
    hosts: hosts.join(','),
    series: keys.join(','),
    from: String(slotStart(level, first)),
    to: String(slotStart(level, last + 1)),
    points: String((last + 1 - first) * SLOT_BUCKETS),
  });
  let begin: HistoryRecordOf<'begin'> | null = null;
  let columns: HistoryRecordOf<'columns'>[] = [];
  let problem: Problem | null = null;
  const answer = await askHubRecords(`${paths.history}?${query.toString()}`, {
    schema: historyRecord,
    signal,
    onRecord(record) {
      if (record.kind === 'begin') begin = record;
      else if (record.kind === 'columns') columns.push(record);
      else if (record.kind === 'problem') problem = record.error;
      else if (record.kind === 'end' && record.reason === 'time') problem = tookTooLong;
      else if (record.kind === 'gaps' && begin !== null) {
        const { host, gaps, marks } = record;
        onHost({ host, level, first, last, columns: columnsOf(keys, columns, begin), gaps, marks }, begin);
        columns = [];
      }
    },
  });
  if (problem === null) return answer;
  const { code, message, remedy } = problem as Problem;
  return { isGood: false, code, sentence: remedy === null ? message : `${message} ${remedy}` };
}

/** The hub keeps none: to ask again is of no use. */
export function isOff(answer: HubAnswer<null>): boolean {
  return !answer.isGood && answer.code === historyProblems.off;
}

/** A series without a record has no value in the whole window. */
function columnsOf(
  keys: readonly string[],
  told: readonly HistoryRecordOf<'columns'>[],
  { stepMs, serverTime, from }: HistoryRecordOf<'begin'>,
): Map<string, PastColumn> {
  const until = serverTime;
  const empty = {
    stepMs,
    start: from,
    mean: new Float64Array(),
    min: null,
    max: null,
    until,
    isStale: false,
  };
  const columns = new Map<string, PastColumn>(keys.map((key) => [key, empty]));
  for (const { series, start, mean, min, max } of told) {
    columns.set(series, {
      ...empty,
      start,
      mean: numbersOf(mean ?? []),
      min: min === undefined ? null : numbersOf(min),
      max: max === undefined ? null : numbersOf(max),
    });
  }
  return columns;
}

function numbersOf(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? NaN);
}
