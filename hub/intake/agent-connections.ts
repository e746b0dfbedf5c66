/** The connections agents have come by, so that those of a revoked one can be ended. */
import type { IncomingMessage } from 'node:http';
import { http2StreamOf } from '../http/http2-request.ts';

/** A socket, or a session of HTTP/2. */
interface Connection {
  destroy(): void;
  once(event: 'close', listener: () => void): unknown;
}

export class AgentConnections {
  readonly #byHost = new Map<string, Set<Connection>>();

  /** Notes the connection that a request of this host came by. */
  note(host: string, request: IncomingMessage): void {
    const connection: Connection | undefined = http2StreamOf(request)?.session ?? request.socket;
    const known = this.#byHost.get(host) ?? new Set();
    if (known.has(connection)) return;
    this.#byHost.set(host, known.add(connection));
    connection.once('close', () => {
      known.delete(connection);
      if (known.size === 0 && this.#byHost.get(host) === known) this.#byHost.delete(host);
    });
  }

  /** Ends them at once. */
  end(host: string): void {
    for (const connection of this.#byHost.get(host) ?? []) connection.destroy();
  }
}
