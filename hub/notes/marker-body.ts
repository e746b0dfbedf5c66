/**
 * What a script sends to `POST /api/v1/events`, in whatever way is easiest for it: JSON; the fields of a form; or plain text,
 * whose first line is the title. `curl -d` calls all of them a form, so the text itself decides.
 */
import type { IncomingHttpHeaders } from 'node:http';
import { markerRequest } from '../../shared/schema/notes.ts';
import { parseJson } from '../http/json-body.ts';
import { ProblemError } from '../http/problem.ts';

const types = new Set(['application/json', 'text/plain', 'application/x-www-form-urlencoded']);
const fields = new Set(Object.keys(markerRequest.shape));

/** Throws a 415 or 400 `ProblemError`; the answer is still to be checked. */
export function markerFields(headers: IncomingHttpHeaders, body: string): unknown {
  const type = headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  const isReadable = type === undefined || types.has(type);
  if (!isReadable || headers['content-encoding'] !== undefined) {
    throw new ProblemError(415, 'not-an-event', 'An event is JSON, a form or plain text, uncompressed.', {
      remedy: 'Send the title as text/plain, or JSON as application/json.',
    });
  }
  const text = body.trim();
  if (type === 'application/json' || text.startsWith('{')) return parseJson(text);
  return (type === 'text/plain' ? null : formFields(text)) ?? textFields(text);
}

/** Null where it is no form of ours: "a=b" may be a title. */
function formFields(text: string): Record<string, unknown> | null {
  const pairs = [...new URLSearchParams(text)];
  const isOurs = pairs.some(([name]) => name === 'title') && pairs.every(([name]) => fields.has(name));
  if (!isOurs) return null;
  return Object.fromEntries(pairs.map(([name, value]) => [name, formValue(name, value)]));
}

function formValue(name: string, value: string): unknown {
  if (name === 'tags') return value.split(',').map((tag) => tag.trim());
  return name === 'time' && /^\d+$/.test(value) ? Number(value) : value;
}

function textFields(text: string): Record<string, unknown> {
  const [title, ...rest] = text.split(/\r\n|\r|\n/);
  const more = rest.join('\n').trim();
  return more === '' ? { title } : { title, text: more };
}
