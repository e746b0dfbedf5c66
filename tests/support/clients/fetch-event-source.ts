/**
 * `@microsoft/fetch-event-source`. It takes an event's id for its cursor as soon as it has read that line, before the
 * event is whole: a connection that breaks within an event loses it. So it is only cut after one.
 */
import { fetchEventSource } from '@microsoft/fetch-event-source';
import type { StreamClient } from './stream-client.ts';

export const microsoftFetchEventSource: StreamClient = {
  name: '@microsoft/fetch-event-source',
  missing: null,
  survivesCuts: 'after',
  read: ({ url, token, onLog }) => {
    // It is written for pages and asks for these two by name.
    Object.assign(globalThis, { window: globalThis, document: { removeEventListener: () => undefined } });
    const aborting = new AbortController();
    const reading = fetchEventSource(url, {
      headers: { Authorization: `Bearer ${token}` },
      signal: aborting.signal,
      openWhenHidden: true,
      fetch,
      onmessage: ({ event, data }) => {
        if (event === 'log') onLog(data);
      },
      // An end that does not throw is final to it.
      onclose: () => {
        throw new Error('The stream ended: connect again');
      },
    });
    return Promise.resolve({
      async [Symbol.asyncDispose]() {
        aborting.abort();
        await reading;
        Reflect.deleteProperty(globalThis, 'window');
        Reflect.deleteProperty(globalThis, 'document');
      },
    });
  },
};
