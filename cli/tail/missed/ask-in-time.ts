/** Questions to an archive that others may be asking as well, each until a deadline. */
import { setTimeout as delay } from 'node:timers/promises';
import { searchProblems } from '../../../shared/schema/log-search.ts';
import type { Archive, ArchiveAnswer, ArchiveQuestion } from './archive.ts';

export interface Stretch {
  /** As of an `ArchiveQuestion`. */
  after: string;
  before: string | null;
}

/** The hub answers as many searches as it may: asked again after so long. */
const BUSY_MS = 250;
/** What is left is counted within this time, or not at all. */
const COUNT_MS = 2_000;

/** `deadline`: by `performance.now()`. Never throws. */
export async function askInTime(
  archive: Archive,
  question: Omit<ArchiveQuestion, 'signal'>,
  deadline: number,
  signal: AbortSignal,
): Promise<ArchiveAnswer> {
  for (;;) {
    const leftMs = Math.max(0, Math.ceil(deadline - performance.now()));
    const inTime = AbortSignal.any([signal, AbortSignal.timeout(leftMs)]);
    const answer = await archive.ask({ ...question, signal: inTime });
    if (answer.isGood || answer.code !== searchProblems.busy || inTime.aborted) return answer;
    await delay(BUSY_MS, undefined, { signal: inTime }).catch(() => undefined);
  }
}

/** How many lines there are in it; null: nobody can tell in time. */
export async function countIn(
  archive: Archive,
  stretch: Stretch,
  signal: AbortSignal,
): Promise<number | null> {
  const answer = await askInTime(archive, { ...stretch, limit: 0 }, performance.now() + COUNT_MS, signal);
  return answer.isGood && answer.rest === null ? answer.matched : null;
}
