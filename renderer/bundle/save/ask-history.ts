/** The series of one host over the window of a bundle: from the hub's history, or where it keeps none, from what this page holds. */
import { paths } from '../../../shared/protocol.ts';
import { historyProblems, historyRecord, type HistoryRecord } from '../../../shared/schema/history.ts';
import { askHubRecords } from '../../app/ask-hub-records.ts';
import type { HostState } from '../../store/host-state.ts';
import { bundleMessages } from '../bundle-messages.ts';
import type { Collecting } from './collect-bundle.ts';
import { heldHistory } from './held-history.ts';

/** Buckets of each series: an hour by the second. Fewer where there are many hosts. */
const MOST_POINTS = 3_600;
const LEAST_POINTS = 300;
/** Of all hosts together, supposing each has so many series. */
const WANTED_VALUES = 4_000_000;
const USUAL_SERIES = 150;

const words = bundleMessages.omissions;

/** A whole answer, `begin` to `end`; empty where there is none, which the bundle then says. */
export async function askHistory(
  { wish, writer, signal }: Collecting,
  state: HostState,
): Promise<HistoryRecord[]> {
  const leaveOut = (why: string) => writer.leaveOut({ what: 'metrics', host: state.id, why });
  const share = Math.floor(WANTED_VALUES / (wish.hosts.length * USUAL_SERIES));
  let points = Math.min(MOST_POINTS, Math.max(LEAST_POINTS, share));
  for (;;) {
    const { records, answer } = await ask(wish, state.id, points, signal);
    const end = records.at(-1);
    if (answer.isGood && end?.kind === 'end') {
      if (end.reason === 'time') leaveOut(words.cutShort);
      return records;
    }
    const problem = problemOf(end, answer);
    if (problem.code === historyProblems.tooMuch && points > LEAST_POINTS) {
      points = Math.max(LEAST_POINTS, Math.floor(points / 2));
      continue;
    }
    const isKept = !['not-found', historyProblems.off].includes(problem.code);
    const held = isKept ? [] : heldHistory(state, wish);
    if (held.length === 0) {
      if (isKept) leaveOut(problem.sentence);
      else writer.leaveOut({ what: 'metrics', host: null, why: words.noHistory });
    }
    return held;
  }
}

async function ask(wish: Collecting['wish'], host: string, points: number, signal: AbortSignal) {
  const records: HistoryRecord[] = [];
  const question = new URLSearchParams({
    hosts: host,
    series: '*',
    from: String(wish.from),
    to: String(wish.to),
    points: String(points),
    fields: 'mean,min,max,count,last',
  });
  const answer = await askHubRecords(`${paths.history}?${question.toString()}`, {
    schema: historyRecord,
    signal,
    onRecord: (record) => records.push(record),
  });
  signal.throwIfAborted();
  return { records, answer };
}

function problemOf(
  end: HistoryRecord | undefined,
  answer: { isGood: true } | { isGood: false; code: string; sentence: string },
): { code: string; sentence: string } {
  if (end?.kind === 'problem') {
    const { code, message, remedy } = end.error;
    return { code, sentence: remedy === null ? message : `${message} ${remedy}` };
  }
  return answer.isGood ? { code: '', sentence: words.cutShort } : answer;
}
