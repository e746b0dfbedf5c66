/** Compares what a hub has kept with what happened on the agent's machine. */
import type { HarvestedRun, IntakeHarvest } from './intake-harvest.ts';

/**
 * What a killed agent's disk may be behind the log's writer: without a link lines are read every 1,500 ms (agent/shipping-agent.ts), flushed
 * within 500, and a loaded machine takes its time. What was not read is read by the next start: no line is lost.
 */
export const MOST_BEHIND_MS = 1_500 + 500 + 300;

/** One process of the agent, by `performance.now()`. */
export interface AgentLife {
  from: number;
  to: number;
  isKilled: boolean;
}

export interface Weighed {
  lines: number;
  samples: number;
  runs: number;
  /** Lines that are not there, or more than once. */
  linesLost: number[];
  linesDoubled: number[];
  /** Records that are there more than once, as run and sequence. */
  recordsDoubled: string[];
  /** The longest time before a SIGKILL from which its run has no record: `MOST_BEHIND_MS` at most. */
  worstBehindMs: number;
  /** SIGKILLs of which that could be told: the agent had caught up with the log before. */
  killsWeighed: number;
  /** Runs with a record missing before their newest. */
  holes: string[];
  damaged: number;
}

export interface AgentsSoakResult extends Weighed {
  link: 'relay' | 'cable';
  agentKills: number;
  hubKills: number;
  cuts: number;
  shifts: number;
}

/** `writtenAt[n]`: when line n was written. Lines before the agent was sure to follow the file may be missing: `warmUp` of them. */
export function weigh(
  harvest: IntakeHarvest,
  writtenAt: readonly number[],
  lives: readonly AgentLife[],
  warmUp: number,
): Weighed {
  const runs = [...harvest.runs];
  const times = writtenAt.map(() => 0);
  for (const [, { lines }] of runs) for (const { number } of lines) times[number]! += 1;
  const first = Math.min(
    warmUp,
    times.findIndex((count) => count > 0),
  );
  const numbersWhere = (isMeant: (count: number) => boolean) =>
    times.flatMap((count, number) => (number >= first && isMeant(count) ? [number] : []));
  const holes: string[] = [];
  let worstBehindMs = 0;
  let killsWeighed = 0;
  for (const [run, harvested] of runs) {
    const behindMs = behindOf(harvested, writtenAt, lives);
    if (behindMs !== null) killsWeighed++;
    worstBehindMs = Math.max(worstBehindMs, behindMs ?? 0);
    if (hasHole(harvested)) holes.push(run);
  }
  return {
    lines: writtenAt.length,
    samples: runs.reduce((sum, [, { samples }]) => sum + samples, 0),
    runs: runs.length,
    linesLost: numbersWhere((count) => count === 0),
    linesDoubled: numbersWhere((count) => count > 1),
    recordsDoubled: runs.flatMap(([run, { times: counts }]) =>
      counts.flatMap((count, at) => (count > 1 ? [`${run} ${at + 1}`] : [])),
    ),
    worstBehindMs,
    killsWeighed,
    holes,
    damaged: harvest.damaged,
  };
}

/**
 * The newest line of the log among a run's records says up to when records are there. Null: the
 * run was not killed, or had not caught up with the log by then.
 */
function behindOf(
  { lines }: HarvestedRun,
  writtenAt: readonly number[],
  lives: readonly AgentLife[],
): number | null {
  const at = writtenAt[Math.max(-1, ...lines.map(({ number }) => number))];
  const life = at === undefined ? undefined : lives.find(({ from, to }) => from <= at && at <= to);
  return life?.isKilled ? life.to - at! : null;
}

/** What a hub has of a run was on the agent's disk, in order: so nothing is missing before its newest. */
function hasHole({ times }: HarvestedRun): boolean {
  return Array.from(times, (count) => count ?? 0).includes(0);
}
