/** Small choices a browser remembers; where storage is forbidden they last as long as the page. */

type LogPreference = 'log-wrap' | 'log-collapse' | 'log-utc' | 'log-volume' | 'log-views';
type FoldPreference = 'overview-folded' | 'rail-folded';
export type PreferenceName =
  'theme' | 'single-keys' | 'first-run' | 'network-unit' | 'own-name' | LogPreference | FoldPreference;

export function readPreference(name: PreferenceName): string | null {
  try {
    return localStorage.getItem(`watchline.${name}`);
  } catch {
    return null;
  }
}

export function writePreference(name: PreferenceName, value: string): void {
  try {
    localStorage.setItem(`watchline.${name}`, value);
  } catch {
    // Forbidden or full: the choice is lost with the page, which is all that can be done.
  }
}
