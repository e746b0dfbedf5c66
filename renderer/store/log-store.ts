/** The log lines the page holds, newest last, bounded, with what is missing between them. */
import { shallowRef, type ShallowRef } from 'vue';
import type { LogLine } from '../../shared/schema/logs.ts';
import type { Gap } from '../../shared/schema/stream.ts';

const capacity = 50_000;

export class LogStore {
  readonly revision: ShallowRef<number> = shallowRef(0);
  readonly lines: { line: LogLine; cursor: string }[] = [];
  readonly gaps: Gap[] = [];

  append(line: LogLine, cursor: string): void {
    this.lines.push({ line, cursor });
    if (this.lines.length > capacity) this.lines.splice(0, capacity / 10);
    this.revision.value++;
  }

  gap(gap: Gap): void {
    this.gaps.push(gap);
    this.revision.value++;
  }

  clear(): void {
    this.lines.length = 0;
    this.gaps.length = 0;
    this.revision.value++;
  }
}
