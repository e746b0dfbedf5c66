/** HAProxy with the time limits that Debian's configuration sets, and the lines given. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProxyPlace } from './proxy-kinds.ts';

const DEBIAN_SILENCE_MS = 50_000;

export async function haproxyArguments(place: ProxyPlace, lines: readonly string[]): Promise<string[]> {
  const { port, folder, hubPort, silenceMs = DEBIAN_SILENCE_MS } = place;
  const configuration = path.join(folder, 'haproxy.cfg');
  await writeFile(
    configuration,
    `global
  maxconn 1000
defaults
  mode http
  timeout connect 5000
  timeout client ${Math.max(silenceMs, 5_000)}
  timeout server ${silenceMs}
${lines.map((line) => `  ${line}\n`).join('')}
frontend readers
  bind 127.0.0.1:${port}
  default_backend hub
backend hub
  server hub 127.0.0.1:${hubPort}
`,
  );
  return ['-db', '-q', '-f', configuration];
}
