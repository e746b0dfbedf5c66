/** Caddy as a reverse proxy, at its defaults but for the directive given. */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProxyPlace } from './proxy-kinds.ts';

export async function caddyArguments(place: ProxyPlace, directive: string): Promise<string[]> {
  const { port, folder, hubPort, silenceMs, address = '127.0.0.1', tls } = place;
  const configuration = path.join(folder, 'Caddyfile');
  const transport =
    silenceMs === undefined ? '' : `{\n    transport http {\n      read_timeout ${silenceMs}ms\n    }\n  }`;
  await writeFile(
    configuration,
    `{
  admin off
  auto_https off
}
${tls === undefined ? 'http' : 'https'}://:${port} {
  bind ${address}
  ${tls === undefined ? '' : `tls ${tls.certificateFile} ${tls.keyFile}`}
  ${directive}
  reverse_proxy 127.0.0.1:${hubPort} ${transport}
}
`,
  );
  return ['run', '--config', configuration, '--adapter', 'caddyfile'];
}
