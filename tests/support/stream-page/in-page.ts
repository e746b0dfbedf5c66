/**
 * Runs in the browser: the page's own stream parts without the dashboard around them, so that every event can be counted.
 * Signs in with the ticket of its address, then starts with the timing a test asks for.
 */
import '../../../renderer/stream/zod-jitless.ts';
import { swapTicket, takeTicket } from '../../../renderer/session/launch-ticket.ts';
import type { Connection, TabRole } from '../../../renderer/stream/connection.ts';
import { createDecoder } from '../../../renderer/stream/decode.ts';
import { renewSessionMark } from '../../../renderer/stream/session-mark.ts';
import { createSharedClient } from '../../../renderer/stream/shared-client.ts';
import type { StreamTiming } from '../../../renderer/stream/timing.ts';

export interface PageStream {
  /** Texts of log lines in the order they were handed on. */
  lines: string[];
  /** Names of all events, in order. */
  names: string[];
  /** Every connection so far, and when it came, epoch milliseconds. */
  connections: (Connection & { at: number })[];
  role: TabRole | null;
  retryNow(): void;
}

declare global {
  interface Window {
    pageStream: PageStream;
    startStream(timing: Partial<StreamTiming>): void;
  }
}

const ticket = takeTicket(window);
if (ticket !== null && (await swapTicket(ticket)).kind === 'accepted') renewSessionMark();
window.startStream = start;
document.body.dataset['ready'] = 'yes';

function start(timing: Partial<StreamTiming>): void {
  const client = createSharedClient({
    timing,
    recentSeconds: 0,
    decoder: createDecoder(),
    onEvent(event) {
      seen.names.push(event.name);
      if (event.name === 'log') seen.lines.push(event.data.text);
    },
    onConnection: (connection) => seen.connections.push({ ...connection, at: Date.now() }),
    onRole: (role) => {
      seen.role = role;
    },
  });
  const seen: PageStream = (window.pageStream = {
    lines: [],
    names: [],
    connections: [],
    role: null,
    retryNow: () => client.retryNow(),
  });
  client.start();
}
