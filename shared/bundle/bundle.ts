/** A bundle that has been read: all of it, in memory, by what is asked of it. */
import type { HistoryChanges, HistoryRecordOf, PastProcesses } from '../schema/history.ts';
import type { ArchivedLine } from '../schema/log-search.ts';
import type { BundledEvent, BundleHead, BundleOmission } from './bundle-record.ts';

/** The series of one host. */
export interface BundledHistory {
  stepMs: number;
  tierMs: number;
  intervalMs: number;
  columns: Map<string, HistoryRecordOf<'columns'>>;
  gaps: HistoryRecordOf<'gaps'>['gaps'];
  marks: HistoryRecordOf<'gaps'>['marks'];
}

export interface Bundle {
  head: BundleHead;
  /** Hosts before what is of them. */
  events: BundledEvent[];
  /** By host id. */
  history: Map<string, BundledHistory>;
  /** Oldest first. */
  lines: ArchivedLine[];
  /** By host, then by time. */
  processes: PastProcesses[];
  changes: HistoryChanges[];
  omissions: BundleOmission[];
}
