/**
 * Makes a bundle of what the hub answers to whoever looks at this page: whatever is hidden from him is not in it, because he asks by the
 * same doors as ever. What could not be had is named in the bundle.
 */
import { BundleError } from '../../../shared/bundle/bundle-error.ts';
import { BUNDLE_FORMAT, MAX_BUNDLE_BYTES, type BundlePart } from '../../../shared/bundle/bundle-record.ts';
import { BundleWriter } from '../../../shared/bundle/bundle-writer.ts';
import { eventRedactor, type EventRedactor } from '../../../shared/redaction/redact-event.ts';
import { textRedactor, type TextRedactor } from '../../../shared/redaction/redact-text.ts';
import type { Dashboard } from '../../store/dashboard.ts';
import { bundleMessages } from '../bundle-messages.ts';
import { collectAlerts } from './collect-alerts.ts';
import { collectChanges } from './collect-changes.ts';
import { collectHosts } from './collect-hosts.ts';
import { collectLines } from './collect-lines.ts';
import { collectNotes } from './collect-notes.ts';
import { collectProcesses } from './collect-processes.ts';
import { packing } from './packing.ts';
import type { BundleWish } from './bundle-wish.ts';

export interface CollectOptions {
  wish: BundleWish;
  dashboard: Pick<Dashboard, 'hostById' | 'hello' | 'logs' | 'notes' | 'alerts' | 'clock'>;
  signal: AbortSignal;
  /** Told what is under way, for people. */
  onStep: (step: string) => void;
}

/** What the collecting of each part is given. */
export interface Collecting extends CollectOptions {
  writer: BundleWriter;
  redactEvent: EventRedactor;
  redactText: TextRedactor;
  nameOf: (host: string) => string;
  /** Hands on what was written: the page may breathe meanwhile. Throws where it was given up. */
  breathe: () => Promise<void>;
}

/** Throws a `BundleError` where it becomes too large, and an `AbortError` where it is given up. */
export async function collectBundle(options: CollectOptions): Promise<Blob> {
  const { wish, dashboard, signal, onStep } = options;
  const pack = packing();
  const hello = dashboard.hello.value;
  const redactText = wish.isRedacted
    ? textRedactor({ secrets: true, emails: false, addresses: false })
    : (text: string) => text;
  const writer = new BundleWriter(
    {
      format: BUNDLE_FORMAT,
      title: redactText(wish.title.trim()).slice(0, 200) || null,
      from: wish.from,
      to: wish.to,
      madeAt: Date.now(),
      madeBy: wish.by.trim().slice(0, 64) || null,
      hubVersion: (hello?.hubVersion ?? '').slice(0, 64),
      share: hello?.share?.label ?? null,
      isRedacted: wish.isRedacted,
    },
    pack.add,
  );
  const collecting: Collecting = {
    ...options,
    writer,
    redactText,
    redactEvent: wish.isRedacted ? eventRedactor(redactText, true) : (event) => event,
    nameOf: (host) => dashboard.hostById(host)?.host.value.name ?? host,
    breathe: async () => {
      signal.throwIfAborted();
      await pack.flush();
    },
  };
  await collectHosts(collecting);
  const collectors: [BundlePart, (collecting: Collecting) => Promise<void>][] = [
    ['metrics', collectChanges],
    ['processes', collectProcesses],
    ['notes', collectNotes],
    ['notes', collectAlerts],
    ['logs', collectLines],
  ];
  for (const [part, collect] of collectors) if (wish.parts.has(part)) await collect(collecting);
  signal.throwIfAborted();
  onStep(bundleMessages.save.steps.packing);
  writer.end();
  const file = await pack.end();
  if (file.size > MAX_BUNDLE_BYTES) throw new BundleError('bundle-too-large');
  return file;
}
