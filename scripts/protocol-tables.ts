/**
 * The field tables of docs/protocol.md, made from the schemas. `node scripts/protocol-tables.ts` writes them
 * between the document's markers; a contract test fails where they differ.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod/mini';
import { streamEvents } from '../shared/events.ts';
import { hubNumbers } from '../shared/hub-numbers.ts';
import {
  sessionsAnswer,
  ticketAnswer,
  tokenAnswer,
  tokenRequest,
  tokensAnswer,
  whoAnswer,
} from '../shared/schema/access.ts';
import { alertAnswer, alertRuleChange, alertRules, pastAlerts } from '../shared/schema/alerts.ts';
import { auditAnswer } from '../shared/schema/audit.ts';
import { historyChanges, pastProcesses } from '../shared/schema/history.ts';
import {
  exporterRequest,
  exportersAnswer,
  remoteWriteRequest,
  remoteWritesAnswer,
} from '../shared/schema/interop.ts';
import { contextAnswer } from '../shared/schema/log-search.ts';
import { markerRequest, noteAnswer, noteRequest, pastNotes } from '../shared/schema/notes.ts';
import { reachAnswer, reachChange, reachTestAnswer, reachTestRequest } from '../shared/schema/reach.ts';
import {
  pointerRequest,
  presenceRequest,
  previewAnswer,
  shareAnswer,
  shareChange,
  shareRequest,
  sharesAnswer,
  shareSessionRequest,
} from '../shared/schema/shares.ts';
import { sessionRequest } from '../shared/schema/access.ts';
import { hostsAnswer, problem } from '../shared/snapshot.ts';

/** The part of JSON Schema that the schemas use. */
interface Shape {
  type?: string | string[];
  const?: unknown;
  enum?: unknown[];
  anyOf?: Shape[];
  items?: Shape;
  properties?: Record<string, Shape>;
  additionalProperties?: Shape | boolean;
  required?: string[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
}

// Prettier would pad the tables: it is told to leave them as they are written here.
const begin = '<!-- fields: written by scripts/protocol-tables.ts -->\n<!-- prettier-ignore-start -->';
const end = '<!-- prettier-ignore-end -->';
const document = path.join(import.meta.dirname, '../docs/protocol.md');

/** All tables, in the order of the events. */
export function protocolTables(): string {
  const events = Object.entries(streamEvents).map(([name, { channel, delivery, schema }]) => {
    const rule =
      channel === null ? 'made for one stream' : `channel \`${channel}\`, delivery \`${delivery}\``;
    return `#### \`${name}\`\n\n${rule[0]!.toUpperCase()}${rule.slice(1)}.\n\n${tableOf(schema)}`;
  });
  const answers = [
    ['Answer of `GET /api/v1/hosts`', hostsAnswer],
    ['Answer of `GET /api/v1/hub`', hubNumbers],
    ['Answer of `GET /api/v1/logs/context`', contextAnswer],
    ['Answer of `GET /api/v1/history/processes`', pastProcesses],
    ['Answer of `GET /api/v1/history/changes`', historyChanges],
    ['Body of `POST /api/v1/exporters`', exporterRequest],
    ['Answer of `GET /api/v1/exporters`', exportersAnswer],
    ['Body of `POST /api/v1/remote-writes`', remoteWriteRequest],
    ['Answer of `GET /api/v1/remote-writes`', remoteWritesAnswer],
    ['Body of `POST /api/v1/notes`', noteRequest],
    ['Body of `POST /api/v1/events`', markerRequest],
    ['Answer of `POST /api/v1/notes` and `POST /api/v1/events`', noteAnswer],
    ['Answer of `GET /api/v1/notes`', pastNotes],
    ['Answer of `GET /api/v1/alerts`', pastAlerts],
    ['Answer of `POST /api/v1/alerts/<id>/acknowledge`', alertAnswer],
    ['Answer of `GET /api/v1/alerts/rules`', alertRules],
    ['Body of `PATCH /api/v1/alerts/rules/<measure>`', alertRuleChange],
    ['Body of `POST /api/v1/session`', sessionRequest],
    ['Answer of `GET /api/v1/session`', whoAnswer],
    ['Answer of `GET /api/v1/sessions`', sessionsAnswer],
    ['Body of `POST /api/v1/tokens`', tokenRequest],
    ['Answer of `POST /api/v1/tokens`', tokenAnswer],
    ['Answer of `GET /api/v1/tokens`', tokensAnswer],
    ['Answer of `POST /api/v1/tickets`', ticketAnswer],
    ['Body of `POST /api/v1/shares`', shareRequest],
    ['Answer of `POST /api/v1/shares`', shareAnswer],
    ['Answer of `GET /api/v1/shares`', sharesAnswer],
    ['Body of `PATCH /api/v1/shares/:id`', shareChange],
    ['Answer of `POST /api/v1/shares/:id/preview`', previewAnswer],
    ['Body of `POST /s/<id>/session`', shareSessionRequest],
    ['Body of `POST /api/v1/presence`', presenceRequest],
    ['Body of `POST /api/v1/pointers`', pointerRequest],
    ['Answer of `GET /api/v1/audit`', auditAnswer],
    ['Answer of `GET` and `PUT /api/v1/reach`', reachAnswer],
    ['Body of `PUT /api/v1/reach`', reachChange],
    ['Body of `POST /api/v1/reach/test`', reachTestRequest],
    ['Answer of `POST /api/v1/reach/test`', reachTestAnswer],
    ['Body of every answer that is not a success', problem],
  ] as const;
  const bodies = answers.map(([title, schema]) => `#### ${title}\n\n${tableOf(schema)}`);
  return [...events, ...bodies].join('\n');
}

/** The document with its tables replaced. Throws where it has no markers. */
export function withTables(text: string): string {
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error('docs/protocol.md has lost its field markers');
  return `${text.slice(0, from + begin.length)}\n\n${protocolTables()}\n${text.slice(to)}`;
}

function tableOf(schema: z.ZodMiniType): string {
  const rows = rowsOf(z.toJSONSchema(schema) as Shape, '');
  return `| Field | Type |\n|---|---|\n${rows.map(([field, type]) => `| \`${field}\` | ${type} |\n`).join('')}`;
}

function rowsOf(shape: Shape, prefix: string): [field: string, type: string][] {
  return Object.entries(shape.properties ?? {}).flatMap(([name, property]) => {
    const field = `${prefix}${name}${shape.required?.includes(name) ? '' : '?'}`;
    const { inner, isNullable } = withoutNull(property);
    const nested = inner.type === 'array' ? { shape: inner.items!, mark: '[]' } : { shape: inner, mark: '' };
    const own: [string, string] = [field, typeOf(inner) + (isNullable ? ' or null' : '')];
    return [own, ...rowsOf(nested.shape, `${field}${nested.mark}.`)];
  });
}

function withoutNull(shape: Shape): { inner: Shape; isNullable: boolean } {
  const others = shape.anyOf?.filter(({ type }) => type !== 'null');
  if (others === undefined || others.length !== 1) return { inner: shape, isNullable: false };
  return { inner: others[0]!, isNullable: true };
}

function typeOf(shape: Shape): string {
  if (shape.enum) return shape.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (shape.const !== undefined) return `\`${JSON.stringify(shape.const)}\``;
  if (shape.anyOf) return shape.anyOf.map(typeOf).join(' or ');
  if (shape.type === 'array') {
    return `list of ${typeOf(shape.items!)}${shape.maxItems === undefined ? '' : `, at most ${shape.maxItems}`}`;
  }
  if (shape.type === 'object' && typeof shape.additionalProperties === 'object') {
    return `object of ${typeOf(shape.additionalProperties)} by name`;
  }
  if (Array.isArray(shape.type)) return shape.type.join(' or ');
  return `${shape.type ?? 'any'}${boundsOf(shape)}`;
}

function boundsOf({ type, minimum, maximum, minLength, maxLength, pattern }: Shape): string {
  if (pattern !== undefined) return ` like \`${pattern.replaceAll('|', '\\|')}\``;
  if (type === 'string') {
    if (maxLength === undefined) return minLength === undefined ? '' : `, at least ${minLength} long`;
    return `, ${minLength ?? 0} to ${maxLength} long`;
  }
  // Whole numbers are safe integers by nature: that bound says nothing.
  const low = minimum === undefined || minimum <= Number.MIN_SAFE_INTEGER ? null : minimum;
  const high = maximum === undefined || maximum >= Number.MAX_SAFE_INTEGER ? null : maximum;
  if (low !== null && high !== null) return `, ${low} to ${high}`;
  if (low !== null) return `, at least ${low}`;
  return high === null ? '' : `, at most ${high}`;
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(document, withTables(readFileSync(document, 'utf8')));
}
