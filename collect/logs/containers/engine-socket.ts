/** Talks to a container engine over its socket: Docker's Engine API, which Podman serves as well. It only ever asks. */
import type { Buffer } from 'node:buffer';
import { request, type IncomingMessage } from 'node:http';

/** A list of a thousand containers with their labels is some 2 MB. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;
const ANSWER_MS = 10_000;

/** The engine answered, and with something else than what was asked for. */
export class EngineAnswerError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'EngineAnswerError';
    this.status = status;
  }
}

/** Throws an EngineAnswerError, or the system's error where nobody answers. */
export async function askEngine(socketPath: string, path: string, signal: AbortSignal): Promise<unknown> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS)]);
  const answer = await openEngine(socketPath, path, limit);
  let text = '';
  answer.setEncoding('utf8');
  for await (const chunk of answer) {
    text += String(chunk);
    if (text.length > MAX_ANSWER_BYTES) throw new EngineAnswerError(200, 'The answer is too long.');
  }
  return JSON.parse(text);
}

/** An answer without end, handed over as it comes, and read on when that is done. Resolves when it ends; rejects like `askEngine`. */
export async function followEngine(
  socketPath: string,
  path: string,
  signal: AbortSignal,
  onChunk: (chunk: Buffer) => Promise<void> | void,
): Promise<void> {
  const answer = await openEngine(socketPath, path, signal);
  for await (const chunk of answer) await onChunk(chunk as Buffer);
}

async function openEngine(socketPath: string, path: string, signal: AbortSignal): Promise<IncomingMessage> {
  const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
  const asked = request({ socketPath, path, signal, headers: { Host: 'engine' }, agent: false }, resolve);
  asked.once('error', reject).end();
  const answer = await promise;
  const status = answer.statusCode ?? 0;
  if (status === 200) return answer;
  let text = '';
  for await (const chunk of answer) if (text.length < 1024) text += String(chunk);
  throw new EngineAnswerError(status, messageOf(text));
}

function messageOf(text: string): string {
  try {
    const { message } = JSON.parse(text) as { message?: unknown };
    return (typeof message === 'string' ? message : text).slice(0, 500);
  } catch {
    return text.slice(0, 500);
  }
}
