/** Which stream to read, and with which token. */
import { readFile } from 'node:fs/promises';
import { readRuntimeFile } from '../../hub/runtime-file.ts';
import { WatchlineError } from '../../shared/errors.ts';
import type { LogLevel } from '../../shared/log-level.ts';
import { paths } from '../../shared/protocol.ts';
import { shareTokenIn } from '../../shared/share-link.ts';
import { RefusedError } from '../refused-error.ts';

export interface StreamPlace {
  url: URL;
  /** Asked before each connection: a hub that was started anew has a new token. */
  token: () => string | null;
  /** PEM file of the only certificate to trust there; null: as this machine's authorities say. */
  certificateFile: string | null;
}

export interface FindStreamOptions {
  /** A hub's address or stream, or a share link; null: the hub of this machine. */
  url: string | null;
  tokenFile: string | null;
  /** From the environment. */
  token: string | null;
  /** Of this machine's hub. */
  dataDir: string;
  level: LogLevel | null;
  withMetrics: boolean;
}

/** The token of this machine's hub goes to that hub only. */
export async function findStream(options: FindStreamOptions): Promise<StreamPlace> {
  const local = readRuntimeFile(options.dataDir);
  if (options.url === null && local === null) {
    throw new RefusedError(
      `No hub runs on this machine (there is no hub.json in ${options.dataDir}).`,
      'Start one with "watchline hub", name its data folder with --data, or give the address of another.',
    );
  }
  const address = parseUrl(options.url ?? local!.url);
  const shareToken = shareTokenOf(address);
  const url = streamUrl(address, options);
  const isLocal = local !== null && new URL(local.url).origin === url.origin;
  const given = shareToken ?? (await fromFile(options.tokenFile)) ?? options.token;
  const localToken = (): string | null => readRuntimeFile(options.dataDir)?.token ?? null;
  return {
    url,
    token: given === null && isLocal ? localToken : () => given,
    certificateFile: isLocal ? local.certificateFile : null,
  };
}

function parseUrl(text: string): URL {
  const url = URL.parse(text.includes('://') ? text : `http://${text}`);
  if (url !== null && ['http:', 'https:'].includes(url.protocol)) {
    if (url.username === '' && url.password === '') return url;
    throw usage(
      'The address holds a user name or password, which a hub does not know.',
      'Leave out the part before "@".',
    );
  }
  throw usage(`"${text}" is not an http or https address.`, 'Give one like http://127.0.0.1:7400/.');
}

/** A link that somebody shared brings its own token. */
function shareTokenOf(url: URL): string | null {
  const token = shareTokenIn(url);
  if (token !== 'cut') return token;
  throw usage(
    'This share link is not whole: what follows the "#" is missing or cut.',
    'Put it in quotes as it was sent to you; a shell takes what follows a "#" for a comment.',
  );
}

/** A bare address, or a share link, means the hub's stream; parameters that are already there are kept. */
function streamUrl(url: URL, { level, withMetrics }: FindStreamOptions): URL {
  url.hash = '';
  if (url.pathname === '/' || shareTokenIn(url) !== null) url.pathname = paths.stream;
  const wanted = {
    channels: withMetrics ? 'logs,state,metrics' : 'logs,state',
    recent: '0',
    ...(level !== null && { level }),
  };
  for (const [name, value] of Object.entries(wanted))
    if (!url.searchParams.has(name)) url.searchParams.set(name, value);
  return url;
}

async function fromFile(path: string | null): Promise<string | null> {
  if (path === null) return null;
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw usage(
      `The token file ${path} cannot be read (${error.code}).`,
      'Name a file that holds the token alone.',
    );
  });
  if (/^[\x21-\x7e]{1,4096}$/.test(text.trim())) return text.trim();
  throw usage(`The token file ${path} does not hold a token.`, 'It must hold the token alone, on one line.');
}

function usage(message: string, remedy: string): WatchlineError {
  return new WatchlineError('usage', message, { remedy });
}
