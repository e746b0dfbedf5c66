/** The shell's word to the page: an event of the bridge, sent once the page can hear it. */
import { bridgeChannel, bridgeEvents, type BridgeEvent, type BridgeEventName } from '../../shared/bridge.ts';
import type { MainWindow } from '../window/main-window.ts';

/** Brings the window up and tells its page. An event the schema does not know is a fault of ours, and throws. */
export function tellPage<Name extends BridgeEventName>(
  mainWindow: MainWindow,
  name: Name,
  event: BridgeEvent<Name>,
): void {
  const parsed = bridgeEvents[name].parse(event);
  const { webContents } = mainWindow.show();
  const send = () => webContents.send(bridgeChannel(name), parsed);
  if (webContents.isLoadingMainFrame()) webContents.once('did-finish-load', send);
  else send();
}
