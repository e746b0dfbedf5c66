/** Which words of the command line are ours: Electron's own, Chromium's switches and deep links are taken out. */

/** Switches that Electron passes on to Chromium or Node; whoever gives one means them, not Watchline. */
const runtimeSwitch =
  /^--(no-sandbox|no-zygote|in-process-gpu|single-process|lang|js-flags|original-process-start-time|allow-file-access-from-files|(disable|enable|ozone|force|use|proxy|remote-debugging|remote-allow|inspect|trace|log|v|vmodule|ignore|password-store|class|gtk|high-dpi|gpu)(-[a-z0-9-]+)?)(=|$)/;

/** `argv` as `process.argv`. Unpackaged, the app's own path stands among the words and ends Electron's. */
export function programFlags(argv: readonly string[], isPackaged: boolean): string[] {
  const words = argv.slice(1);
  const appPath = isPackaged ? -1 : words.findIndex((word) => !word.startsWith('-'));
  return words
    .slice(appPath + 1)
    .filter((word) => !runtimeSwitch.test(word) && !word.startsWith('watchline:'));
}
