/** Readings of a disk that is this full: for long enough that the default rule fires, or clears. */
import { filesystemsOf } from './observations.ts';
import type { ScriptedObserver } from './scripted-observer.ts';

/** Seven readings of `percent`, one each ten seconds from `from` on (epoch milliseconds). */
export function fillDisk(observer: ScriptedObserver, percent: number, from: number, host = 'web-1'): void {
  const reading = filesystemsOf(host);
  const [mount] = reading.mounts;
  const mounts = [{ ...mount!, totalBytes: 100, usedBytes: percent, availableBytes: 100 - percent }];
  for (let index = 0; index <= 6; index++)
    observer.observe({ name: 'filesystems', data: { ...reading, time: from + index * 10_000, mounts } });
}
