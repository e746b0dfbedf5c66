/** One question to the hub's REST side, and its answer: checked, or as a sentence to show. */
import { problem } from '../../shared/snapshot.ts';
import { messages } from '../messages.ts';
import { shareHeaders } from '../session/share-address.ts';
import { patiently } from './patiently.ts';

export type HubAnswer<Value> =
  | { isGood: true; value: Value }
  /** `sentence` is for people; `code` is the problem's, '' where the hub did not say one. */
  | { isGood: false; sentence: string; code: string };

export interface HubQuestion {
  /** Default GET. */
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  body?: object;
  /** Asks with this bearer token in the place of the page's cookie. */
  token?: string;
  /** Of each try; default ten seconds. */
  timeoutMs?: number;
  signal?: AbortSignal;
}

/** What checks an answer: a schema of shared/. */
interface AnswerSchema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false };
}

/** Longer than a disk that is slow, shorter than a person's patience. */
const TIMEOUT_MS = 10_000;

/** `schema` null: whatever comes with a success will do. Waits where the hub answers as many as it may already. Never throws. */
export function askHub<Value>(
  path: string,
  schema: AnswerSchema<Value> | null,
  question: HubQuestion = {},
): Promise<HubAnswer<Value>> {
  return patiently(question.signal, () => askOnce(path, schema, question));
}

async function askOnce<Value>(
  path: string,
  schema: AnswerSchema<Value> | null,
  { method = 'GET', body, token, timeoutMs = TIMEOUT_MS, signal }: HubQuestion,
): Promise<HubAnswer<Value>> {
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(path, {
      method,
      headers: {
        ...shareHeaders(),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    const text = await response.text();
    const value: unknown = text === '' ? null : JSON.parse(text);
    if (!response.ok) return refusalOf(value);
    if (schema === null) return { isGood: true, value: value as Value };
    const parsed = schema.safeParse(value);
    return parsed.success ? { isGood: true, value: parsed.data } : unclear;
  } catch {
    return { isGood: false, sentence: messages.hub.unreachable, code: '' };
  }
}

/** For what is only done or not done: null, or why it was not. */
export async function sentenceOf(asked: Promise<HubAnswer<unknown>>): Promise<string | null> {
  const answer = await asked;
  return answer.isGood ? null : answer.sentence;
}

/** Something came that this page does not understand. */
export const unclear: HubAnswer<never> = { isGood: false, sentence: messages.hub.unclear, code: '' };

/** Why the hub did not answer what was asked, from the body it sent instead. */
export function refusalOf(value: unknown): HubAnswer<never> {
  const parsed = problem.safeParse(value);
  if (!parsed.success) return unclear;
  const { code, message, remedy } = parsed.data.error;
  return { isGood: false, sentence: remedy === null ? message : `${message} ${remedy}`, code };
}
