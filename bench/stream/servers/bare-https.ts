/** Peer: the same as bare-node.ts on a TLS port, with everything Node does by default. For readers that nothing is sent to. */
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSelfSigned } from '../../../hub/tls/self-signed.ts';

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const cert = makeSelfSigned(privateKey, ['localhost', '127.0.0.1']);
const certificateFile = join(mkdtempSync(join(tmpdir(), 'watchline-bench-https-')), 'cert.pem');
writeFileSync(certificateFile, cert);

const key = privateKey.export({ type: 'pkcs8', format: 'pem' });
const server = createServer({ cert, key }, (_request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(': hello\n\n');
});
// Port, no token, and the certificate to trust.
server.listen(0, '127.0.0.1', 4096, () =>
  console.log(`${(server.address() as AddressInfo).port}  ${certificateFile}`),
);
