/** What sights show of what the hub holds at this moment: for snapshots and REST, where many ask for the same within seconds. */
import type { StreamEvent } from '../../shared/events.ts';
import { ShownCache } from './shown-cache.ts';
import { endedBefore, shownEvent, showsAsIs } from './shown-event.ts';
import { beginningOf, type Sight } from './sight.ts';

export class ShownEvents {
  /** By the data of the event, which the registry holds until there is newer. */
  readonly #cache = new ShownCache<object, StreamEvent | null>();

  /** As `shownEvent`, without the alerts that nobody knows as firing any more. */
  of(sight: Sight, event: StreamEvent): StreamEvent | null {
    if (showsAsIs(sight)) return event;
    if (event.name === 'alert' && endedBefore(beginningOf(sight), event.data)) return null;
    // Made anew each time it is asked for: nobody would find it again.
    if (event.name === 'recent') return shownEvent(sight, event);
    return this.#cache.of(sight, event.data, () => shownEvent(sight, event));
  }
}
