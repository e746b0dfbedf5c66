/** npm's `eventsource`: the browser's interface over fetch. */
import { EventSource } from 'eventsource';
import type { StreamClient } from './stream-client.ts';

export const eventsource: StreamClient = {
  name: 'eventsource',
  missing: null,
  survivesCuts: 'within',
  read: ({ url, token, onLog }) => {
    const source = new EventSource(url, {
      fetch: (address, init) =>
        fetch(address, { ...init, headers: { ...init.headers, Authorization: `Bearer ${token}` } }),
    });
    source.addEventListener('log', (event: MessageEvent<string>) => onLog(event.data));
    return Promise.resolve({
      [Symbol.asyncDispose]: () => Promise.resolve(source.close()),
    });
  },
};
