/** The path of a screen as its reader knows it: "/host/web-1" is "web-1", "/logs" is "Logs". */
import { messages } from '../../messages.ts';

const { screens } = messages;
const names: Record<string, string> = {
  '': screens.overview,
  logs: screens.logs,
  events: screens.events,
  settings: screens.settings,
};

/** The path itself, where there is no such screen. */
export function screenName(path: string, hostName: (id: string) => string): string {
  const [, first = '', second] = path.split('/');
  if (first === 'host' && second !== undefined) return hostName(second);
  return names[first] ?? path;
}
