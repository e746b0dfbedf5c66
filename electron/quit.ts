/**
 * The way out: however the program is told to end (menu, tray, last window, signal, shutdown), everything that was
 * opened is closed once, in reverse order, and only then does the process end.
 */
import { app, powerMonitor } from 'electron';

/** A disk or a peer that hangs must not keep a person from logging out. */
const CLOSE_LIMIT_MS = 5_000;

/** Whatever is opened from now on goes into the stack that this answers. */
export function setupQuit(): AsyncDisposableStack {
  const opened = new AsyncDisposableStack();
  let isClosing = false;

  // Electron turns SIGINT, SIGTERM and SIGHUP into app.quit(), which comes by here before any window is closed.
  app.on('before-quit', (event) => {
    event.preventDefault();
    if (isClosing) return;
    isClosing = true;
    void closeWithin(opened, CLOSE_LIMIT_MS).then((code) => app.exit(code));
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  void app.whenReady().then(() => powerMonitor.on('shutdown', () => app.quit()));
  return opened;
}

/** 0, or 1 where something did not close, or not in time. Never rejects. */
export async function closeWithin(opened: AsyncDisposable, limitMs: number): Promise<0 | 1> {
  const limit = Promise.withResolvers<1>();
  const timer = setTimeout(() => {
    process.stderr.write(`watchline: not everything closed within ${limitMs / 1000} s.\n`);
    limit.resolve(1);
  }, limitMs);
  const closed = opened[Symbol.asyncDispose]().then(
    () => 0 as const,
    (trouble: unknown) => {
      process.stderr.write(`watchline: not everything closed: ${String(trouble)}\n`);
      return 1 as const;
    },
  );
  const code = await Promise.race([closed, limit.promise]);
  clearTimeout(timer);
  return code;
}
