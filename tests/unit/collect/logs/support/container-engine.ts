/**
 * A container engine on a real socket that speaks what of Docker's Engine API is asked: lists, inspection, events and logs in frames. Its
 * frames are cut where it hurts: within heads and within characters.
 */
import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';

export interface EngineContainer {
  id: string;
  name: string;
  image: string;
  labels: Record<string, string>;
  tty: boolean;
  isRunning: boolean;
  startedAt: string;
  /** Of its last life that is over. */
  endedAt: string;
  /** As the engine keeps them: RFC 3339 with nanoseconds, output, text. */
  lines: [moment: string, output: 'stdout' | 'stderr', text: string][];
}

export interface ContainerEngine extends AsyncDisposable {
  /** Paths that were asked for, in order. */
  asked: string[];
  run(name: string, more?: Partial<EngineContainer>): EngineContainer;
  /** Starts one again that has stopped. */
  start(container: EngineContainer): void;
  stop(container: EngineContainer): void;
  /** It stops and starts at once, and the stream of its log ends only after the event of its start. */
  restart(container: EngineContainer): void;
  remove(container: EngineContainer): void;
  /** Written at `second` of one hour, with nine digits behind the point. */
  write(
    container: EngineContainer,
    second: number,
    text: string,
    output?: 'stdout' | 'stderr',
    nanoseconds?: number,
  ): void;
  /** Sent to who follows, and not in the log: the stream is wrong. */
  sendWrongly(container: EngineContainer, second: number, text: string): void;
  /** The answer to every request for logs from now on, instead of logs. */
  refuseLogs(status: number, message: string): void;
  /** Called once, when next a log is asked for and before it is answered. */
  beforeLogs(act: () => void): void;
}

/** Long enough for an event to be read. */
const LATE_MS = 50;

export function momentOf(second: number, nanoseconds = 678_901_234): string {
  return `2026-01-02T03:04:${String(second).padStart(2, '0')}.${String(nanoseconds).padStart(9, '0')}Z`;
}

export async function startContainerEngine(socketPath: string): Promise<ContainerEngine> {
  const containers = new Map<string, EngineContainer>();
  const events = new Set<ServerResponse>();
  const readers = new Map<string, Set<{ response: ServerResponse; tty: boolean }>>();
  const asked: string[] = [];
  let actBeforeLogs: (() => void) | null = null;
  let refusal: { status: number; message: string } | null = null;

  const server = createServer((request, response) => {
    asked.push(request.url!);
    const url = new URL(request.url!, 'http://engine');
    const [, root, id, what] = url.pathname.split('/');
    if (root === 'events') {
      events.add(response);
      response.flushHeaders();
    } else if (root === 'containers' && id === 'json') {
      const running = [...containers.values()].filter(({ isRunning }) => isRunning);
      response.end(JSON.stringify(running.map((each) => ({ Id: each.id, Names: [`/${each.name}`] }))));
    } else if (!containers.has(id!)) {
      response.writeHead(404).end('{"message":"No such container"}');
    } else if (what === 'json') {
      const { name, image, labels, tty, isRunning, startedAt, endedAt } = containers.get(id!)!;
      const Config = { Image: image, Labels: labels, Tty: tty };
      const State = { Running: isRunning, StartedAt: startedAt, FinishedAt: endedAt };
      response.end(JSON.stringify({ Id: id, Name: `/${name}`, Config, State }));
    } else if (refusal !== null) {
      response.writeHead(refusal.status).end(JSON.stringify({ message: refusal.message }));
    } else {
      const act = actBeforeLogs;
      actBeforeLogs = null;
      act?.();
      sendLogs(containers.get(id!)!, url.searchParams, response);
    }
  });
  server.listen(socketPath);
  await once(server, 'listening');

  function sendLogs(container: EngineContainer, query: URLSearchParams, response: ServerResponse): void {
    response.flushHeaders();
    const since = query.get('since') ?? '';
    const tail = Number(query.get('tail') ?? container.lines.length);
    const lines = container.lines
      .filter(([moment]) => secondsOf(moment) >= since)
      .slice(-tail || container.lines.length);
    for (const line of lines) sendLine(response, container.tty, line);
    if (!container.isRunning || query.get('follow') !== '1') {
      response.end();
      return;
    }
    const register = (): void => {
      const reader = { response, tty: container.tty };
      const those = readers.get(container.id) ?? new Set();
      readers.set(container.id, those.add(reader));
      response.once('close', () => those.delete(reader));
    };
    // Podman leaves out what is written between the newest lines and what follows.
    if (query.has('tail')) setTimeout(register, LATE_MS);
    else register();
  }

  function tellEvent(action: string, { id }: EngineContainer): void {
    for (const response of events)
      response.write(`${JSON.stringify({ Type: 'container', Action: action, Actor: { ID: id } })}\n`);
  }

  let next = 1;
  const engine: ContainerEngine = {
    asked,
    run(name, more) {
      const id = (next++).toString(16).padStart(64, 'a');
      const container: EngineContainer = {
        id,
        name,
        image: 'nginx:1.27',
        labels: {},
        tty: false,
        isRunning: true,
        startedAt: momentOf(0, 0),
        endedAt: '0001-01-01T00:00:00Z',
        lines: [],
        ...more,
      };
      containers.set(id, container);
      tellEvent('start', container);
      return container;
    },
    start(container) {
      container.isRunning = true;
      tellEvent('start', container);
    },
    stop(container) {
      container.isRunning = false;
      for (const { response } of readers.get(container.id) ?? []) response.end();
      readers.delete(container.id);
      tellEvent('die', container);
    },
    restart(container) {
      const before = readers.get(container.id) ?? [];
      readers.delete(container.id);
      tellEvent('die', container);
      tellEvent('start', container);
      setTimeout(() => before.forEach(({ response }) => response.end()), LATE_MS);
    },
    remove(container) {
      engine.stop(container);
      containers.delete(container.id);
      tellEvent('destroy', container);
    },
    write(container, second, text, output = 'stdout', nanoseconds) {
      const line: EngineContainer['lines'][number] = [momentOf(second, nanoseconds), output, text];
      container.lines.push(line);
      for (const { response, tty } of readers.get(container.id) ?? []) sendLine(response, tty, line);
    },
    sendWrongly(container, second, text) {
      const line: EngineContainer['lines'][number] = [momentOf(second, 0), 'stdout', text];
      for (const { response, tty } of readers.get(container.id) ?? []) sendLine(response, tty, line);
    },
    refuseLogs(status, message) {
      refusal = { status, message };
    },
    beforeLogs(act) {
      actBeforeLogs = act;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return engine;
}

function sendLine(
  response: ServerResponse,
  tty: boolean,
  [moment, output, text]: EngineContainer['lines'][number],
): void {
  const payload = Buffer.from(`${moment} ${text}${tty ? '\r\n' : '\n'}`);
  const head = Buffer.alloc(tty ? 0 : 8);
  if (!tty) {
    head[0] = output === 'stderr' ? 2 : 1;
    head.writeUInt32BE(payload.length, 4);
  }
  const frame = Buffer.concat([head, payload]);
  for (let at = 0; at < frame.length; at += 5) response.write(frame.subarray(at, at + 5));
}

function secondsOf(moment: string): string {
  return `${Date.parse(`${moment.slice(0, 19)}Z`) / 1000}.${moment.slice(20, 29)}`;
}
