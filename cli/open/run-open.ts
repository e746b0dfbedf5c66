/** `watchline open FILE`: shows an incident bundle in the browser, from this machine, until told to stop. */
import { serveBundle } from '../../hub/bundle/bundle-server.ts';
import { readEnvironment } from '../../hub/config/environment.ts';
import type { Bundle } from '../../shared/bundle/bundle.ts';
import { WatchlineError } from '../../shared/errors.ts';
import { visibleText } from '../../shared/visible-text.ts';
import { untilToldToStop } from '../hub/stop-signals.ts';
import { findPageDir } from '../page-dir.ts';
import { reportError } from '../report-error.ts';
import { readBundleFile } from './read-bundle-file.ts';

export interface OpenFlags {
  port: string;
  /** False with `--no-open`. */
  open: boolean;
  /** Folder of the built page; default: beside the command. */
  page?: string;
}

/** Resolves with the exit code, after everything that was opened is closed. */
export async function runOpen(path: string, { port, open, page }: OpenFlags): Promise<number> {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const toldToStop = untilToldToStop();
  const wantedPort = portOf(port);
  const { file, bundle } = await readBundleFile(path);
  const pageDir = page ?? findPageDir();
  if (pageDir === null)
    throw new WatchlineError('page-missing', 'The page is not built.', {
      remedy: 'Build it: npm run build.',
    });
  await using server = await serveBundle({ file, pageDir, port: wantedPort, report: reportError });
  process.stdout.write(`${summaryOf(bundle)}\n\n  ${server.url}\n\nIt is shown read-only. Ctrl-C ends it.\n`);
  if (open && process.stdout.isTTY && readEnvironment().hasDisplay) {
    const { openBrowser } = await import('../hub/open-browser.ts');
    openBrowser(server.url);
  }
  await toldToStop;
  return 0;
}

function portOf(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Infinity;
  if (port > 65_535)
    throw new WatchlineError('usage', `"${text.slice(0, 20)}" is no port.`, { remedy: 'Give 0 to 65535.' });
  return port;
}

/** "Incident bundle “disk full”, 2026-11-21T14:00:00.000Z to ..., 3 hosts, by Ana. Missing: ..." */
function summaryOf({ head, events, omissions }: Bundle): string {
  const { title, from, to, madeBy } = head;
  const hosts = events.flatMap(({ name, data }) => (name === 'host' ? [data.name] : []));
  const facts = [
    `Incident bundle${title === null ? '' : ` "${title}"`}`,
    `${new Date(from).toISOString()} to ${new Date(to).toISOString()}`,
    hosts.length > 3 ? `${hosts.length} hosts` : hosts.join(', '),
    madeBy === null ? '' : `by ${madeBy}`,
  ].filter(Boolean);
  const missing = omissions.map(
    ({ what, host, why }) => `Missing: ${what}${host === null ? '' : ` of ${host}`}. ${why}`,
  );
  return [`${facts.join(', ')}.`, ...missing].map(visibleText).join('\n');
}
