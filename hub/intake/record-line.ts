/** One line of a batch: parsed and checked by itself, so that a bad one costs nobody but itself. */
import { streamEvents, type Observation } from '../../shared/events.ts';
import type { ObservedHost } from '../../shared/observer.ts';
import {
  MAX_RECORD_BYTES,
  observedHost,
  uplinkRecord,
  type BatchAnswer,
} from '../../shared/schema/uplink.ts';
import { MAX_JSON_DEPTH } from '../http/json-body.ts';
import '../../shared/zod-words.ts';

interface Place {
  run: string;
  seq: number;
}

/** A record as it is meant: `data` fits `name`, and is of the host that sent it. */
export type IntakeRecord = Place & { mono: number } & (
    Observation | { name: 'describe'; data: ObservedHost }
  );
export type Refusal = BatchAnswer['refused'][number];
export type ReadLine = { record: IntakeRecord; refusal?: never } | { refusal: Refusal; record?: never };

/** `expected`: its place where the line does not say it legibly, which is the one after the line before. */
export function readRecordLine(line: Buffer, host: string, expected: Place): ReadLine {
  if (line.length > MAX_RECORD_BYTES) {
    const place = placeIn(line.toString('latin1', 0, 512), expected);
    return refuse(place, 'record-too-large', `The record is larger than ${MAX_RECORD_BYTES} bytes.`);
  }
  const text = line.toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse(placeIn(text.slice(0, 512), expected), 'not-json', 'The record is not JSON.');
  }
  const envelope = uplinkRecord.safeParse(value);
  if (!envelope.success) {
    return refuse(
      placeIn(text.slice(0, 512), expected),
      'bad-record',
      `The record does not fit: ${firstIssue(envelope.error)}.`,
    );
  }
  const { run, seq, mono, name, data } = envelope.data;
  const fault = faultOf(value, MAX_JSON_DEPTH);
  if (fault !== null) return refuse({ run, seq }, 'bad-record', fault);
  const schema = name === 'describe' ? observedHost : streamEvents[name].schema;
  const parsed = schema.safeParse(data);
  if (!parsed.success) {
    return refuse({ run, seq }, 'bad-record', `The ${name} does not fit: ${firstIssue(parsed.error)}.`);
  }
  const about = 'id' in parsed.data && name === 'describe' ? parsed.data.id : hostIn(parsed.data);
  if (about !== host) {
    return refuse({ run, seq }, 'foreign-host', `The ${name} is of another host than this agent's, ${host}.`);
  }
  return { record: { run, seq, mono, name, data: parsed.data } as IntakeRecord };
}

function refuse({ run, seq }: Place, code: string, message: string): ReadLine {
  return { refusal: { run, seq, code, message: message.slice(0, 1024) } };
}

function hostIn(data: object): unknown {
  return 'host' in data ? data.host : null;
}

function firstIssue(error: { issues: readonly { path: PropertyKey[]; message: string }[] }): string {
  const issue = error.issues[0]!;
  return `${issue.path.join('.') || 'the whole'}: ${issue.message}`;
}

/** What a line that is no record says of its place, so that its sender knows which one was meant. */
function placeIn(beginning: string, expected: Place): Place {
  const run = /"run"\s*:\s*"([a-z0-9]{4,32})"/.exec(beginning)?.[1];
  const seq = Number(/"seq"\s*:\s*(\d{1,15})\b/.exec(beginning)?.[1] ?? 0);
  return run !== undefined && seq > 0 ? { run, seq } : expected;
}

/** By hand, because every record passes here: too deep, or a key that could reach a prototype. */
function faultOf(value: unknown, depth: number): string | null {
  if (typeof value !== 'object' || value === null) return null;
  if (depth === 0) return `The record is nested deeper than ${MAX_JSON_DEPTH}.`;
  for (const key in value) {
    if (key === '__proto__') return 'The record has a key "__proto__".';
    const fault = faultOf((value as Record<string, unknown>)[key], depth - 1);
    if (fault !== null) return fault;
  }
  return null;
}
