/**
 * Looks, through the kernel's eyes, at readers that Node cannot tell anything about: one that vanished while data was on its
 * way, one that is slow but alive, and one whose events pile up in the kernel where they cannot be conflated any more.
 */
import { readKernelQueues, type KernelQueue } from './kernel-queues.ts';
import type { Subscriber } from './subscriber.ts';

/** TCP waits at least this long before it sends something again, and twice as long each time (tcp_rto_min of Linux). */
const FIRST_RETRANSMIT_MS = 200;
/** A reader that acknowledged nothing for this share of the heartbeat, however often asked, is gone. */
const SILENT_SHARE = 0.4;

/** From here on a slow reader's events wait in the hub, and below it flow again. */
const HOLD_BYTES = 16 * 1024;
const RELEASE_BYTES = 4 * 1024;
/** A queue that empties within this time is only busy. */
const BUSY_MS = 2_000;

interface Sight {
  unackedBytes: number;
  bytesWritten: number | null;
  at: number;
}

export class ReaderWatch {
  readonly #silentRetransmits: number;
  readonly #lastSights = new WeakMap<Subscriber, Sight>();
  readonly #rank: (subscriber: Subscriber, isPrompt: boolean) => void;
  #isLooking = false;

  /** `rank` is told of each reader that is looked at whether it takes what it is given. */
  constructor(heartbeatMs: number, rank: (subscriber: Subscriber, isPrompt: boolean) => void) {
    this.#rank = rank;
    // n tries without an answer take (2^n - 1) times the first wait.
    this.#silentRetransmits = Math.ceil(Math.log2((heartbeatMs * SILENT_SHARE) / FIRST_RETRANSMIT_MS + 1));
  }

  /** `subscribers` are those worth a look now. */
  async look(subscribers: readonly Subscriber[]): Promise<void> {
    if (this.#isLooking || subscribers.length === 0) return;
    this.#isLooking = true;
    const queues = await readKernelQueues(subscribers.map(({ transport }) => transport.peer));
    this.#isLooking = false;
    const now = performance.now();
    for (const [place, subscriber] of subscribers.entries()) {
      const queue = queues[place];
      if (queue && !subscriber.transport.isClosed) this.#judge(subscriber, queue, now);
    }
  }

  #judge(subscriber: Subscriber, { unackedBytes, retransmits }: KernelQueue, now: number): void {
    if (retransmits >= this.#silentRetransmits) return subscriber.cut('half-open');
    const { bytesWritten } = subscriber.transport;
    const last = this.#lastSights.get(subscriber);
    if (unackedBytes === 0 && subscriber.isFlowing) this.#lastSights.delete(subscriber);
    else this.#lastSights.set(subscriber, { unackedBytes, bytesWritten, at: now });
    if (subscriber.isHeld && unackedBytes <= RELEASE_BYTES) return subscriber.release();
    this.#rank(subscriber, isTaking(bytesWritten, unackedBytes, last));
    if (last === undefined) return;
    if (last.unackedBytes !== unackedBytes) subscriber.noteProgress(now);
    if (bytesWritten === null || last.bytesWritten === null) return;
    const acknowledged = bytesWritten - last.bytesWritten + last.unackedBytes - unackedBytes;
    const emptyMs = (unackedBytes * (now - last.at)) / Math.max(1, acknowledged);
    if (unackedBytes > HOLD_BYTES && last.unackedBytes > HOLD_BYTES && emptyMs > BUSY_MS) subscriber.hold();
  }
}

/** At least half of what it was given since the last sight, or ever, has arrived. Of a connection shared with others nothing is known. */
function isTaking(bytesWritten: number | null, unackedBytes: number, last: Sight | undefined): boolean {
  if (unackedBytes === 0 || bytesWritten === null) return true;
  const given = bytesWritten - (last?.bytesWritten ?? 0);
  const acknowledged = given + (last?.unackedBytes ?? 0) - unackedBytes;
  return acknowledged > 0 && acknowledged * 2 >= given;
}
