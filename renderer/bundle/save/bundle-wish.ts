/** What a bundle is to hold, as somebody has chosen. */
import { MAX_BUNDLE_HOSTS, type BundlePart } from '../../../shared/bundle/bundle-record.ts';
import { bundleMessages } from '../bundle-messages.ts';

export interface BundleWish {
  /** Epoch milliseconds, the end excluded. */
  from: number;
  to: number;
  title: string;
  by: string;
  hosts: readonly string[];
  parts: ReadonlySet<BundlePart>;
  isRedacted: boolean;
}

/** What stands in its way, one sentence; null: nothing. */
export function faultOf({ hosts, parts }: BundleWish): string | null {
  const words = bundleMessages.save;
  if (hosts.length === 0) return words.noHosts;
  if (hosts.length > MAX_BUNDLE_HOSTS) return words.tooManyHosts(MAX_BUNDLE_HOSTS);
  return parts.size === 0 ? words.nothing : null;
}

/** `incident-2026-11-21-1403.watchline`, by the reader's clock: when it happened. */
export function fileNameOf({ from }: Pick<BundleWish, 'from'>, extension: string): string {
  const moment = new Date(from);
  const two = (number: number) => String(number).padStart(2, '0');
  const day = [moment.getFullYear(), two(moment.getMonth() + 1), two(moment.getDate())].join('-');
  return `incident-${day}-${two(moment.getHours())}${two(moment.getMinutes())}${extension}`;
}
