/**
 * A machine with a past: samples of any time, always the same for the same time, with days and nights, bursts and a noise that
 * looks like one. Written into a history store through its own door.
 */
import type { Sample } from '../../shared/schema/sample.ts';
import type { Filesystems } from '../../shared/schema/slow-tiers.ts';
import { defaultLadder } from '../../hub/history/store/ladder.ts';
import { HistoryStore } from '../../hub/history/store/history-store.ts';
import { filesystemsOf, sampleOf } from './observations.ts';

export interface PastStretch {
  /** Epoch milliseconds, `to` excluded. */
  from: number;
  to: number;
  /** Between two samples. Default 1,000. */
  intervalMs?: number;
}

export interface Spike {
  /** Epoch milliseconds. */
  from: number;
  to: number;
}

const DAY_MS = 86_400_000;
/** Its filesystems. */
const READ_EVERY_MS = 10_000;
const MINUTE_MS = 60_000;
const GIBIBYTE = 2 ** 30;
/** Held in memory at most before the store is waited for. */
const AT_ONCE = 20_000;

/** What a host measured at a time. In a spike its disk is full of writes and its CPU waits for it. */
export function pastSample(host: string, time: number, spikes: readonly Spike[] = []): Sample {
  const isSpike = spikes.some(({ from, to }) => time >= from && time < to);
  const day = 0.5 - 0.5 * Math.cos((2 * Math.PI * (time % DAY_MS)) / DAY_MS);
  const burst = noise(Math.floor(time / (7 * MINUTE_MS)), 1) > 0.9 ? 1 : 0;
  const user = 4 + 22 * day + 30 * burst * noise(time, 2) + 8 * noise(time, 3);
  const system = 2 + 6 * day + 4 * noise(time, 4) + (isSpike ? 14 : 0);
  const iowait = isSpike ? 45 + 8 * noise(time, 5) : noise(time, 6) > 0.97 ? 6 : 0.3;
  const idle = Math.max(0, 100 - user - system - iowait);
  const usedBytes = Math.round((1.2 + 0.8 * day + (isSpike ? 0.6 : 0)) * GIBIBYTE);
  const base = sampleOf(host, 0, { time });
  const [disk] = base.disks;
  const [net] = base.interfaces;
  return {
    ...base,
    uptimeSeconds: Math.floor((time % (30 * DAY_MS)) / 1000),
    cpu: {
      ...base.cpu,
      user,
      system,
      iowait,
      idle,
      cores: [user + system, (user + system) * noise(time, 7)],
    },
    load: { one: 0.2 + 2 * day + (isSpike ? 5 : 0), five: 0.2 + 1.8 * day, fifteen: 0.2 + 1.6 * day },
    memory: {
      ...base.memory,
      usedBytes,
      availableBytes: 4 * GIBIBYTE - usedBytes,
      cachedBytes: Math.round((1 + 0.4 * day) * GIBIBYTE),
    },
    disks: [
      {
        ...disk!,
        readBytesPerSecond: 2e5 * day * noise(time, 8),
        writeBytesPerSecond: isSpike ? 9e7 + 3e7 * noise(time, 9) : 4e5 * noise(time, 9) ** 3,
        utilisationPercent: isSpike ? 97 : 3 + 4 * noise(time, 10),
      },
    ],
    interfaces: [
      {
        ...net!,
        receiveBytesPerSecond: 2e5 * day * (0.5 + noise(time, 11)) + 3e6 * burst,
        transmitBytesPerSecond: 1e5 * day * (0.5 + noise(time, 12)),
      },
    ],
  };
}

/** Its disk of 100 GiB: 40 of them used, and 80 in a spike. */
export function pastFilesystems(host: string, time: number, spikes: readonly Spike[] = []): Filesystems {
  const isSpike = spikes.some(({ from, to }) => time >= from && time < to);
  const [mount] = filesystemsOf(host).mounts;
  const usedBytes = (isSpike ? 80 : 40) * GIBIBYTE;
  const totalBytes = 100 * GIBIBYTE;
  return {
    host,
    time,
    mounts: [{ ...mount!, totalBytes, usedBytes, availableBytes: totalBytes - usedBytes }],
  };
}

/** Fills the history of a data folder with stretches of a host's past. All of it is on the disk when it resolves; no hub may have the folder open. */
export async function keepPast(
  dataDir: string,
  host: string,
  stretches: readonly PastStretch[],
  spikes: readonly Spike[] = [],
): Promise<void> {
  await using store = new HistoryStore({
    dataDir,
    maxBytes: 4 * GIBIBYTE,
    ladder: defaultLadder,
    report: (trouble) => {
      throw trouble;
    },
  });
  let taken = 0;
  for (const { from, to, intervalMs = 1_000 } of stretches) {
    for (let time = from; time < to; time += intervalMs) {
      if (time % READ_EVERY_MS === 0) store.takeFilesystems(pastFilesystems(host, time, spikes));
      store.takeSample(pastSample(host, time, spikes));
      if (++taken % AT_ONCE === 0) await store.keep();
    }
  }
  await store.keep();
}

/** 0 to 1, the same for the same two numbers. */
function noise(time: number, kind: number): number {
  let bits = Math.imul(Math.floor(time / 1_000) ^ (kind * 0x9e3779b1), 0x85ebca6b);
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
  return ((bits ^ (bits >>> 16)) >>> 0) / 2 ** 32;
}
