/** Answers of the history, read as a client reads them. */
import { expect } from 'vitest';
import {
  HISTORY_CONTENT_TYPE,
  historyRecord,
  type HistoryRecord,
  type HistoryRecordOf,
} from '../../shared/schema/history.ts';

export interface HistoryTold {
  records: HistoryRecord[];
  begin: HistoryRecordOf<'begin'>;
  columns: HistoryRecordOf<'columns'>[];
  gaps: HistoryRecordOf<'gaps'>[];
  /** `end`, or `problem`. */
  last: HistoryRecord;
}

export function historyTold(records: HistoryRecord[]): HistoryTold {
  return {
    records,
    begin: records[0] as HistoryRecordOf<'begin'>,
    columns: records.filter((record) => record.kind === 'columns'),
    gaps: records.filter((record) => record.kind === 'gaps'),
    last: records.at(-1)!,
  };
}

/** Every line is parsed by the schema; anything but 200 fails the test. */
export async function readHistory(response: Response): Promise<HistoryTold> {
  const text = await response.text();
  expect([response.status, response.status === 200 ? '' : text]).toEqual([200, '']);
  expect(response.headers.get('content-type')).toBe(HISTORY_CONTENT_TYPE);
  return historyTold(
    text
      .trimEnd()
      .split('\n')
      .map((line) => historyRecord.parse(JSON.parse(line))),
  );
}
