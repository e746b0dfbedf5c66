/** `remote-writes.json`: where samples are written to, with the secrets, sealed where there is a keyring. */
import path from 'node:path';
import * as z from 'zod/mini';
import { remoteWriteRequest, type RemoteWriteRequest } from '../../../shared/schema/interop.ts';
import type { KeptList } from '../../kept-list.ts';
import type { TargetKind } from '../target-endpoint.ts';
import { parseWriteUrl } from '../target-url.ts';
import { keptTarget } from '../target.ts';

const keptRemoteWrite = z.extend(
  keptTarget,
  z.pick(remoteWriteRequest, { everySeconds: true, labels: true, tenant: true }).shape,
);
export type KeptRemoteWrite = z.infer<typeof keptRemoteWrite>;

const REMOTE_WRITE_FILE = 'remote-writes.json';

export function remoteWriteList(dataDir: string): KeptList<KeptRemoteWrite> {
  return {
    file: path.join(dataDir, REMOTE_WRITE_FILE),
    key: 'remoteWrites',
    schema: keptRemoteWrite,
    damage: {
      code: 'remote-writes-file-damaged',
      remedy: 'Add the places to write to that are missing again.',
    },
  };
}

export const remoteWriteKind: TargetKind<RemoteWriteRequest, KeptRemoteWrite> = {
  listName: 'remoteWrites',
  auditName: 'remote-write',
  schema: remoteWriteRequest,
  wantedOf: (request) => ({ ...request, url: parseWriteUrl(request.url).href }),
};
