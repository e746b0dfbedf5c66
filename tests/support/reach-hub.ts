/** The owner's half of reach, and a reader who trusts the hub's own authority and nothing else. */
import { readFileSync } from 'node:fs';
import type { IncomingHttpHeaders } from 'node:http';
import { request as requestHttps } from 'node:https';
import path from 'node:path';
import {
  reachAnswer,
  reachTestAnswer,
  type ReachAnswer,
  type ReachTestAnswer,
} from '../../shared/schema/reach.ts';
import { problem, type Problem } from '../../shared/snapshot.ts';
import { askAsOwner } from './agent-client.ts';
import type { TestHub } from './start-test-hub.ts';
import { strict } from './strict.ts';

export async function reachOf(hub: TestHub): Promise<ReachAnswer> {
  return strict(reachAnswer).parse(await (await askAsOwner(hub, 'GET', '/api/v1/reach')).json());
}

/** Fails where the hub refuses it. */
export async function changeReach(hub: TestHub, change: object): Promise<ReachAnswer> {
  const response = await askAsOwner(hub, 'PUT', '/api/v1/reach', change);
  const body: unknown = await response.json();
  if (!response.ok) throw new Error(JSON.stringify(body));
  return strict(reachAnswer).parse(body);
}

/** The refusal; fails where the hub does not refuse it. */
export async function refusedReach(
  hub: TestHub,
  change: object,
): Promise<Problem['error'] & { status: number }> {
  const response = await askAsOwner(hub, 'PUT', '/api/v1/reach', change);
  return { status: response.status, ...problem.parse(await response.json()).error };
}

export async function testReach(hub: TestHub, url: string | null = null): Promise<ReachTestAnswer> {
  const response = await askAsOwner(hub, 'POST', '/api/v1/reach/test', { url });
  return strict(reachTestAnswer).parse(await response.json());
}

export function authorityOf(hub: TestHub): string {
  return readFileSync(path.join(hub.dataDir, 'ca.crt'), 'utf8');
}

export interface NetworkAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** SHA-256 of the certificate that was shown. */
  fingerprint: string;
}

/** One request by the second listener, as `https://<name>:<port>` at `address`. */
export function askNetwork(
  hub: TestHub,
  port: number,
  pathname: string,
  wishes: {
    name?: string;
    address?: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string;
  } = {},
): Promise<NetworkAnswer> {
  const { name = 'localhost', address = '127.0.0.1', method = 'GET', headers = {}, body } = wishes;
  return new Promise((resolve, reject) => {
    const request = requestHttps({
      host: address,
      port,
      servername: name,
      path: pathname,
      method,
      headers: { host: `${name}:${port}`, ...headers },
      ca: authorityOf(hub),
      agent: false,
    });
    request.once('error', reject);
    request.once('response', (response) => {
      let text = '';
      const shown = (
        response.socket as unknown as { getPeerX509Certificate(): { fingerprint256: string } }
      ).getPeerX509Certificate();
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.once('end', () =>
        resolve({
          status: response.statusCode!,
          headers: response.headers,
          body: text,
          fingerprint: shown.fingerprint256,
        }),
      );
      response.once('error', reject);
    });
    request.end(body);
  });
}
