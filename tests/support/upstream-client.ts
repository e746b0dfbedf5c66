/** Asks a hub about the hubs it reads. */
import type { UpstreamEntry, UpstreamProbe } from '../../shared/schema/servers.ts';
import type { HostsAnswer } from '../../shared/snapshot.ts';
import { until } from './until.ts';

interface Asked {
  readonly origin: string;
  readonly ownerToken: string;
}

export async function askUpstreams(hub: Asked, method: string, path = '', body?: unknown): Promise<Response> {
  return await fetch(`${hub.origin}/api/v1/upstreams${path}`, {
    method,
    headers: { Authorization: `Bearer ${hub.ownerToken}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function addUpstream(
  hub: Asked,
  url: string,
  more: { token?: string; pin?: string; group?: string } = {},
): Promise<UpstreamEntry> {
  const answer = await askUpstreams(hub, 'POST', '', { url, ...more });
  if (answer.status !== 201) throw new Error(`The hub refused the upstream: ${await answer.text()}`);
  return (await answer.json()) as UpstreamEntry;
}

export async function probeUpstream(hub: Asked, url: string): Promise<UpstreamProbe> {
  return (await (await askUpstreams(hub, 'POST', '/probe', { url })).json()) as UpstreamProbe;
}

export async function upstreamsOf(hub: Asked): Promise<UpstreamEntry[]> {
  return ((await (await askUpstreams(hub, 'GET')).json()) as { upstreams: UpstreamEntry[] }).upstreams;
}

/** Waits until the first, or the one of this id, is in a state. */
export async function untilUpstream(
  hub: Asked,
  state: UpstreamEntry['state'],
  id: string | null = null,
): Promise<UpstreamEntry> {
  return await until(`an upstream that is ${state}`, async () =>
    (await upstreamsOf(hub)).find((entry) => entry.state === state && (id === null || entry.id === id)),
  );
}

export async function hostsOfHub(hub: Asked): Promise<HostsAnswer['hosts']> {
  const answer = await fetch(`${hub.origin}/api/v1/hosts`, {
    headers: { Authorization: `Bearer ${hub.ownerToken}` },
  });
  return ((await answer.json()) as HostsAnswer).hosts;
}
