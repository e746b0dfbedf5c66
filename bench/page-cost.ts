/** What a page costs its browser, by the browser's own account (DevTools protocol). */
import type { CDPSession, Page } from '@playwright/test';

export async function openCosts(page: Page): Promise<CDPSession> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
  return devtools;
}

/** Seconds of thread time by name, since the page began (DevTools protocol, Performance domain). */
export async function threadSeconds(devtools: CDPSession): Promise<Record<string, number>> {
  const { metrics: list } = await devtools.send('Performance.getMetrics');
  return Object.fromEntries(list.map(({ name, value }) => [name, value]));
}

/** What is still held after garbage was collected twice: the first time also runs finalisers. */
export async function heapBytes(devtools: CDPSession): Promise<number> {
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('HeapProfiler.collectGarbage');
  return (await devtools.send('Runtime.getHeapUsage')).usedSize;
}

/** `sorted`: ascending, at least one. `share` from 0 to 1. */
export function percentile(sorted: readonly number[], share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)]!;
}
