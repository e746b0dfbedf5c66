/**
 * The hub's own authority: for teammates who trust it once, and then every certificate this hub makes. Kept in the data folder, 0600:
 * `authority.json`, and its certificate alone as `ca.crt`. It may vouch for names and addresses that mean something on a private
 * network only, and for this machine's: whoever steals its key can pretend to be no site of the internet.
 */
import { X509Certificate, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP, type BlockList } from 'node:net';
import path from 'node:path';
import { WatchlineError } from '../../shared/errors.ts';
import { keptAuthority, type KeptAuthority } from '../../shared/schema/kept-authority.ts';
import { writeFileAtomically } from '../../link/atomic-file.ts';
import { setAside } from '../../link/set-aside.ts';
import { addressRanges, isInRanges } from '../http/address-ranges.ts';
import {
  authorityExtensions,
  authorityKeyExtension,
  makeCertificate,
  serverExtensions,
  subjectKeyExtension,
} from './certificate.ts';
import { keyText, newKey, parseKey } from './kept-key.ts';
import { CLOCK_SLACK_MS, VALID_DAYS } from './self-signed.ts';

const DAY_MS = 24 * 3_600_000;
const AUTHORITY_DAYS = 3_652;
/** One that ends sooner is replaced: a certificate issued now could not last. */
const REPLACE_BEFORE_MS = 60 * DAY_MS;

/** Nobody can own these outside of a private network: RFC 6761, 6762, 8375, and ICANN's "internal". */
const privateDomains = ['localhost', 'local', 'internal', 'home.arpa'];

/** RFC 1918, 3927, 4193, 4291, 6598. */
const privateRanges = [
  '127.0.0.0/8',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  '100.64.0.0/10',
  '::1/128',
  'fc00::/7',
  'fe80::/10',
];

export interface OwnAuthority {
  /** PEM. */
  readonly certificate: string;
  /** Holds `certificate`. */
  readonly certificateFile: string;
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
  /** Epoch milliseconds. */
  readonly expires: number;
  /** Whether it may vouch for this host name or address. */
  permits(name: string): boolean;
  /** Whether it issued this certificate. */
  hasIssued(certificate: X509Certificate): boolean;
  /** A server's certificate in PEM, for a year; `names` are permitted ones. */
  issue(key: KeyObject, names: readonly string[], now: number): string;
}

export interface OwnAuthorityOptions {
  dataDir: string;
  /** Of this machine now: a new authority may vouch for these too. */
  names: readonly string[];
  /** Shown to people beside its fingerprint. */
  machine: string;
  report: (trouble: Error) => void;
  /** Epoch milliseconds. Default: now. */
  now?: number;
}

/** Reads it, or makes a new one where there is none that can be used. Throws what writing the files throws. */
export function openOwnAuthority(options: OwnAuthorityOptions): OwnAuthority {
  const file = path.join(options.dataDir, 'authority.json');
  const kept = readKept(file, options) ?? makeKept(file, options);
  return describe(kept, path.join(options.dataDir, 'ca.crt'));
}

/** Null where there is none yet. Nothing is made. */
export function findOwnAuthority(dataDir: string): OwnAuthority | null {
  try {
    return describe(parseKept(path.join(dataDir, 'authority.json')), path.join(dataDir, 'ca.crt'));
  } catch {
    return null;
  }
}

function describe(
  { certificate, key, domains, ranges }: KeptAuthority,
  certificateFile: string,
): OwnAuthority {
  const own = new X509Certificate(certificate);
  const signingKey = parseKey(key)!;
  const permitted = addressRanges(ranges);
  const expires = own.validToDate.getTime();
  return {
    certificate,
    certificateFile,
    fingerprint: own.fingerprint256,
    expires,
    permits: (name) => isPermitted(name, domains, permitted),
    hasIssued: (leaf) => leaf.checkIssued(own) && leaf.verify(own.publicKey),
    issue: (leafKey, names, now) =>
      makeCertificate({
        subject: 'Watchline hub',
        issuer: commonName(own),
        key: leafKey,
        signingKey,
        from: now - CLOCK_SLACK_MS,
        until: Math.min(now + VALID_DAYS * DAY_MS, expires),
        extensions: [
          ...serverExtensions(names),
          subjectKeyExtension(leafKey),
          authorityKeyExtension(signingKey),
        ],
      }),
  };
}

function makeKept(
  file: string,
  { dataDir, names, machine, now = Date.now() }: OwnAuthorityOptions,
): KeptAuthority {
  const key = newKey();
  const own = names.filter((name) => !isPermitted(name, privateDomains, addressRanges(privateRanges)));
  const domains = [...new Set([...privateDomains, ...own.filter((name) => isIP(name) === 0)])];
  const ranges = [...new Set([...privateRanges, ...own.filter((name) => isIP(name) !== 0).map(ownRange)])];
  // A second authority of the same machine is another one: no two have one name, or clients would take one for the other.
  const name = `Watchline on ${machine.slice(0, 32)} (${new Date(now).toISOString().slice(0, 19)}Z)`;
  const certificate = makeCertificate({
    subject: name,
    issuer: name,
    key,
    signingKey: key,
    from: now - CLOCK_SLACK_MS,
    until: now + AUTHORITY_DAYS * DAY_MS,
    extensions: [...authorityExtensions(domains, ranges), subjectKeyExtension(key)],
  });
  const kept = { certificate, key: keyText(key), domains, ranges };
  writeFileAtomically(file, `${JSON.stringify(kept, null, 2)}\n`);
  writeFileAtomically(path.join(dataDir, 'ca.crt'), certificate);
  return kept;
}

/** An IPv6 address changes within its network from day to day (RFC 8981). */
function ownRange(address: string): string {
  return isIP(address) === 4 ? `${address}/32` : `${address}/64`;
}

/** Null where there is none, or none that can be used: then it is set aside, and everybody has to trust a new one. */
function readKept(file: string, { report, now = Date.now() }: OwnAuthorityOptions): KeptAuthority | null {
  try {
    const kept = parseKept(file);
    const { validToDate } = new X509Certificate(kept.certificate);
    if (validToDate.getTime() - now > REPLACE_BEFORE_MS) return kept;
    report(
      replaced(`The hub's own authority ends on ${validToDate.toISOString().slice(0, 10)}.`, setAside(file)),
    );
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    report(replaced(`The hub's own authority ${file} is damaged.`, setAside(file), error));
  }
  return null;
}

function parseKept(file: string): KeptAuthority {
  const kept = keptAuthority.parse(JSON.parse(readFileSync(file, 'utf8')));
  const key = parseKey(kept.key);
  if (key === null || !new X509Certificate(kept.certificate).checkPrivateKey(key))
    throw new Error('The key is not that of the certificate');
  return kept;
}

function replaced(what: string, where: string, cause?: unknown): WatchlineError {
  return new WatchlineError('authority-replaced', `${what} ${where} A new one was made.`, {
    remedy: 'Whoever trusted the old one has to trust the new one: GET /ca.crt hands it out.',
    cause,
  });
}

function isPermitted(name: string, domains: readonly string[], ranges: BlockList): boolean {
  if (isIP(name) === 0) return domains.some((domain) => name === domain || name.endsWith(`.${domain}`));
  return isInRanges(ranges, name);
}

function commonName(certificate: X509Certificate): string {
  return /^CN=(.*)$/m.exec(certificate.subject)![1]!;
}
