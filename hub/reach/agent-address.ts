/** How an agent reaches this hub: the address for the line to paste, the pin for it, and what stands in the way. */
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { keyPin } from '../../link/tls/key-pin.ts';
import { ProblemError } from '../http/problem.ts';
import { baseOf, isLoopback, type PortTls, type StandingReach } from './origins.ts';

/** How the owner came to it. */
export interface Visit {
  /** Host and port the owner's request named. */
  authority: string;
  /** `Origin` of the owner's page; behind a proxy that ends TLS it is https. */
  origin: string | undefined;
}

export interface AgentAddress {
  hubUrl: string;
  pin: string | null;
  warning: string | null;
}

/** `wanted`: the address the owner gave, or null. Throws a 400 `ProblemError` where that cannot be one. */
export function agentAddress(standing: StandingReach, wanted: string | null, visit: Visit): AgentAddress {
  const url = wanted === null ? likelyUrl(standing, visit) : parseHubUrl(wanted);
  const direct = listenerOf(standing, url);
  return {
    hubUrl: url.origin,
    pin: direct === null ? null : pinOf(direct, url),
    warning: warningOf(standing, url, direct),
  };
}

/** The line of a shell on any system: nothing in it needs quotes. */
export function agentLine({ hubUrl, pin }: Pick<AgentAddress, 'hubUrl' | 'pin'>, code: string): string {
  return `watchline agent --hub ${hubUrl} --code ${code}${pin === null ? '' : ` --pin ${pin}`}`;
}

/**
 * The public address; else the one the owner came to, but where it is loopback's, which means another machine to everybody else: then the one
 * that links lead to.
 */
function likelyUrl(standing: StandingReach, { authority, origin }: Visit): URL {
  const { home, publicUrl } = standing;
  if (publicUrl !== null) return new URL(publicUrl);
  const isSecure = origin === `https://${authority}` || listenerAt(standing, authority)?.tls != null;
  const visited = new URL(`${isSecure ? 'https' : 'http'}://${authority}`);
  if (!isLoopback(visited.hostname)) return visited;
  const base = baseOf(standing);
  if (base.kind === 'loopback') return visited;
  const isHome = standing.network === null && Number(visited.port) !== home.port;
  // By a proxy of this machine, or a tunnel: the owner's own port is as good as any.
  return isHome ? visited : new URL(base.url);
}

/** The characters of names and addresses only: it ends up in a shell. */
function parseHubUrl(text: string): URL {
  const url = URL.parse(text);
  const isAddress =
    url !== null &&
    ['http:', 'https:'].includes(url.protocol) &&
    /^([a-z0-9.-]+|\[[0-9a-f:.]+\])$/.test(url.hostname) &&
    url.href === `${url.origin}/`;
  if (isAddress) return url;
  throw new ProblemError(400, 'bad-hub-url', 'The address for the agent is not one of a hub.', {
    remedy: 'Give scheme, host and port only, such as https://watch.example:7443.',
  });
}

interface Listener {
  port: number;
  tls: PortTls | null;
  /** Open to this machine only. */
  isAtHome: boolean;
}

function listenersOf({ home, network }: StandingReach): Listener[] {
  const own = { port: home.port, tls: home.tls, isAtHome: isLoopback(home.listenHost) };
  if (network === null) return [own];
  return [own, { port: network.port, tls: network.certificate?.pair ?? null, isAtHome: false }];
}

function listenerAt(standing: StandingReach, authority: string): Listener | undefined {
  return listenersOf(standing).find(({ port }) => authority.endsWith(`:${port}`));
}

/** Null behind a proxy, whose certificate and names are its own. */
function listenerOf(standing: StandingReach, url: URL): Listener | null {
  const isSecure = url.protocol === 'https:';
  const wanted = Number(url.port || (isSecure ? 443 : 80));
  const found = listenersOf(standing).find(({ port, tls }) => port === wanted && isSecure === (tls !== null));
  return found ?? null;
}

/** Null where there is no TLS, or an authority that others know has issued the certificate. */
function pinOf({ tls }: Listener, url: URL): string | null {
  if (tls === null || !tls.isFor(bare(url.hostname))) return null;
  // Read again: it may have been renewed since the hub started.
  const certificate = new X509Certificate(readFileSync(tls.certificateFile));
  return tls.isOwn ? keyPin(certificate) : null;
}

function warningOf(standing: StandingReach, url: URL, direct: Listener | null): string | null {
  const isShut = standing.network === null && isLoopback(standing.home.listenHost);
  if (isLoopback(url.hostname)) {
    return isShut
      ? `This hub listens on its own machine only, so only an agent there can reach it. For others ${openIt}`
      : `To an agent elsewhere ${url.hostname} is its own machine: give the address of this one.`;
  }
  if (url.protocol === 'http:') {
    return `This address is plain HTTP: agents on other machines refuse it, because anybody on the way could read along. Instead ${openIt}`;
  }
  if (direct?.isAtHome) {
    return `This hub listens on its own machine only, so no agent can reach it at this address. Instead ${openIt}`;
  }
  if (direct !== null && isIP(bare(url.hostname)) === 0 && !standing.answersTo(url.hostname)) {
    return `This hub does not answer to the name ${url.hostname}. Start it with: --allow-host ${url.hostname}`;
  }
  return null;
}

const openIt = 'open "This network" in Settings, or start it with: --network tls';

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}
