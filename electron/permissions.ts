/** The page may write text to the clipboard when its Copy is pressed. It is granted nothing else a page can ask for. */
import { session } from 'electron';

/** Copying a link or log lines; reading the clipboard is another permission and is not here. */
const granted = 'clipboard-sanitized-write';

export function setupPermissions(hubOrigin: string): void {
  const { defaultSession } = session;
  defaultSession.setPermissionRequestHandler((contents, permission, answer) => {
    answer(permission === granted && URL.parse(contents.getURL())?.origin === hubOrigin);
  });
  defaultSession.setPermissionCheckHandler(
    (_contents, permission, requestingOrigin) =>
      permission === granted && URL.parse(requestingOrigin)?.origin === hubOrigin,
  );
  defaultSession.setDevicePermissionHandler(() => false);
}
