/** Series of a bundle that holds no secrets: mounts and labels of sensors are in their keys, and in the words about them. */
import { changeWords } from '../../../shared/changes/change-words.ts';
import type { TextRedactor } from '../../../shared/redaction/redact-text.ts';
import type { HistoryChanges, HistoryRecord } from '../../../shared/schema/history.ts';
import { cleanedKey, freeKey } from '../../../shared/slow-series.ts';

/** What cannot be cleaned is left out. */
export function redactedRecords(records: readonly HistoryRecord[], clean: TextRedactor): HistoryRecord[] {
  const taken = new Set<string>();
  return records.flatMap((record): HistoryRecord[] => {
    if (record.kind !== 'columns') return [record];
    const shown = cleanedKey(record.series, clean);
    return shown === null ? [] : [{ ...record, series: freeKey(shown, taken) }];
  });
}

export function redactedChanges(answer: HistoryChanges, clean: TextRedactor): HistoryChanges {
  const changes = answer.changes.flatMap((change) => {
    const series = cleanedKey(change.series, clean);
    if (series === change.series) return [change];
    return series === null ? [] : [{ ...change, series, words: changeWords({ ...change, series }) }];
  });
  return { ...answer, changes };
}
