/**
 * The built page. Its files are listed once when the hub starts, so a request can name nothing else; what is
 * not a file of it and looks like a screen's address gets index.html.
 */
import { createReadStream, readdirSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { WatchlineError } from '../../shared/errors.ts';
import type { Exchange } from './exchange.ts';
import { notFound } from './problem.ts';

const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.txt': 'text/plain; charset=utf-8',
};

/** Ready-made compressed copies beside a file, best first. */
const encodings = [
  { name: 'br', suffix: '.br' },
  { name: 'gzip', suffix: '.gz' },
];

/** The page runs its own scripts only and talks to this hub only; no other page may hold it in a frame. */
const pageHeaders = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'self'; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    // A string becomes markup or script by two policies only: Vue's for its own templates, and the page's for its worker.
    "require-trusted-types-for 'script'; trusted-types vue watchline",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
};

/** What has no extension, and hosts: their ids may look as if they had one. */
function isScreen(name: string): boolean {
  if (name.startsWith('/api/') || name.startsWith('/assets/')) return false;
  return path.posix.extname(name) === '' || /\/host\/[^/]+$/.test(name);
}

interface PageFile {
  file: string;
  bytes: number;
  etag: string;
}

export class PageFiles {
  readonly #files = new Map<string, PageFile>();

  /** `pageDir` null: no page. Throws a `WatchlineError` where the folder holds no index.html. */
  constructor(pageDir: string | null) {
    if (pageDir === null) return;
    this.#list(path.resolve(pageDir));
    if (this.#files.has('/index.html')) return;
    throw new WatchlineError('page-missing', `The page folder ${pageDir} holds no index.html.`, {
      remedy: 'Build the page first: npm run build.',
    });
  }

  /** `more`: headers besides, or instead of, those that the page has everywhere. */
  async answer(
    { request, response }: Pick<Exchange, 'request' | 'response'>,
    more: Record<string, string> = {},
  ): Promise<void> {
    const name = this.#nameOf(request.url!);
    const { file, encoding } = this.#bestOf(name, String(request.headers['accept-encoding'] ?? ''));
    const headers: Record<string, string | number> = {
      ...pageHeaders,
      'Content-Type': types[path.extname(name)] ?? 'application/octet-stream',
      // Names under assets/ hold a hash of their content; everything else is asked for anew each time.
      'Cache-Control': name.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
      ETag: file.etag,
      Vary: 'Accept-Encoding',
      ...more,
    };
    if (request.headers['if-none-match'] === file.etag) {
      response.writeHead(304, headers).end();
      return;
    }
    if (encoding !== null) headers['Content-Encoding'] = encoding;
    // Opened before the head is written: a file that vanished since the start is an answer, not a broken one.
    // Closed here and not by the stream: towards a reader that has left already, a pipeline does not even begin.
    await using handle = await open(file.file).catch(() => {
      throw notFound();
    });
    response.writeHead(200, { ...headers, 'Content-Length': file.bytes });
    if (request.method === 'HEAD') {
      response.end();
      return;
    }
    const content = createReadStream('', {
      fd: handle,
      autoClose: false,
      end: Math.max(0, file.bytes - 1),
    });
    // A reader that leaves in the middle ends the pipeline; there is nobody left to tell.
    await pipeline(content, response).catch(() => response.destroy());
  }

  #nameOf(url: string): string {
    const [pathname] = url.split('?', 1);
    let name: string;
    try {
      name = decodeURIComponent(pathname!);
    } catch {
      throw notFound();
    }
    if (this.#files.has(name)) return name;
    if (isScreen(name) && this.#files.has('/index.html')) return '/index.html';
    throw notFound();
  }

  #bestOf(name: string, accepted: string): { file: PageFile; encoding: string | null } {
    for (const encoding of encodings) {
      const copy = accepted.includes(encoding.name) ? this.#files.get(name + encoding.suffix) : undefined;
      if (copy) return { file: copy, encoding: encoding.name };
    }
    return { file: this.#files.get(name)!, encoding: null };
  }

  #list(root: string): void {
    for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const file = path.join(entry.parentPath, entry.name);
      const { size, mtimeMs } = statSync(file);
      const name = `/${path.relative(root, file).split(path.sep).join('/')}`;
      this.#files.set(name, {
        file,
        bytes: size,
        etag: `"${size.toString(36)}-${Math.round(mtimeMs).toString(36)}"`,
      });
    }
  }
}
