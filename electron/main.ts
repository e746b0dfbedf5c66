/**
 * The desktop shell: an ordered list of concerns, one file each. A comment stands where the order matters.
 * The answers to Electron's security checklist are in docs/desktop-security.md.
 */
import { app } from 'electron';
import type { Config } from '../hub/config/config.ts';
import { loadConfig } from '../hub/config/load-config.ts';
import { parseFlags } from '../hub/config/parse-flags.ts';
import { bridgeAnswers } from './bridge/answers.ts';
import { setupBridge } from './bridge/serve-bridge.ts';
import { tellPage } from './bridge/tell-page.ts';
import { setupDeepLinks } from './deep-link.ts';
import { setupMenu } from './menu.ts';
import { setupNavigation } from './navigation.ts';
import { setupObservedHub } from './observed-hub.ts';
import { setupPermissions } from './permissions.ts';
import { setupProfile } from './profile.ts';
import { programFlags } from './program-flags.ts';
import { setupQuit } from './quit.ts';
import { failStart } from './start-failure.ts';
import { openDesktopKeyring } from './state/desktop-keyring.ts';
import { openStateFile } from './state/state-file.ts';
import { setupTheme } from './theme.ts';
import { hasTrayHost } from './tray/tray-host.ts';
import { setupTray } from './tray/tray.ts';
import { setupMainWindow } from './window/main-window.ts';

// Every page of this program is sandboxed, whatever its window asks for.
app.enableSandbox();
const opened = setupQuit();

try {
  const flags = parseFlags(programFlags(process.argv, app.isPackaged));
  const config = await loadConfig({ flags, env: process.env });
  // Before the lock, which lies in the profile: one instance per data folder.
  setupProfile(config.hub.dataDir);
  if (app.requestSingleInstanceLock()) {
    // Not awaited: Electron is ready only after this file has run.
    void app
      .whenReady()
      .then(() => open(config))
      .catch((trouble: unknown) => failStart(trouble, opened));
  } else app.exit(0);
} catch (trouble) {
  await failStart(trouble, opened);
}

async function open(config: Config): Promise<void> {
  const state = opened.use(openStateFile(config.hub.dataDir));
  const setTheme = setupTheme(state);
  const { keyring, weakness } = await openDesktopKeyring(config.hub.dataDir);
  const hub = opened.use(await setupObservedHub(config, keyring));

  // Before the first window: these guard its page from the first byte on.
  setupPermissions(hub.origin);
  setupNavigation(hub.origin);

  const tray = (await hasTrayHost(process.platform, process.env))
    ? opened.use(setupTray({ hub, state }))
    : null;
  const mainWindow = setupMainWindow({
    state,
    launchUrl: hub.launchUrl,
    hideOnClose: tray?.explainOnce ?? null,
  });
  tray?.onOpen(() => mainWindow.show());

  const answers = bridgeAnswers({
    setTheme,
    staysInTray: tray !== null,
    keyringWeakness: weakness,
    linkOrigin: hub.linkOrigin,
  });
  setupBridge({ hubOrigin: hub.origin, window: () => mainWindow.current, answers });
  setupMenu(mainWindow);
  const links = setupDeepLinks((path) => tellPage(mainWindow, 'navigate', path));
  links.follow(process.argv);
  app.on('second-instance', (_event, argv) => links.follow(argv) || mainWindow.show());
}
