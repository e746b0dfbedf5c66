/** Which readers take what they are given, told by the kernel about real connections, and what follows from it. */
import { existsSync } from 'node:fs';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { encodeFrame } from '../../../../hub/stream/frame.ts';
import { ReaderWatch } from '../../../../hub/stream/reader-watch.ts';
import { ShownFrames } from '../../../../hub/stream/shown-frames.ts';
import { StreamCounts } from '../../../../hub/stream/stream-counts.ts';
import { Subscriber } from '../../../../hub/stream/subscriber.ts';
import { transportOf } from '../../../../hub/stream/transport.ts';
import { ViewGroup } from '../../../../hub/stream/view-group.ts';
import { makeView } from '../../../../hub/stream/view.ts';
import { connectSockets } from '../../../support/connected-sockets.ts';
import { logLineOf } from '../../../support/observations.ts';
import { until } from '../../../support/until.ts';

const view = makeView(['logs'], null, -1);

function frameOf(sequence: number, text: string) {
  return encodeFrame(
    { name: 'log', data: logLineOf('web-1', sequence, { text }) },
    sequence,
    `e-${sequence}`,
  );
}

function openSubscriber(socket: Socket, group: ViewGroup): Subscriber {
  const bounds = { epoch: 'e', outboxBytes: 2 ** 20, counts: new StreamCounts(), onEnd: () => undefined };
  const transport = transportOf(socket);
  const options = { transport, view, credential: 'c', address: 'a', encoded: null, bounds };
  const subscriber = new Subscriber(options);
  subscriber.begin([Buffer.from('opening\n\n')], 0);
  group.add(subscriber);
  return subscriber;
}

test.skipIf(!existsSync('/proc/net/tcp'))(
  'one that takes what it is given is written to before one that does not, until that one does',
  async () => {
    await using takingEnds = await connectSockets();
    await using leavingEnds = await connectSockets();
    const group = new ViewGroup(view, new StreamCounts(), new ShownFrames());
    const watch = new ReaderWatch(15_000, (subscriber, isPrompt) => group.setPrompt(subscriber, isPrompt));
    // The one that takes nothing is the newest.
    const taking = openSubscriber(takingEnds.near, group);
    const leaving = openSubscriber(leavingEnds.near, group);
    takingEnds.far.resume();
    expect([taking.isPrompt, leaving.isPrompt]).toEqual([false, false]);

    let sequence = 0;
    const publish = (text: string) => {
      group.offer(frameOf(++sequence, text));
      group.flush();
    };
    await until('the kernel to hold what the one leaves', async () => {
      publish('x'.repeat(64 * 1024));
      await watch.look([taking, leaving]);
      return taking.isPrompt && !leaving.isPrompt && sequence > 10;
    });

    const takenBefore = taking.transport.bytesWritten!;
    const leftBefore = leaving.transport.bytesWritten;
    group.offer(frameOf(++sequence, 'short'));
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
