/** A log store, a view of all its lines and a window of it, every change seen at once. */
import { effectScope } from 'vue';
import { ListWindow } from '../../../../../renderer/screens/logs/list-window.ts';
import { LogStore } from '../../../../../renderer/store/log-store.ts';
import { LogView } from '../../../../../renderer/store/log-view.ts';
import { RegexGuard } from '../../../../../renderer/store/regex-guard.ts';
import { everyLine } from '../../../../../shared/filter/tree.ts';
import type { LogLine } from '../../../../../shared/schema/logs.ts';

/** Pixels. */
export const rowHeight = 20;

export interface LineTail {
  store: LogStore;
  view: LogView;
  list: ListWindow;
  /** Lines whose text is how many there were; `change` may make one different, by that number. */
  add(count: number, change?: (index: number) => Partial<LogLine>): void;
}

export function lineTail(capacity: number): LineTail {
  const store = new LogStore({ capacity, schedule: (flush) => flush() });
  const query = { filter: everyLine, floor: null, hostId: null, span: null, isCollapsing: false };
  const view = effectScope(true).run(() => new LogView({ store, guard: new RegexGuard(), query }))!;
  const list = new ListWindow(view);
  list.setHeights(() => rowHeight);
  let time = 0;
  return {
    store,
    view,
    list,
    add(count, change = () => ({})) {
      for (let each = 0; each < count; each++) {
        const line = { host: 'a', time: ++time, level: null, source: 's', text: `${time}`, ...change(time) };
        store.append(line, 'abcd-1');
      }
    },
  };
}
