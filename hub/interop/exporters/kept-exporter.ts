/** `exporters.json`: the node_exporters this hub asks, with their secrets, sealed where there is a keyring. */
import path from 'node:path';
import * as z from 'zod/mini';
import { exporterRequest, type ExporterRequest } from '../../../shared/schema/interop.ts';
import { observedHost } from '../../../shared/schema/uplink.ts';
import type { KeptList } from '../../kept-list.ts';
import type { TargetKind } from '../target-endpoint.ts';
import { parseExporterUrl } from '../target-url.ts';
import { keptTarget } from '../target.ts';

const keptExporter = z.extend(keptTarget, {
  ...z.pick(exporterRequest, { name: true, group: true, intervalSeconds: true }).shape,
  /** Who it was when it last answered: shown, offline, from the hub's start on. */
  described: z.nullable(observedHost),
});
export type KeptExporter = z.infer<typeof keptExporter>;

const EXPORTER_FILE = 'exporters.json';

export function exporterList(dataDir: string): KeptList<KeptExporter> {
  return {
    file: path.join(dataDir, EXPORTER_FILE),
    key: 'exporters',
    schema: keptExporter,
    damage: { code: 'exporters-file-damaged', remedy: 'Add the exporters that are missing again.' },
  };
}

export const exporterKind: TargetKind<ExporterRequest, KeptExporter> = {
  listName: 'exporters',
  auditName: 'exporter',
  schema: exporterRequest,
  wantedOf: (request) => ({ ...request, url: parseExporterUrl(request.url).href, described: null }),
};
