/** What the page asks of the hub about other tools. Each answers the hub's word, or a sentence to show. */
import { paths } from '../../shared/protocol.ts';
import {
  exporterEntry,
  exportersAnswer,
  remoteWriteEntry,
  remoteWritesAnswer,
  type ExporterEntry,
  type ExporterRequest,
  type RemoteWriteEntry,
  type RemoteWriteRequest,
} from '../../shared/schema/interop.ts';
import { askHub, type HubAnswer } from '../app/ask-hub.ts';

export function listExporters(signal: AbortSignal): Promise<HubAnswer<{ exporters: ExporterEntry[] }>> {
  return askHub(paths.exporters, exportersAnswer, { signal });
}

export function addExporter(request: ExporterRequest): Promise<HubAnswer<ExporterEntry>> {
  return askHub(paths.exporters, exporterEntry, { method: 'POST', body: request });
}

export function listRemoteWrites(
  signal: AbortSignal,
): Promise<HubAnswer<{ remoteWrites: RemoteWriteEntry[] }>> {
  return askHub(paths.remoteWrites, remoteWritesAnswer, { signal });
}

export function addRemoteWrite(request: RemoteWriteRequest): Promise<HubAnswer<RemoteWriteEntry>> {
  return askHub(paths.remoteWrites, remoteWriteEntry, { method: 'POST', body: request });
}

/** Of either list. */
export function pauseTarget(
  list: 'exporters' | 'remoteWrites',
  id: string,
  paused: boolean,
): Promise<HubAnswer<unknown>> {
  return askHub(`${paths[list]}/${id}`, null, { method: 'PATCH', body: { paused } });
}

export function removeTarget(list: 'exporters' | 'remoteWrites', id: string): Promise<HubAnswer<unknown>> {
  return askHub(`${paths[list]}/${id}`, null, { method: 'DELETE' });
}
