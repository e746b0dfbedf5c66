/**
 * Says when a sample has reached the DOM, for measurements from outside: after Vue's flush the root
 * element carries `data-sample-time`, and a performance mark `watchline:sample` is made whose `detail` is
 * `{ host, time, wall }`: `wall - time` is the whole way from the machine to the page.
 */
import { nextTick } from 'vue';
import type { Sample } from '../../shared/schema/sample.ts';

const sampleMarkName = 'watchline:sample';

export function markSample({ host, time }: Sample): void {
  void nextTick(() => {
    document.documentElement.dataset['sampleTime'] = String(time);
    performance.mark(sampleMarkName, { detail: { host, time, wall: Date.now() } });
    // Observers have been handed the mark; kept entries would only grow.
    performance.clearMarks(sampleMarkName);
  });
}
