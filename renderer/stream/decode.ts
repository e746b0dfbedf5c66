/** The one place where bytes from the stream become typed events. */
import { streamEvents, type StreamEvent, type StreamEventName } from '../../shared/events.ts';

export interface Decoder {
  /** Null for an event this page cannot read: it is counted, and the stream goes on. */
  decode(name: StreamEventName, text: string): StreamEvent | null;
  /** Events left out so far. */
  readonly faults: number;
}

export interface DecoderOptions {
  /** Called once per event name, with what was wrong first. Default: a console warning. */
  warn?: (message: string) => void;
}

export function createDecoder(options: DecoderOptions = {}): Decoder {
  // eslint-disable-next-line no-console -- a person debugging a hub looks here first
  const warn = options.warn ?? ((message) => console.warn(message));
  const warned = new Set<StreamEventName>();
  let faults = 0;

  return {
    decode,
    get faults() {
      return faults;
    },
  };

  function decode(name: StreamEventName, text: string): StreamEvent | null {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return refuse(name, 'is not JSON');
    }
    const parsed = streamEvents[name].schema.safeParse(value);
    if (parsed.success) return { name, data: parsed.data } as StreamEvent;
    const issue = parsed.error.issues[0];
    return refuse(name, `has a bad field ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'unknown'}`);
  }

  function refuse(name: StreamEventName, reason: string): null {
    faults++;
    if (!warned.has(name)) {
      warned.add(name);
      warn(`Watchline left out a "${name}" event that ${reason}. Further ones are only counted.`);
    }
    return null;
  }
}
