/**
 * The main process's end of the preload bridge: one `ipcMain` handler per request of the schema. A message is answered
 * only if it comes from the main frame of the window on the hub's page, and only if its payload is what the schema says.
 */
import { ipcMain, type BrowserWindow, type IpcMainInvokeEvent } from 'electron';
import {
  bridgeChannel,
  bridgeRequests,
  type BridgeAnswer,
  type BridgeRequest,
  type BridgeRequestName,
} from '../../shared/bridge.ts';
import { WatchlineError } from '../../shared/errors.ts';

export type BridgeAnswers = {
  [Name in BridgeRequestName]: (
    request: BridgeRequest<Name>,
    window: BrowserWindow,
  ) => BridgeAnswer<Name> | Promise<BridgeAnswer<Name>>;
};

export interface BridgeOptions {
  hubOrigin: string;
  /** The only window that may ask; null while there is none. */
  window: () => BrowserWindow | null;
  answers: BridgeAnswers;
}

export class BridgeRefusedError extends WatchlineError {
  constructor(name: BridgeRequestName, why: string) {
    super('bridge-refused', `The desktop shell did not answer "${name}": ${why}.`);
  }
}

export function setupBridge({ hubOrigin, window, answers }: BridgeOptions): void {
  for (const name of Object.keys(bridgeRequests) as BridgeRequestName[]) serve(name, answers[name]);

  function serve<Name extends BridgeRequestName>(name: Name, answer: BridgeAnswers[Name]) {
    ipcMain.handle(bridgeChannel(name), async (event, payload: unknown) => {
      const sender = window();
      if (sender === null || !isOurPage(event, sender)) throw new BridgeRefusedError(name, 'unknown sender');
      const parsed = bridgeRequests[name].request.safeParse(payload);
      if (!parsed.success) throw new BridgeRefusedError(name, 'malformed request');
      return answer(parsed.data as BridgeRequest<Name>, sender);
    });
  }

  function isOurPage(event: IpcMainInvokeEvent, sender: BrowserWindow): boolean {
    const frame = event.senderFrame;
    // A frame that navigated away while its message was under way is null, and so not ours.
    if (frame === null || frame.parent !== null || event.sender !== sender.webContents) return false;
    return URL.parse(frame.url)?.origin === hubOrigin;
  }
}
