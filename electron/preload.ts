/**
 * Runs before the page, sandboxed, and hands it the bridge: one function per request of the schema and `on` for its
 * events. The page never sees `ipcRenderer` or an IPC event object. Built to CommonJS: a sandboxed preload has no ESM.
 */
import { contextBridge, ipcRenderer, type IpcRendererEvent } from 'electron';
import {
  BRIDGE_KEY,
  bridgeChannel,
  bridgeEvents,
  bridgeRequests,
  type BridgeEventName,
} from '../shared/bridge.ts';

const requests = Object.fromEntries(
  (Object.keys(bridgeRequests) as (keyof typeof bridgeRequests)[]).map((name) => [
    name,
    (request?: unknown) => ipcRenderer.invoke(bridgeChannel(name), request),
  ]),
);

function on(name: BridgeEventName, listener: (event: unknown) => void): () => void {
  if (!Object.hasOwn(bridgeEvents, name)) throw new TypeError(`The bridge has no event "${name}".`);
  const hear = (_event: IpcRendererEvent, told: unknown) => listener(told);
  ipcRenderer.on(bridgeChannel(name), hear);
  return () => void ipcRenderer.off(bridgeChannel(name), hear);
}

contextBridge.exposeInMainWorld(BRIDGE_KEY, { ...requests, on });
