/** npm's `eventsource-client`. */
import { createEventSource } from 'eventsource-client';
import type { StreamClient } from './stream-client.ts';

export const eventsourceClient: StreamClient = {
  name: 'eventsource-client',
  missing: null,
  survivesCuts: 'within',
  read: ({ url, token, onLog }) => {
    const source = createEventSource({
      url,
      headers: { Authorization: `Bearer ${token}` },
      onMessage: ({ event, data }) => {
        if (event === 'log') onLog(data);
      },
    });
    return Promise.resolve({
      [Symbol.asyncDispose]: () => Promise.resolve(source.close()),
    });
  },
};
