/** Observes this machine for a hub elsewhere: the machine agent, a spool, and the uplink, wired together. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { WatchlineError } from '../shared/errors.ts';
import { LogProgress } from './log-progress.ts';
import { createMachineAgent, type AgentOptions } from './machine-agent.ts';
import { PausableObserver } from './pausable-observer.ts';
import type { Pairing } from './pairing/pairing-file.ts';
import { openSpool, type Spool } from './spool/spool.ts';
import { openHubConnection } from './uplink/hub-connection.ts';
import { createUplink } from './uplink/uplink.ts';
import type { UplinkNews } from './uplink/uplink-news.ts';

export interface ShippingAgentOptions {
  pairing: Pairing;
  /** What is observed, and how. `dataDir` holds the spool too. */
  machine: Omit<AgentOptions, 'hostId' | 'progress'>;
  spool: { maxBytes: number; maxAgeMs: number };
  /** The first batch waits up to this long, by chance: a fleet that starts together spreads. Default 0. */
  spreadMs?: number;
  report: (news: UplinkNews) => void;
  /** Trouble with the spool's disk, and its end (null). */
  reportDisk: (trouble: WatchlineError | null) => void;
}

export interface ShippingAgent extends AsyncDisposable {
  /** The machine is about to sleep: the hub is told, so that nobody takes its silence for trouble. */
  sleepSoon(): Promise<void>;
}

/**
 * Lines leave with the next batch, whenever they were read, so they are read for it (`beforeLive`): each read of a file costs as
 * much as many lines. While no batch leaves, they are read this often.
 */
const READ_PAUSE_MS = 1_500;

/** Resolves once observing has begun, whether or not the hub can be reached. Throws a `SegmentLogError`. */
export async function startShippingAgent(options: ShippingAgentOptions): Promise<ShippingAgent> {
  const { pairing, machine, report, reportDisk, spreadMs = 0 } = options;
  await using opened = new AsyncDisposableStack();
  const run = randomBytes(6).toString('hex');
  const startedAt = performance.now();
  const mono = (): number => Math.round(performance.now() - startedAt);
  const url = new URL(pairing.hub);

  const progress = new LogProgress();
  const spool: Spool = opened.use(
    await openSpool({
      dir: join(machine.dataDir, 'spool'),
      run,
      host: pairing.host,
      mono,
      report: reportDisk,
      state: progress,
      ...options.spool,
    }),
  );
  const connection = opened.use(await openHubConnection({ url, trust: pairing.trust }));
  const uplink = createUplink({
    spool,
    connection,
    url,
    token: pairing.token,
    run,
    agentVersion: machine.version,
    mono,
    report,
    onPause: (isPaused) => observing.setPaused(isPaused),
    beforeLive: () => progress.catchUp(),
    spreadMs,
  });
  opened.use(uplink);
  const observing = opened.use(
    new PausableObserver((isAfterPause) => {
      // What was written while the owner wanted nothing observed is not read afterwards.
      if (isAfterPause) progress.forget();
      const logs = {
        readPauseMs: READ_PAUSE_MS,
        ...machine.logs,
        ...(isAfterPause && { backlogBytes: 0 }),
      };
      return createMachineAgent({ ...machine, logs, hostId: pairing.host, progress });
    }),
  );
  await observing.start(uplink);
  const closing = opened.move();
  return {
    sleepSoon: () => uplink.leave('asleep'),
    [Symbol.asyncDispose]: () => closing.disposeAsync(),
  };
}
