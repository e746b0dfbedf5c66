/** The text of a bundle, record by record. */
import {
  BUNDLE_FORMAT,
  type BundleHead,
  type BundleOmission,
  type BundleRecord,
} from '../../shared/bundle/bundle-record.ts';
import { BundleWriter } from '../../shared/bundle/bundle-writer.ts';
import type { HistoryRecord } from '../../shared/schema/history.ts';
import { startTime } from './observations.ts';

export const bundleHead: Omit<BundleHead, 'kind'> = {
  format: BUNDLE_FORMAT,
  title: 'Disk full',
  from: startTime,
  to: startTime + 600_000,
  madeAt: startTime + 700_000,
  madeBy: 'Ana',
  hubVersion: '0.1.0',
  share: null,
  isRedacted: true,
};

/** A whole bundle of these records. */
export function bundleText(
  records: readonly Exclude<BundleRecord, { kind: 'end' }>[],
  head: Partial<BundleHead> = {},
  omissions: readonly BundleOmission[] = [],
): string {
  const texts: string[] = [];
  const writer = new BundleWriter({ ...bundleHead, ...head }, (text) => texts.push(text));
  for (const record of records) writer.add(record);
  for (const omission of omissions) writer.leaveOut(omission);
  writer.end();
  return texts.join('');
}

/** The answer about one host whose series have one value per second from the beginning of the window. */
export function historyParts(
  host: string,
  series: Readonly<Record<string, (number | null)[]>>,
  stepMs = 1_000,
): Extract<BundleRecord, { kind: 'history' }>[] {
  const { from, to } = bundleHead;
  const records: HistoryRecord[] = [
    {
      kind: 'begin',
      serverTime: to,
      from,
      to,
      stepMs,
      tierMs: stepMs,
      hosts: [{ host, intervalMs: 1_000, keptSince: from }],
      trouble: null,
    },
    ...Object.entries(series).map(([key, mean]): HistoryRecord => ({
      kind: 'columns',
      host,
      series: key,
      start: from,
      mean,
    })),
    { kind: 'gaps', host, gaps: [], marks: [] },
    { kind: 'end', reason: 'complete', values: 0 },
  ];
  return records.map((record) => ({ kind: 'history', record }));
}
