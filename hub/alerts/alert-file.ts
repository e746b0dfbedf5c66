/** `alerts.ndjson`: what fired on this hub's hosts, from when to when. */
import path from 'node:path';
import { alert, ALERTS_PAST_MS, type Alert } from '../../shared/schema/alerts.ts';
import { TimelineFile } from '../timeline-file.ts';

/**
 * Two lines an alert, mostly: some four thousand of them before it is written anew, with one line each. What fires is kept besides, at most
 * `MAX_FIRING` times `MAX_SUBJECT_LENGTH` of it.
 */
const MAX_ALERT_FILE_BYTES = 2 * 1024 * 1024;

export function alertFileIn(folder: string): TimelineFile<Alert> {
  return new TimelineFile({
    path: path.join(folder, 'alerts.ndjson'),
    maxBytes: MAX_ALERT_FILE_BYTES,
    schema: alert,
    spanOf: ({ since, endedAt }) => ({ from: since, to: endedAt ?? Infinity }),
    ownerOf: ({ host }) => host,
    isKept: ({ endedAt }) => endedAt === null || endedAt >= Date.now() - ALERTS_PAST_MS,
  });
}
