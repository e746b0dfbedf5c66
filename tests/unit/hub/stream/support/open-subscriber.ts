/** A subscriber of log lines over a real connection, without a hub around it. */
import type { Socket } from 'node:net';
import { encodeFrame, type Frame } from '../../../../../hub/stream/frame.ts';
import { StreamCounts } from '../../../../../hub/stream/stream-counts.ts';
import { Subscriber } from '../../../../../hub/stream/subscriber.ts';
import { transportOf } from '../../../../../hub/stream/transport.ts';
import type { ViewGroup } from '../../../../../hub/stream/view-group.ts';
import { makeView } from '../../../../../hub/stream/view.ts';
import { logLineOf } from '../../../../support/observations.ts';

export const logView = makeView(['logs'], null, -1);

/** Of a line of "web-1". */
export function lineFrame(sequence: number, text: string): Frame {
  const data = logLineOf('web-1', sequence, { text });
  return encodeFrame({ name: 'log', data }, sequence, `e-${sequence}`);
}

/** It takes plain text, has an outbox of 1 MiB, and is the newest of the group. */
export function openSubscriber(socket: Socket, group: ViewGroup): Subscriber {
  const bounds = { epoch: 'e', outboxBytes: 2 ** 20, counts: new StreamCounts(), onEnd: () => undefined };
  const transport = transportOf(socket);
  const options = { transport, view: logView, credential: 'c', address: 'a', encoded: null, bounds };
  const subscriber = new Subscriber(options);
  subscriber.begin([Buffer.from('opening\n\n')], 0);
  group.add(subscriber);
  return subscriber;
}
