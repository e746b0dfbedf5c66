/** undici's EventSource, the one Node has behind a flag. */
import { Agent, EventSource } from 'undici';
import type { StreamClient } from './stream-client.ts';

export const undici: StreamClient = {
  name: "undici's EventSource",
  missing: null,
  survivesCuts: 'within',
  read: ({ url, token, onLog }) => {
    const agent = new Agent();
    const withToken = agent.compose((dispatch) => (options, handler) => {
      const headers = { ...(options.headers as Record<string, string>), authorization: `Bearer ${token}` };
      return dispatch({ ...options, headers }, handler);
    });
    const source = new EventSource(url, { node: { dispatcher: withToken } });
    source.addEventListener('log', (event) => onLog((event as MessageEvent<string>).data));
    return Promise.resolve({
      async [Symbol.asyncDispose]() {
        source.close();
        await agent.destroy();
      },
    });
  },
};
