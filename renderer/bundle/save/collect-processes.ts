/** What was running: the hub's answer about the whole window, and about parts of it, so that a spike within it can be looked at. */
import { paths } from '../../../shared/protocol.ts';
import { historyProblems, pastProcesses, type PastProcesses } from '../../../shared/schema/history.ts';
import { askHub } from '../../app/ask-hub.ts';
import { bundleMessages } from '../bundle-messages.ts';
import type { Collecting } from './collect-bundle.ts';

/** Parts of the window, of each host; fewer where there are many hosts. */
const MOST_PARTS = 24;
const MOST_QUESTIONS = 240;
/** The hub keeps a table every ten seconds. */
const TABLE_MS = 10_000;
const TIMEOUT_MS = 20_000;

export async function collectProcesses(collecting: Collecting): Promise<void> {
  const { wish, onStep, nameOf, writer, breathe } = collecting;
  for (const host of wish.hosts) {
    onStep(bundleMessages.save.steps.processes(nameOf(host)));
    for (const { from, to } of windowsOf(wish)) {
      const answer = await askProcesses(collecting, host, from, to);
      if (answer === null) {
        writer.leaveOut({ what: 'processes', host: null, why: bundleMessages.omissions.noHistory });
        return;
      }
      if (typeof answer === 'string') {
        writer.leaveOut({ what: 'processes', host, why: answer });
        break;
      }
      if (!writer.add({ kind: 'processes', answer })) {
        writer.leaveOut({ what: 'processes', host, why: bundleMessages.omissions.noRoom });
        break;
      }
      await breathe();
    }
  }
}

/** The whole window, then its parts. */
function windowsOf({ from, to, hosts }: Collecting['wish']): { from: number; to: number }[] {
  const count = Math.max(1, Math.min(MOST_PARTS, Math.floor(MOST_QUESTIONS / hosts.length)));
  const partMs = Math.max(TABLE_MS, Math.ceil((to - from) / count / TABLE_MS) * TABLE_MS);
  const windows = [{ from, to }];
  if (partMs >= to - from) return windows;
  for (let start = from; start < to; start += partMs)
    windows.push({ from: start, to: Math.min(to, start + partMs) });
  return windows;
}

/** A sentence: why there is none of this host. Null: the hub keeps no history. */
async function askProcesses(
  { wish, signal, redactText }: Collecting,
  host: string,
  from: number,
  to: number,
): Promise<PastProcesses | string | null> {
  const question = new URLSearchParams({ host, from: String(from), to: String(to) });
  const answer = await askHub(`${paths.historyProcesses}?${question.toString()}`, pastProcesses, {
    signal,
    timeoutMs: TIMEOUT_MS,
  });
  signal.throwIfAborted();
  if (!answer.isGood) {
    const isOff = ['not-found', historyProblems.off].includes(answer.code);
    return isOff ? null : answer.sentence;
  }
  const isPart = from !== wish.from || to !== wish.to;
  const rows = answer.value.rows
    // The part before is told by itself.
    .map((row) => (isPart ? { ...row, before: null } : row))
    .filter(({ now, before }) => now !== null || before !== null)
    .map((row) => ({
      ...row,
      name: redactText(row.name),
      command: redactText(row.command),
      user: redactText(row.user),
    }));
  return { ...answer.value, rows };
}
