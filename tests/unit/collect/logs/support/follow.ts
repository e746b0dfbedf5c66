/** A real collector over real files, with a recorder on it. */
import {
  createLogCollector,
  type LogCollector,
  type LogCollectorOptions,
} from '../../../../../collect/logs/log-collector.ts';
import { createLogRecorder, type LogRecorder } from './log-recorder.ts';

export interface Following
  extends LogRecorder, Pick<LogCollector, 'positions' | 'changedPositions' | 'readNow'>, AsyncDisposable {}

export async function follow(
  files: string[],
  options: Partial<LogCollectorOptions> = {},
  recorder: LogRecorder = createLogRecorder(),
): Promise<Following> {
  const collector = createLogCollector({ host: 'web-1', files, exclude: [], journal: 'off', ...options });
  await collector.start((observation) => recorder.emit(observation));
  const { positions, changedPositions, readNow } = collector;
  return {
    ...recorder,
    positions,
    changedPositions,
    readNow,
    [Symbol.asyncDispose]: () => collector[Symbol.asyncDispose](),
  };
}
