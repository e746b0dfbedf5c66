/** The answer of `GET` and `PUT /api/v1/reach`. */
import { paths } from '../../shared/protocol.ts';
import type { ReachAnswer } from '../../shared/schema/reach.ts';
import { findOwnAuthority } from '../tls/own-authority.ts';
import type { Reach } from './reach.ts';
import { trustGuides } from './trust-guides.ts';

export function reachAnswerOf(reach: Reach): ReachAnswer {
  const base = reach.base();
  return {
    settings: reach.settings,
    fixed: reach.fixed,
    listener: listenerOf(reach),
    base,
    origins: reach.origins(),
    certificate: certificateOf(reach),
    authority: authorityOf(reach, base.url),
    lastVisit: reach.lastVisit,
  };
}

function listenerOf({ network, trouble }: Reach): ReachAnswer['listener'] {
  if (network !== null) return { state: 'open', port: network.port, trouble: null };
  if (trouble === null) return { state: 'closed', port: null, trouble: null };
  return { state: 'failed', port: null, trouble: [trouble.message, trouble.remedy ?? ''].join(' ').trim() };
}

function certificateOf({ network }: Reach): ReachAnswer['certificate'] {
  const certificate = network?.certificate ?? null;
  if (certificate === null) return null;
  const { pair, names, leftOut, expires } = certificate;
  return { fingerprint: pair.fingerprint, names: [...names], leftOut: [...leftOut], expires };
}

function authorityOf({ dataDir }: Reach, origin: string): ReachAnswer['authority'] {
  const authority = findOwnAuthority(dataDir);
  if (authority === null) return null;
  const { fingerprint, expires } = authority;
  return { path: paths.authority, fingerprint, expires, trust: trustGuides(origin, fingerprint) };
}
