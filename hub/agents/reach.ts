/** How an agent reaches this hub: the address for the line to paste, the pin for it, and what stands in the way. */
import { readFileSync } from 'node:fs';
import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { keyPin } from '../../link/tls/key-pin.ts';
import { ProblemError } from '../http/problem.ts';
import type { TlsPair } from '../tls/tls-pair.ts';

/** Where the hub stands. */
export interface HubPlace {
  /** Address it listens on. */
  listenHost: string;
  port: number;
  tls: Pick<TlsPair, 'certificateFile' | 'isFor' | 'dnsNames'> | null;
  /** Whether the hub answers to a DNS name in `Host`; it does to each of its addresses. */
  answersTo: (name: string) => boolean;
}

/** How the owner came to it. */
export interface Visit {
  /** Host and port the owner's request named. */
  authority: string;
  /** `Origin` of the owner's page; behind a proxy that ends TLS it is https. */
  origin: string | undefined;
}

export interface Reach {
  hubUrl: string;
  pin: string | null;
  warning: string | null;
}

/** `wanted`: the address the owner gave, or null. Throws a 400 `ProblemError` where that cannot be one. */
export function reachOf(place: HubPlace, wanted: string | null, visit: Visit): Reach {
  const url = wanted === null ? visitedUrl(place, visit) : parseHubUrl(wanted);
  const isDirect = isOwnPort(place, url);
  return {
    hubUrl: url.origin,
    pin: isDirect ? pinOf(place, url) : null,
    warning: warningOf(place, url, isDirect),
  };
}

/** The line of a shell on any system: nothing in it needs quotes. */
export function agentLine({ hubUrl, pin }: Pick<Reach, 'hubUrl' | 'pin'>, code: string): string {
  return `watchline agent --hub ${hubUrl} --code ${code}${pin === null ? '' : ` --pin ${pin}`}`;
}

/** The address the owner came to, but where it is loopback's, which means another machine to everybody else. */
function visitedUrl(place: HubPlace, { authority, origin }: Visit): URL {
  const isSecure = place.tls !== null || origin === `https://${authority}`;
  const url = new URL(`${isSecure ? 'https' : 'http'}://${authority}`);
  if (isLoopback(url.hostname) && !isLoopback(place.listenHost)) url.hostname = outwardName(place);
  return url;
}

/** A name of the certificate where the owner gave one, else the address others see. */
function outwardName({ listenHost, tls }: HubPlace): string {
  const isEveryAddress = listenHost === '0.0.0.0' || listenHost === '::';
  const address = isEveryAddress ? (networkAddress() ?? 'localhost') : listenHost;
  const name = tls === null || tls.isFor(address) ? address : (tls.dnsNames[0] ?? address);
  return name.includes(':') ? `[${name}]` : name;
}

/** The first of this machine that is neither loopback's nor link-local; IPv4 before IPv6, which fewer networks carry. */
function networkAddress(): string | null {
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? []);
  const outward = all.filter(({ internal, address }) => !internal && !/^(169\.254\.|fe80:)/i.test(address));
  const found = outward.find(({ family }) => family === 'IPv4') ?? outward[0];
  return found?.address ?? null;
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

/** False behind a proxy, whose certificate and names are its own. */
function isOwnPort({ port, tls }: HubPlace, url: URL): boolean {
  const isSecure = url.protocol === 'https:';
  return Number(url.port || (isSecure ? 443 : 80)) === port && isSecure === (tls !== null);
}

/** Null where there is no TLS, or an authority has issued the certificate. */
function pinOf({ tls }: HubPlace, url: URL): string | null {
  if (tls === null || !tls.isFor(bare(url.hostname))) return null;
  // Read again: it may have been renewed since the hub started.
  const certificate = new X509Certificate(readFileSync(tls.certificateFile));
  // Not `checkIssued`: it asks for the right to sign certificates, which the hub's own does not have.
  return certificate.verify(certificate.publicKey) ? keyPin(certificate) : null;
}

function warningOf({ listenHost, answersTo }: HubPlace, url: URL, isDirect: boolean): string | null {
  if (isLoopback(url.hostname)) {
    return isLoopback(listenHost)
      ? 'This hub listens on its own machine only, so only an agent there can reach it. For others start it with: --host 0.0.0.0 --tls'
      : `To an agent elsewhere ${url.hostname} is its own machine: give the address of this one.`;
  }
  if (url.protocol === 'http:') {
    return 'This address is plain HTTP: agents on other machines refuse it, because anybody on the way could read along. Start the hub with: --host 0.0.0.0 --tls';
  }
  if (isDirect && isLoopback(listenHost)) {
    return 'This hub listens on its own machine only, so no agent can reach it at this address. Start it with: --host 0.0.0.0 --tls';
  }
  if (isDirect && isIP(bare(url.hostname)) === 0 && !answersTo(url.hostname)) {
    return `This hub does not answer to the name ${url.hostname}. Start it with: --allow-host ${url.hostname}`;
  }
  return null;
}

/** An IPv6 address without its brackets. */
function bare(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '');
}

function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '::1' || name === '[::1]' || name.startsWith('127.');
}
