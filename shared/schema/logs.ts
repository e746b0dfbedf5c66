/** Log lines, and the sources they come from. */
import * as z from 'zod/mini';
import { logLevels } from '../log-level.ts';
import { hostId } from './host-id.ts';

export const sourceKind = z.enum(['file', 'journal', 'container', 'stdin', 'system']);

export const sourceState = z.enum(['following', 'waiting', 'denied', 'rotated', 'lagging', 'failed']);
export type SourceState = z.infer<typeof sourceState>;

/** A place log lines come from, and whether they do. */
export const logSource = z.object({
  host: hostId,
  /** Unique on its host; a file's path, or the journal's name. */
  id: z.string().check(z.minLength(1), z.maxLength(4096)),
  kind: sourceKind,
  /** Short name for the log row: "nginx/access.log", "sshd". */
  label: z.string().check(z.minLength(1), z.maxLength(255)),
  state: sourceState,
  /** Where state is not `following`: what is wrong and what to do, one sentence. */
  reason: z.nullable(z.string().check(z.maxLength(1024))),
  since: z.int(),
  /** Set on the last word of a source: it leaves the list of its host. Told again, it is listed anew. */
  gone: z.optional(z.literal(true)),
});
export type LogSource = z.infer<typeof logSource>;

export const logFieldValue = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type LogFieldValue = z.infer<typeof logFieldValue>;

export const logLine = z.object({
  host: hostId,
  /** Epoch milliseconds the line itself names, else when it was read. */
  time: z.int(),
  level: z.nullable(z.enum(logLevels)),
  /** The source's label. */
  source: z.string().check(z.maxLength(255)),
  /** The line without its end; controls and escapes are kept, and shown, never obeyed. */
  text: z.string(),
  /** From JSON and logfmt lines, nested keys joined by dots; at most 64. */
  fields: z.optional(z.record(z.string(), logFieldValue)),
  /** Set when the line was longer than 64 KiB and its rest was left out. */
  truncated: z.optional(z.literal(true)),
  /** Set when the line came late, out of an agent's spool: newer ones may stand before it. */
  late: z.optional(z.literal(true)),
});
export type LogLine = z.infer<typeof logLine>;
