/**
 * Frames as sights show them. A frame holds bytes: only for a sight that changes data they are taken apart again, once per frame and
 * sight, however many views and readers there are.
 */
import type { StreamEvent } from '../../shared/events.ts';
import type { Sight } from '../access/sight.ts';
import { ShownCache } from '../access/shown-cache.ts';
import { showsAsIs, shownEvent } from '../access/shown-event.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { viewHolds, type View } from './view.ts';

export class ShownFrames {
  readonly #cache = new ShownCache<Frame, Frame | null>();
  /** One that is published is asked for by the views of all sights in turn. */
  #newest: { frame: Frame; event: StreamEvent } | null = null;

  /** Null: the view does not hold it, or its sight shows nothing of it. */
  of(frame: Frame, view: View): Frame | null {
    if (!viewHolds(view, frame)) return null;
    const { sight } = view;
    return showsAsIs(sight) ? frame : this.#cache.of(sight, frame, () => this.#make(sight, frame));
  }

  #make(sight: Sight, frame: Frame): Frame | null {
    if (this.#newest?.frame !== frame) this.#newest = { frame, event: eventIn(frame) };
    const { event } = this.#newest;
    const shown = shownEvent(sight, event);
    if (shown === null) return null;
    return shown === event ? frame : encodeFrame(shown, frame.sequence, cursorIn(frame), frame.previousTime);
  }
}

/** `sseBlock` backwards. */
function eventIn({ name, bytes }: Frame): StreamEvent {
  const text = bytes.toString('utf8');
  const data: unknown = JSON.parse(text.slice(text.indexOf('\ndata: ') + '\ndata: '.length));
  return { name, data } as StreamEvent;
}

function cursorIn({ bytes }: Frame): string {
  return bytes.toString('latin1', 'id: '.length, bytes.indexOf('\n'));
}
