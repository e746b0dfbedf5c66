/**
 * The hub of the ingest bench, in a process of its own: HTTPS with a certificate it makes itself, as a hub that agents send to.
 * `node ingest-hub.ts DATA_DIR`; ends with its stdin.
 */
import { startHub } from '../../hub/start-hub.ts';

const hub = await startHub({
  version: '0.0.0-bench',
  host: '127.0.0.1',
  port: 0,
  dataDir: process.argv[2]!,
  pageDir: null,
  allowedHosts: [],
  observers: [],
  tls: 'self-signed',
  // The readers' compression is another bench's subject.
  compression: 'off',
  maxBatchesPerSecond: 1_000,
});
process.stdout.write(
  `${JSON.stringify({ port: hub.port, token: hub.ownerToken, certificate: hub.certificate!.file })}\n`,
);
process.stdin.resume().once('end', () => void hub[Symbol.asyncDispose]());
