/** A certificate that is renewed on the disk is shown to new connections without a restart; one that cannot be used is reported and left. */
import { generateKeyPairSync, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { connect } from 'node:tls';
import { expect, test } from 'vitest';
import { watchTlsPair } from '../../hub/tls/hub-tls.ts';
import { HttpListener } from '../../hub/http/http-listener.ts';
import { PublicSide } from '../../hub/http/public-side.ts';
import { NetworkPort } from '../../hub/reach/network-port.ts';
import { createSecureServer } from '../../hub/tls/secure-server.ts';
import { makeSelfSigned } from '../../hub/tls/self-signed.ts';
import { readTlsPair } from '../../hub/tls/tls-pair.ts';
import { defaultReach } from '../../shared/schema/reach.ts';
import { makeTempFolder } from '../support/temp-folder.ts';
import { makeTlsIdentity } from '../support/tls-listener.ts';
import { until } from '../support/until.ts';

test('a pair that changes on the disk is used by the running server', async () => {
  await using folder = await makeTempFolder();
  const tls = {
    certificateFile: path.join(folder.path, 'cert.pem'),
    keyFile: path.join(folder.path, 'key.pem'),
  };
  const writePair = async () => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const certificate = makeSelfSigned(privateKey, ['localhost']);
    await writeFile(tls.keyFile, privateKey.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(tls.certificateFile, certificate);
    return certificate;
  };
  const first = await writePair();
  const pair = readTlsPair(tls.certificateFile, tls.keyFile);
  const troubles: Error[] = [];
  const settings = {
    dataDir: folder.path,
    host: '127.0.0.1',
    allowedHosts: [],
    tls,
    report: (trouble: Error) => void troubles.push(trouble),
  };
  const secure = createSecureServer(
    pair,
    { maxHeaderSize: 16_384, headersTimeout: 5_000, idleMs: 5_000 },
    (_request, response) => void response.end(),
  );
  await using server = secure.server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  using _watch = watchTlsPair(settings, pair, (next) => secure.usePair(next), 20);

  /** Who trusts this very certificate is served. */
  const isShown = async (certificate: string) => {
    const { port } = server.address() as AddressInfo;
    const socket = connect({ port, host: '127.0.0.1', servername: 'localhost', ca: certificate });
    const isTrusted = await once(socket, 'secureConnect').then(
      () => true,
      () => false,
    );
    socket.destroy();
    return isTrusted;
  };
  expect(await isShown(first)).toBe(true);

  await writeFile(tls.certificateFile, 'half a certif');
  await until('a report', () => troubles.length > 0);
  expect(troubles[0]!.message).toContain('is not a certificate');
  expect(await isShown(first)).toBe(true);

  const second = await writePair();
  await until('the new certificate', () => isShown(second));
  expect(await isShown(first)).toBe(false);
});

test('the second listener goes over to a renewed certificate while it is open', async () => {
  await using folder = await makeTempFolder();
  const files = { certificate: path.join(folder.path, 'c.pem'), key: path.join(folder.path, 'k.pem') };
  const renew = async () => {
    const { key, certificate } = makeTlsIdentity();
    await writeFile(files.key, key.export({ type: 'pkcs8', format: 'pem' }));
    await writeFile(files.certificate, certificate);
    return new X509Certificate(certificate).fingerprint256;
  };
  const first = await renew();
  const troubles: Error[] = [];
  const outside = new PublicSide();
  const listening = {
    headersTimeoutMs: 5_000,
    requestTimeoutMs: 5_000,
    maxConnections: 10,
    report: () => undefined,
    take: () => undefined,
  };
  const network = await NetworkPort.prepare(
    {
      dataDir: folder.path,
      furtherNames: [],
      outside,
      lookAgainMs: 20,
      listener: (wishes) => new HttpListener({ ...listening, ...wishes }),
      onVisit: () => undefined,
      report: (trouble) => troubles.push(trouble),
    },
    { ...defaultReach, network: 'tls', certificate: 'files', files },
  );
  await network.listen(0);
  const shown = async () => {
    const socket = connect({ port: network.port, host: '127.0.0.1', rejectUnauthorized: false });
    await once(socket, 'secureConnect');
    const { fingerprint256 } = socket.getPeerX509Certificate()!;
    socket.destroy();
    return fingerprint256;
  };
  expect(await shown()).toBe(first);
  await writeFile(files.certificate, 'half a certif');
  await until('a report', () => troubles.length > 0);
  expect(troubles[0]).toMatchObject({ code: 'certificate-unusable' });
  expect(await shown()).toBe(first);
  const second = await renew();
  await until('the new certificate', async () => (await shown()) === second);
  expect(network.certificate!.pair.fingerprint).toBe(second);
  await network.close();
});
