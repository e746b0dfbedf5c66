/**
 * Where raw events of any way (stream, poll, another tab) become events of the page: new ones are decoded, once each, and
 * handed on; the place moves with them.
 */
import type { StreamEvent, StreamEventName } from '../../shared/events.ts';
import { eventRules } from '../../shared/event-rules.ts';
import type { PollEvent } from '../../shared/poll.ts';
import { PROTOCOL_VERSION } from '../../shared/protocol.ts';
import type { Decoder } from './decode.ts';
import { createPlace, type Place } from './place.ts';

export interface Intake {
  readonly place: Place;
  /** The event, if it is new and can be read; it was handed on by then, unless its `hello` is of another protocol. */
  take(raw: PollEvent): StreamEvent | null;
}

export interface IntakeOptions {
  decoder: Decoder;
  /** `id` is the event's cursor. */
  onEvent: (event: StreamEvent, id: string) => void;
  /**
   * An event that concerns every reader was taken, or a `ping`, whether or not this page can read it. `after` is the place
   * before it: whoever holds all up to there may take it next.
   */
  onTaken: (raw: PollEvent, after: string) => void;
}

export function createIntake({ decoder, onEvent, onTaken }: IntakeOptions): Intake {
  const place = createPlace();
  return { place, take };

  function take(raw: PollEvent): StreamEvent | null {
    if (!isEventName(raw.name)) return null;
    const after = place.cursor;
    // Moved before decoding: an event that cannot be read is left out for good, not asked for again and again.
    if (eventRules[raw.name].channel !== null || raw.name === 'recent') {
      if (!place.take(raw.id, isSlowReaderGap(raw))) return null;
      onTaken(raw, after);
    }
    const event = decoder.decode(raw.name, raw.data);
    if (event === null) return null;
    switch (event.name) {
      case 'hello':
        if (event.data.protocol !== PROTOCOL_VERSION) return event;
        if (!event.data.resumed) place.beginSnapshot();
        break;
      case 'reset':
        place.beginSnapshot();
        break;
      case 'ready':
        place.arrive(event.data.cursor);
        break;
      case 'ping':
        place.take(raw.id);
        onTaken(raw, after);
        break;
      default:
    }
    onEvent(event, raw.id);
    return event;
  }
}

/** Told by the text: it decides whether the event is decoded at all. */
function isSlowReaderGap({ name, data }: PollEvent): boolean {
  return name === 'gap' && data.includes('"reason":"slow-reader"');
}

function isEventName(name: string): name is StreamEventName {
  return Object.hasOwn(eventRules, name);
}
