/** The texts of TV mode. */
import { counted } from '../messages.ts';

export const tvMessages = {
  leave: 'Leave TV mode',
  leaveHint: 'Leave TV mode (Esc)',
  fullScreen: 'Full screen',
  mayFallAsleep:
    'This browser does not let a page keep the screen on: see to it in the settings of the screen.',
  more: (count: number) => `and ${counted(count, 'more host', 'more hosts')}`,
  waiting: 'Waiting for the first numbers',
  disk: 'Disk',
  peak: (value: string) => `peak ${value}`,
} as const;
