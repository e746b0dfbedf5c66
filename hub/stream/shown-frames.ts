/**
 * Frames as sights show them. A frame holds bytes: only for a sight that changes data they are taken apart again, once per frame and
 * sight, however many views and readers there are.
 */
import type { StreamEvent } from '../../shared/events.ts';
import type { Sight } from '../access/sight.ts';
import { showsAsIs, shownEvent } from '../access/shown-event.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { viewHolds, type View } from './view.ts';

export class ShownFrames {
  /** The frame that was asked for last: one that is published is asked for by all views in turn. */
  #newest: Frame | null = null;
  #event: StreamEvent | null = null;
  readonly #shown = new Map<string, Frame | null>();

  /** Null: the view does not hold it, or its sight shows nothing of it. */
  of(frame: Frame, view: View): Frame | null {
    if (!viewHolds(view, frame)) return null;
    return showsAsIs(view.sight) ? frame : this.#through(view.sight, frame);
  }

  #through(sight: Sight, frame: Frame): Frame | null {
    if (this.#newest !== frame) {
      this.#newest = frame;
      this.#event = null;
      this.#shown.clear();
    }
    let shown = this.#shown.get(sight.key);
    if (shown === undefined) this.#shown.set(sight.key, (shown = this.#make(sight, frame)));
    return shown;
  }

  #make(sight: Sight, frame: Frame): Frame | null {
    const event = (this.#event ??= eventIn(frame));
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
