/** nginx as a proxy, at its defaults but for the directives given; it writes no access log unless they say where. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ProxyPlace } from './proxy-kinds.ts';

/** Where Debian's build would write otherwise. */
const temporaryFolders = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];

export async function nginxArguments(place: ProxyPlace, directives: string): Promise<string[]> {
  const { port, folder, hubPort, silenceMs, address = '127.0.0.1', tls } = place;
  await mkdir(path.join(folder, 'tmp'));
  const configuration = path.join(folder, 'nginx.conf');
  await writeFile(
    configuration,
    `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/error.log;
    events {}
    http {
      ${directives.includes('access_log') ? '' : 'access_log off;'}
      ${temporaryFolders.map((name) => `${name}_temp_path ${folder}/tmp/${name};`).join('\n')}
      ${directives}
      ${silenceMs === undefined ? '' : `proxy_read_timeout ${silenceMs}ms;`}
      server {
        listen ${address}:${port} ${tls === undefined ? '' : 'ssl'};
        ${tls === undefined ? '' : `ssl_certificate ${tls.certificateFile}; ssl_certificate_key ${tls.keyFile};`}
        location / { proxy_pass http://127.0.0.1:${hubPort}; }
      }
    }`,
  );
  return ['-p', folder, '-e', path.join(folder, 'error.log'), '-c', configuration];
}
