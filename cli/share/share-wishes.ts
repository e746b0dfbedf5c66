/** The flags of `watchline share create` as the request they mean. */
import type { Flags } from '../../hub/config/load-config.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { shareChannels, type ShareChannel, type ShareRequest } from '../../shared/schema/shares.ts';

const unitSeconds: Record<string, number> = { m: 60, h: 3600, d: 24 * 3600 };

/** Throws a `WatchlineError` (`usage`). What the hub checks is left to it. */
export function shareWishes(flags: Flags): ShareRequest {
  const history = secondsOf('history', textOf(flags['history']));
  const viewers = textOf(flags['viewers']);
  const logFilter = textOf(flags['filter']);
  return {
    label: textOf(flags['label']) ?? 'Made in the terminal',
    by: textOf(flags['by']) ?? '',
    ...(flags['expires'] !== undefined && { expiresInSeconds: expiryOf(textOf(flags['expires'])!) }),
    ...(viewers !== null && { maxViewers: countOf(viewers) }),
    scope: {
      hosts: listOf(flags['host']),
      groups: listOf(flags['group']),
      ...(flags['show'] !== undefined && { channels: channelsOf(listOf(flags['show'])!) }),
      logFilter,
      redact: {
        // Commander's way of saying --no-redact.
        secrets: flags['redact'] !== false,
        emails: flags['redactEmails'] === true,
        addresses: flags['redactAddresses'] === true,
      },
      hidesNames: flags['hideNames'] === true,
      since: history === null ? 'live' : Date.now() - history * 1000,
    },
  };
}

function expiryOf(text: string): number | null {
  return text === 'never' ? null : secondsOf('expires', text);
}

/** "90m", "8h", "7d"; null where nothing was given. */
function secondsOf(flag: string, text: string | null): number | null {
  if (text === null) return null;
  const match = /^(\d{1,6})([mhd])$/.exec(text);
  if (match) return Number(match[1]) * unitSeconds[match[2]!]!;
  throw usage(
    `--${flag} ${JSON.stringify(text)} is no span of time.`,
    `Give minutes, hours or days, such as 90m, 8h or 7d${flag === 'expires' ? ', or "never"' : ''}.`,
  );
}

function countOf(text: string): number {
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0;
  if (count >= 1) return count;
  throw usage(
    `--viewers ${JSON.stringify(text)} is no number of people.`,
    'Give 1 or more, or leave it out.',
  );
}

function channelsOf(names: readonly string[]): ShareChannel[] {
  return names.map((name) => {
    const channel = shareChannels.find((candidate) => candidate === name);
    if (channel) return channel;
    throw usage(
      `--show ${JSON.stringify(name)} is nothing that can be shared.`,
      `Give of: ${shareChannels.join(', ')}.`,
    );
  });
}

function textOf(flag: Flags[string]): string | null {
  return typeof flag === 'string' ? flag : null;
}

function listOf(flag: Flags[string]): string[] | null {
  if (Array.isArray(flag)) return [...(flag as string[])];
  return typeof flag === 'string' ? [flag] : null;
}

function usage(message: string, remedy: string): WatchlineError {
  return new WatchlineError('usage', message, { remedy });
}
