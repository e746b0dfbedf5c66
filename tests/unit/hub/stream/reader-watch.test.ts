/** Which readers take what they are given, told by the kernel about real connections, and what follows from it. */
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { ReaderWatch } from '../../../../hub/stream/reader-watch.ts';
import { ShownFrames } from '../../../../hub/stream/shown-frames.ts';
import { StreamCounts } from '../../../../hub/stream/stream-counts.ts';
import { ViewGroup } from '../../../../hub/stream/view-group.ts';
import { connectSockets } from '../../../support/connected-sockets.ts';
import { until } from '../../../support/until.ts';
import { lineFrame, logView, openSubscriber } from './support/open-subscriber.ts';

test.skipIf(!existsSync('/proc/net/tcp'))(
  'one that takes what it is given is written to before one that does not, until that one does',
  async () => {
    await using takingEnds = await connectSockets();
    await using leavingEnds = await connectSockets();
    const group = new ViewGroup(logView, new StreamCounts(), new ShownFrames());
    const watch = new ReaderWatch(15_000, (subscriber, isPrompt) => group.setPrompt(subscriber, isPrompt));
    // The one that takes nothing is the newest.
    const taking = openSubscriber(takingEnds.near, group);
    const leaving = openSubscriber(leavingEnds.near, group);
    takingEnds.far.resume();
    expect([taking.isPrompt, leaving.isPrompt]).toEqual([false, false]);

    let sequence = 0;
    const publish = (text: string) => {
      group.offer(lineFrame(++sequence, text));
      group.flush();
    };
    await until('the kernel to hold what the one leaves', async () => {
      publish('x'.repeat(64 * 1024));
      await watch.look([taking, leaving]);
      return taking.isPrompt && !leaving.isPrompt && sequence > 10;
    });

    const takenBefore = taking.transport.bytesWritten!;
    const leftBefore = leaving.transport.bytesWritten;
    group.offer(lineFrame(++sequence, 'short'));
    group.flushPrompt();
    expect(taking.transport.bytesWritten).toBeGreaterThan(takenBefore);
    expect(leaving.transport.bytesWritten).toBe(leftBefore);
    group.flushOthers();

    leavingEnds.far.resume();
    await until('both to be alike', async () => {
      await watch.look([taking, leaving]);
      return taking.isPrompt && leaving.isPrompt;
    });
    expect(group.subscribers).toHaveLength(2);
  },
);
