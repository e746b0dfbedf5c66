/** Alerts: what a rule of the hub found on one host, from when to when; and the rules themselves. */
import * as z from 'zod/mini';
import { hostId } from './host-id.ts';
import { noteId } from './notes.ts';

/** A snapshot holds what fires, and of what ended within this time the newest so many. */
export const ALERTS_KEPT_MS = 24 * 3_600_000;
export const MAX_ALERTS = 500;

/** Alerts are kept for as long as notes are, and `GET /api/v1/alerts` reaches as far. */
export const ALERTS_PAST_MS = 2 * 366 * 24 * 3_600_000;

/** Longest time a rule may wait before it fires, or clears: a day. */
export const MAX_RULE_WAIT_MS = 24 * 3_600_000;

/**
 * What rules watch: the busy share of the whole CPU, the used share of memory, the used share of each writable filesystem as `df` tells it,
 * and whether a host is silent. hub/alerts/default-rules.ts has the rule that each begins with.
 */
export const alertMeasures = ['cpu', 'memory', 'disk', 'offline'] as const;
export const alertMeasure = z.enum(alertMeasures);
export type AlertMeasure = z.infer<typeof alertMeasure>;

/** `warn`: worth a look; `crit`: worth being called for. */
export const alertLevel = z.enum(['warn', 'crit']);
export type AlertLevel = z.infer<typeof alertLevel>;

const percent = z.number().check(z.minimum(0), z.maximum(100));
const wait = z.int().check(z.minimum(0), z.maximum(MAX_RULE_WAIT_MS));

/** "When [measure] is above [90 %] for [5 min], clear below [80 %] for [2 min]", on all hosts. There is one per measure. */
export const alertRule = z.object({
  measure: alertMeasure,
  level: alertLevel,
  isArmed: z.boolean(),
  /** Percent. Null of what has no amount, such as silence. */
  above: z.nullable(percent),
  /** How long it must hold before the rule fires. */
  forMs: wait,
  /** Percent, at most `above`; null where that is. */
  clearBelow: z.nullable(percent),
  /** How long that must hold before the alert ends. */
  clearForMs: wait,
});
export type AlertRule = z.infer<typeof alertRule>;

/** `GET /api/v1/alerts/rules`, and the answer to a change. */
export const alertRules = z.object({ rules: z.array(alertRule) });
export type AlertRules = z.infer<typeof alertRules>;

/** `PATCH /api/v1/alerts/rules/:measure`: what is left out stays as it is. */
export const alertRuleChange = z.strictObject({
  level: z.optional(alertLevel),
  isArmed: z.optional(z.boolean()),
  above: z.optional(percent),
  forMs: z.optional(wait),
  clearBelow: z.optional(percent),
  clearForMs: z.optional(wait),
});
export type AlertRuleChange = z.infer<typeof alertRuleChange>;

/**
 * One time that a rule fired on a host. Told when it fires, when it is acknowledged, when it has become worse and when it ends: the newest of one
 * id counts.
 */
export const alert = z.object({
  id: noteId,
  host: hostId,
  measure: alertMeasure,
  /** Of a filesystem its mount; null of what a host has one of. */
  subject: z.nullable(z.string().check(z.minLength(1), z.maxLength(4096))),
  level: alertLevel,
  /** Epoch milliseconds since when it held: `forMs` before it fired, or more. */
  since: z.int(),
  firedAt: z.int(),
  /** Null: it fires. Equal to `firedAt`: it ended before the share began that it is told to, where it is to be forgotten. */
  endedAt: z.nullable(z.int()),
  /** Why it ended: what was measured, or nobody looks any more (the rule was disarmed, the host removed, the filesystem unmounted). */
  ending: z.nullable(z.enum(['cleared', 'dropped'])),
  /** Percent that the rule fires above; null of silence. */
  above: z.nullable(percent),
  /** The greatest that was measured by when this was told, in percent; null of silence. */
  peak: z.nullable(percent),
  /** Somebody has seen it; null: nobody said so. */
  acknowledgedAt: z.nullable(z.int()),
});
export type Alert = z.infer<typeof alert>;

/** `GET /api/v1/alerts?from=&to=&hosts=`: those that fired, or went on, within a stretch of time, both ends included. */
export const pastAlerts = z.object({
  from: z.int(),
  to: z.int(),
  /** By `firedAt`, oldest first; at most 500: the newest. */
  alerts: z.array(alert),
  /** There are older ones in the stretch, which are left out. */
  isCut: z.boolean(),
});
export type PastAlerts = z.infer<typeof pastAlerts>;

/** `POST /api/v1/alerts/:id/acknowledge` */
export const alertAnswer = z.object({ alert });
export type AlertAnswer = z.infer<typeof alertAnswer>;
