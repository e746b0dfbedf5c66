/** `POST /api/v1/reach/test`: tries the address that is handed out, and says what stands in its way. */
import { reachSteps, type ReachTestAnswer } from '../../../shared/schema/reach.ts';
import { ProblemError } from '../../http/problem.ts';
import { isLoopback } from '../origins.ts';
import type { Reach } from '../reach.ts';
import { findLocalFirewall } from './local-firewall.ts';
import type { Trial, Trials } from './trials.ts';
import { tryAddress, type Tried } from './try-address.ts';
import { verdicts, type Verdict } from './verdicts.ts';

/** For each step. A reader would not wait longer. */
const STEP_MS = 5_000;

export interface ReachTestOptions {
  /** Default: 5 s for each step. */
  timeoutMs?: number;
  /** Where the system's files lie. Default "/". */
  root?: string;
}

/** `wanted`: one of the hub's origins; null: where links lead to. Throws a 400 `ProblemError` for any other. */
export async function testReach(
  reach: Reach,
  trials: Trials,
  wanted: string | null,
  { timeoutMs = STEP_MS, root = '/' }: ReachTestOptions = {},
): Promise<ReachTestAnswer> {
  await reach.refresh();
  const url = new URL(chosen(reach, wanted));
  if (isLoopback(url.hostname))
    return answerOf(url, { verdict: null, found: [] }, verdicts.ownMachineOnly(url));
  using trial = trials.begin();
  const tried = await tryAddress({ url, trial, timeoutMs, ownCertificates: ownCertificates(reach) });
  return answerOf(url, tried, tried.verdict ?? remarkOn(reach, url, trial, root));
}

/** Only what is handed out is tried: nobody is to look around a network by this address. */
function chosen(reach: Reach, wanted: string | null): string {
  if (wanted === null) return reach.base().url;
  const origin = URL.parse(wanted)?.origin;
  if (origin !== undefined && reach.origins().includes(origin)) return origin;
  throw new ProblemError(400, 'unknown-origin', 'This hub is not reached by that address.', {
    remedy: 'Give one of "origins" of GET /api/v1/reach, or none.',
  });
}

/** Those that the hub made itself: who was told their fingerprint trusts them. */
function ownCertificates({ standing }: Reach): string[] {
  const own = [standing.home.tls, standing.network?.certificate?.pair].filter((tls) => tls?.isOwn);
  return own.map((tls) => tls!.certificate).flatMap(certificatesIn);
}

function certificatesIn(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g) ?? [];
}

/** It works from here; what is to be said nevertheless. */
function remarkOn(reach: Reach, url: URL, { arrival }: Trial, root: string): Verdict {
  const { peer, address, isForwarded, isSecure } = arrival!;
  if (isForwarded && address === peer) return verdicts.proxyUntrusted(url, peer);
  if (url.protocol === 'http:') return verdicts.plain(url);
  if (!isSecure) return verdicts.schemeUnknown(url);
  const { network } = reach.standing;
  const isNetwork = network !== null && Number(url.port) === network.port;
  const firewall = isNetwork && reach.lastVisit === null ? findLocalFirewall(network.port, root) : null;
  return firewall === null
    ? verdicts.reachable(url, isNetwork && reach.lastVisit === null)
    : verdicts.firewall(url, firewall.name, firewall.command);
}

function answerOf(url: URL, { verdict, found }: Tried, said: Verdict): ReachTestAnswer {
  const steps = reachSteps.map((step) => {
    const index = found.findIndex((each) => each.step === step);
    if (index === -1) return { step, outcome: 'skipped' as const, found: null };
    const hasFailed = verdict !== null && index === found.length - 1;
    return {
      step,
      outcome: hasFailed ? ('failed' as const) : ('passed' as const),
      found: found[index]!.words,
    };
  });
  return { url: url.origin, ...said, steps };
}
