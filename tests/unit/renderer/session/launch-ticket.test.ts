/** The launch ticket: read from the address once, and gone from it. */
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { swapTicket, takeTicket } from '../../../../renderer/session/launch-ticket.ts';
import { startTestHub } from '../../../support/start-test-hub.ts';

/** A page at an address, as far as a ticket is concerned. */
function pageAt(address: string) {
  const replaced: string[] = [];
  const history = { state: null, replaceState: (_: unknown, __: string, url: string) => replaced.push(url) };
  const page = { location: new URL(address), history } as unknown as Parameters<typeof takeTicket>[0];
  return { page, replaced };
}

describe('the launch ticket', () => {
  it('is taken out of the address, and the rest of the address kept', () => {
    const { page, replaced } = pageAt('http://127.0.0.1:7400/logs?q=x#ticket=abc-123');
    expect(takeTicket(page)).toBe('abc-123');
    expect(replaced).toEqual(['/logs?q=x']);
  });

  it('leaves any other fragment alone', () => {
    const { page, replaced } = pageAt('http://127.0.0.1:7400/#processes');
    expect(takeTicket(page)).toBeNull();
    expect(replaced).toEqual([]);
  });

  it('opens a session at a real hub once, and is refused with a sentence the second time', async () => {
    await using hub = await startTestHub();
    const ticket = new URLSearchParams(new URL(hub.launchUrl()).hash.slice(1)).get('ticket')!;
    expect(await swapTicket(ticket, hub.origin)).toEqual({ kind: 'accepted' });
    const again = await swapTicket(ticket, hub.origin);
    expect(again.kind).toBe('refused');
    expect(again.kind === 'refused' && again.message).toMatch(/ticket/);
  });

  it('survives an answer that is no JSON, and nobody answering at all', async () => {
    await using proxy = await listen((_, response) => response.writeHead(502).end('<h1>Bad Gateway</h1>'));
    expect(await swapTicket('t', proxy.origin)).toEqual({ kind: 'refused', code: 'http-502', message: '' });
    const { origin } = proxy;
    await proxy[Symbol.asyncDispose]();
    expect(await swapTicket('t', origin)).toEqual({ kind: 'unreachable' });
  });
});

async function listen(handler: RequestListener): Promise<{ origin: string } & AsyncDisposable> {
  const server = createServer(handler).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      if (!server.listening) return;
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
