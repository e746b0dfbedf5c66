/** Asks this machine's hub as its owner: its runtime file says where it is, and with which token. */
import { request as requestPlain, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { pinnedTo } from '../link/tls/pinned.ts';
import { readRuntimeFile } from '../hub/runtime-file.ts';
import type { RuntimeFile } from '../shared/schema/runtime-file.ts';
import { problem } from '../shared/snapshot.ts';
import { RefusedError } from './refused-error.ts';

const ANSWER_LIMIT_MS = 10_000;
/** The list of as many agents as a hub takes has under a megabyte; that of their hosts, with all that is known of them, some twenty. */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

export interface Question {
  method: 'GET' | 'POST' | 'DELETE';
  path: string;
  /** Sent as JSON. Default none. */
  body?: unknown;
}

/** `schema`: what a success holds; null: nothing. Throws a `RefusedError`, with the hub's own words where it has said any. */
export async function askOwnHub<Value>(
  dataDir: string,
  schema: { parse(value: unknown): Value } | null,
  question: Question,
): Promise<Value | null> {
  const hub = runningHub(dataDir);
  const [status, text] = await exchange(hub, question).catch((cause: unknown) => {
    throw new RefusedError(
      `The hub at ${hub.url} does not answer: ${(cause as Error).message}.`,
      'Is it running? "watchline doctor" looks.',
      cause,
    );
  });
  if (status < 200 || status > 299) throw refusal(hub, status, text);
  return schema === null ? null : schema.parse(JSON.parse(text));
}

/** Throws a `RefusedError` where none runs on this data folder. */
function runningHub(dataDir: string): RuntimeFile {
  const hub = readRuntimeFile(dataDir);
  if (hub !== null) return hub;
  throw new RefusedError(
    `No hub runs on this machine (there is no hub.json in ${dataDir}).`,
    'Start one with "watchline hub", or name its data folder with --data.',
  );
}

async function exchange(hub: RuntimeFile, { method, path, body }: Question): Promise<[number, string]> {
  const isSecure = hub.url.startsWith('https:');
  const send = isSecure ? (await import('node:https')).request : requestPlain;
  const signal = AbortSignal.timeout(ANSWER_LIMIT_MS);
  const request = send(new URL(path, hub.url), {
    ...(hub.certificateFile !== null && pinnedTo(hub.certificateFile)),
    method,
    agent: false,
    signal,
    headers: {
      authorization: `Bearer ${hub.token}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
  });
  request.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(request, 'response', { signal })) as [IncomingMessage];
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`its answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return [response.statusCode ?? 0, Buffer.concat(chunks).toString('utf8')];
}

function refusal(hub: RuntimeFile, status: number, text: string): RefusedError {
  try {
    const { message, remedy } = problem.parse(JSON.parse(text)).error;
    return new RefusedError(message, remedy ?? 'Check what was asked.');
  } catch (cause) {
    return new RefusedError(
      `${hub.url} answered ${status}, and not as a hub does.`,
      'Another program may listen there: start the hub again.',
      cause,
    );
  }
}
