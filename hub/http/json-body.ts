/** Reads a JSON body: content type, size, depth and keys are checked before the schema sees it. */
import type { IncomingMessage } from 'node:http';
import { MAX_BODY_BYTES } from '../../shared/protocol.ts';
import { ProblemError } from './problem.ts';
import '../../shared/zod-words.ts';

/** Deepest nesting of arrays and objects. */
export const MAX_JSON_DEPTH = 32;

/** What of a schema is used here. */
export interface BodySchema<Value> {
  safeParse(
    value: unknown,
  ):
    | { success: true; data: Value }
    | { success: false; error: { issues: readonly { path: PropertyKey[]; message: string }[] } };
}

/** Throws a `ProblemError`: 415, 413 or 400, with what is wrong. */
export async function readJsonBody<Value>(
  request: IncomingMessage,
  schema: BodySchema<Value>,
  maxBytes = MAX_BODY_BYTES,
): Promise<Value> {
  const type = request.headers['content-type']?.split(';')[0]!.trim().toLowerCase();
  if (type !== 'application/json' || request.headers['content-encoding'] !== undefined) {
    throw new ProblemError(415, 'not-json', 'The body must be JSON, uncompressed.', {
      remedy: 'Send "Content-Type: application/json" and no Content-Encoding.',
    });
  }
  return fitBody(parseJson(await readBody(request, maxBytes)), schema);
}

/** Throws a 400 `ProblemError` that names the first field that does not fit. */
export function fitBody<Value>(value: unknown, schema: BodySchema<Value>): Value {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0]!;
  throw badBody(`The body does not fit: ${issue.path.join('.') || 'the whole'}: ${issue.message}.`);
}

/** Throws a 400 `ProblemError` for what is no JSON, too deep, or has a key that could reach a prototype. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_JSON_DEPTH) throw badBody(`The body is nested deeper than ${MAX_JSON_DEPTH}.`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw badBody('The body is not JSON.');
  }
  if (hasPrototypeKey(value)) throw badBody('The body has a key "__proto__".');
  return value;
}

export async function readBody(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<string> {
  return (await readBodyBytes(request, maxBytes)).toString('utf8');
}

/** By its events: leaving an async iterator early would destroy the socket before the answer is out. */
export function readBodyBytes(request: IncomingMessage, maxBytes = MAX_BODY_BYTES): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= maxBytes) chunks.push(chunk);
    else reject(tooLarge(maxBytes));
  });
  request.once('end', () => resolve(Buffer.concat(chunks)));
  request.once('error', reject);
  // By HTTP/2 a client that leaves is no error of the request. Once it is read this changes nothing.
  request.once('close', () => reject(new Error('The request ended before its body did')));
  return promise;
}

/** Without parsing: brackets outside of strings are counted. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  let isString = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at];
    if (isString) {
      if (character === '\\') at++;
      else if (character === '"') isString = false;
    } else if (character === '"') isString = true;
    else if (character === '[' || character === '{') deepest = Math.max(deepest, ++depth);
    else if (character === ']' || character === '}') depth--;
  }
  return deepest;
}

function hasPrototypeKey(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Object.hasOwn(value, '__proto__')) return true;
  return Object.values(value).some(hasPrototypeKey);
}

function tooLarge(maxBytes: number): ProblemError {
  return new ProblemError(413, 'body-too-large', `The body is larger than ${maxBytes} bytes.`, {
    remedy: 'Send less at once.',
    headers: { Connection: 'close' },
  });
}

function badBody(message: string): ProblemError {
  return new ProblemError(400, 'bad-body', message, {
    remedy: 'Correct the body; docs/protocol.md describes it.',
  });
}
