/** A stream's bytes as messages: bounded in size, and ended where nothing is heard for too long. */
import type { Readable } from 'node:stream';
import { createParser } from 'eventsource-parser';

/** A snapshot's columns are its largest event: a few hundred series of 900 numbers. */
const MAX_EVENT_CHARACTERS = 16 * 1024 * 1024;

export interface StreamMessage {
  name: string;
  /** JSON, not parsed. */
  data: string;
  id: string | null;
}

export interface StreamMessagesOptions {
  /** Without an event for this long the stream is taken for dead; comments do not count. */
  silenceMs: number;
  onRetry: (ms: number) => void;
}

/** Throws where the connection fails, falls silent, or an event is too large; the stream is closed then, and at the end. */
export async function* streamMessages(
  stream: Readable,
  { silenceMs, onRetry }: StreamMessagesOptions,
): AsyncGenerator<StreamMessage> {
  const messages: StreamMessage[] = [];
  let isTooLarge = false;
  const parser = createParser({
    maxBufferSize: MAX_EVENT_CHARACTERS,
    onEvent: ({ event = 'message', data, id = null }) => messages.push({ name: event, data, id }),
    onRetry,
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') isTooLarge = true;
    },
  });
  const decoder = new TextDecoder();
  const silence = setTimeout(
    () => stream.destroy(new Error(`the stream fell silent for ${silenceMs / 1000} s`)),
    silenceMs,
  );
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      parser.feed(decoder.decode(chunk, { stream: true }));
      if (messages.length > 0) silence.refresh();
      yield* messages.splice(0);
      if (isTooLarge) throw new Error(`it sent an event larger than ${MAX_EVENT_CHARACTERS} characters`);
    }
  } finally {
    clearTimeout(silence);
    stream.destroy();
  }
}
