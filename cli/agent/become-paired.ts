/** The pairing an agent runs with: the one it has, as the flags change it, or a new one by code. */
import { identifyHost } from '../../agent/host-identity.ts';
import { pairWithHub } from '../../agent/pairing/pair-with-hub.ts';
import { readPairing, writePairing, type Pairing } from '../../agent/pairing/pairing-file.ts';
import type { Config } from '../../hub/config/config.ts';
import { readAuthority, type Trust } from '../../link/tls/trust.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { wordsOf, type AgentTerminal } from './agent-terminal.ts';

type UplinkSettings = Config['uplink'];

export interface PairedAgent {
  pairing: Pairing;
  /** True: paired just now. */
  isNew: boolean;
}

/** Throws a `WatchlineError`: not paired and no code, or what pairing failed with. */
export async function becomePaired(
  settings: UplinkSettings,
  name: string | null,
  agentVersion: string,
  terminal: AgentTerminal,
): Promise<PairedAgent> {
  const { dataDir } = settings;
  const kept = settings.code === null ? readPairing(dataDir) : keptBesideCode(dataDir, terminal);
  // A service is started with the same code each time.
  const code = settings.code === kept?.code ? null : settings.code;
  if (code === null && kept === null) throw notPaired(settings);
  const hub = settings.hub ?? kept?.hub ?? null;
  if (hub === null) throw noHub();
  const url = hubUrl(hub);
  // A new pairing with another hub begins anew; an old one that moved is known by its key.
  const known = code === null || kept?.hub === url.origin ? kept : null;
  const trust = trustOf(settings, known);
  if (code !== null) {
    const host = await identifyHost({ name, dataDir });
    const pairing = await pairWithHub({ url, trust, code, host, agentVersion });
    writePairing(dataDir, pairing);
    terminal.say(
      `Paired with ${pairing.hub} as ${pairing.host}. From now on "watchline agent" needs no code.`,
    );
    return { pairing, isNew: true };
  }
  return { pairing: changed(kept!, url, trust, dataDir, terminal), isNew: false };
}

/** With a code a damaged file is no hindrance: it is set aside by the first look. */
function keptBesideCode(dataDir: string, terminal: AgentTerminal): Pairing | null {
  try {
    return readPairing(dataDir);
  } catch (error) {
    if (error instanceof WatchlineError) terminal.say(wordsOf(error));
    return readPairing(dataDir);
  }
}

/** Another address or another key for the same token, because a person said so. */
function changed(kept: Pairing, url: URL, trust: Trust, dataDir: string, terminal: AgentTerminal): Pairing {
  const pairing = { ...kept, hub: url.origin, trust };
  if (JSON.stringify(pairing) === JSON.stringify(kept)) return kept;
  writePairing(dataDir, pairing);
  terminal.say(`From now on the hub is ${pairing.hub}, trusted by ${trustText(trust)}.`);
  return pairing;
}

function trustOf({ pin, ca }: UplinkSettings, kept: Pairing | null): Trust {
  if (pin !== null) return { kind: 'pin', pin };
  if (ca !== null) return readAuthority(ca);
  return kept?.trust ?? { kind: 'system' };
}

function trustText(trust: Trust): string {
  if (trust.kind === 'pin') return `its key ${trust.pin}`;
  return trust.kind === 'system' ? "this machine's authorities" : 'the authorities of --ca';
}

const loopback = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

function hubUrl(text: string): URL {
  const url = new URL(text);
  if (url.protocol === 'https:' || loopback.test(url.hostname)) return url;
  throw new WatchlineError(
    'config',
    `${url.origin} is plain HTTP, and not on this machine: the token would be readable on the way.`,
    {
      remedy: `Start the hub with --tls, and use https://${url.host}.`,
    },
  );
}

function notPaired({ hub, dataDir }: UplinkSettings): WatchlineError {
  const at = hub ?? 'https://HUB:7443';
  return new WatchlineError(
    'not-paired',
    `This agent is not paired with a hub (there is no agent.json in ${dataDir}).`,
    {
      remedy: `Make a line under "Add a server" on the dashboard and run it here: watchline agent --hub ${at} --code ABCD-EFGH.`,
    },
  );
}

function noHub(): WatchlineError {
  return new WatchlineError('usage', 'A code needs its hub.', {
    remedy: 'Run the whole line from the dashboard: watchline agent --hub https://HUB:7443 --code ABCD-EFGH.',
  });
}
