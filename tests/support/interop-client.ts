/** Asks a hub about its exporters and the places it writes to. */
import type { ExporterEntry, RemoteWriteEntry } from '../../shared/schema/interop.ts';
import { until } from './until.ts';

interface Asked {
  readonly origin: string;
  readonly ownerToken: string;
}

type Kind = 'exporters' | 'remote-writes';
interface Entries {
  exporters: ExporterEntry;
  'remote-writes': RemoteWriteEntry;
}

export async function askTargets(
  hub: Asked,
  kind: Kind,
  method = 'GET',
  path = '',
  body?: unknown,
): Promise<Response> {
  return await fetch(`${hub.origin}/api/v1/${kind}${path}`, {
    method,
    headers: { Authorization: `Bearer ${hub.ownerToken}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

export async function addTarget<Of extends Kind>(hub: Asked, kind: Of, body: object): Promise<Entries[Of]> {
  const answer = await askTargets(hub, kind, 'POST', '', body);
  if (answer.status !== 201) throw new Error(`The hub refused it: ${await answer.text()}`);
  return (await answer.json()) as Entries[Of];
}

export async function targetsOf<Of extends Kind>(hub: Asked, kind: Of): Promise<Entries[Of][]> {
  const answer = (await (await askTargets(hub, kind)).json()) as Record<string, Entries[Of][]>;
  return Object.values(answer)[0]!;
}

/** Waits until the first of them is as wanted. */
export async function untilTarget<Of extends Kind>(
  hub: Asked,
  kind: Of,
  what: string,
  isWanted: (entry: Entries[Of]) => boolean,
): Promise<Entries[Of]> {
  return await until(what, async () => (await targetsOf(hub, kind)).find(isWanted));
}
