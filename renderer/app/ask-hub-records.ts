/** One question to the hub whose answer comes bit by bit: NDJSON, each line checked and handed on as it comes. */
import { messages } from '../messages.ts';
import { shareHeaders } from '../session/share-address.ts';
import { refusalOf, unclear, type HubAnswer } from './ask-hub.ts';
import { patiently } from './patiently.ts';

interface RecordSchema<Value> {
  safeParse(value: unknown): { success: true; data: Value } | { success: false };
}

export interface RecordQuestion<Value> {
  /** What checks a line of the answer: a schema of shared/. */
  schema: RecordSchema<Value>;
  onRecord: (record: Value) => void;
  signal: AbortSignal;
}

/** UTF-16 units of one record at most: a log line has 64 KiB, and JSON may write each of its characters as six. */
const MAX_RECORD_UNITS = 1024 * 1024;
/** Nothing came for so long: the hub says how far it is every quarter of a second or so. */
const SILENCE_MS = 20_000;

/**
 * Good: all of the answer was handed on. Waits where the hub answers as many as it may already. Never throws; after an abort the answer
 * means nothing.
 */
export function askHubRecords<Value>(
  path: string,
  question: RecordQuestion<Value>,
): Promise<HubAnswer<null>> {
  return patiently(question.signal, () => askOnce(path, question));
}

async function askOnce<Value>(
  path: string,
  { schema, onRecord, signal }: RecordQuestion<Value>,
): Promise<HubAnswer<null>> {
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(path, {
      headers: shareHeaders(),
      cache: 'no-store',
      credentials: 'same-origin',
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!response.ok) return refusalOf(await response.json());
    const decoder = new TextDecoder();
    let rest = '';
    for await (const chunk of chunksOf(response)) {
      clearTimeout(timer);
      timer = setTimeout(() => silence.abort(), SILENCE_MS);
      const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
      rest = lines.pop()!;
      if (rest.length > MAX_RECORD_UNITS) return unclear;
      for (const line of lines) {
        const parsed = schema.safeParse(JSON.parse(line));
        if (!parsed.success) return unclear;
        onRecord(parsed.data);
      }
    }
    return rest === '' ? { isGood: true, value: null } : unclear;
  } catch {
    return { isGood: false, sentence: messages.hub.unreachable, code: '' };
  } finally {
    clearTimeout(timer);
  }
}

/** Not every browser lets a stream be iterated. */
async function* chunksOf(response: Response): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // Also when whoever reads has had enough: the hub stops looking then.
    await reader.cancel().catch(() => undefined);
  }
}
