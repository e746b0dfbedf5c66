/** The texts of Settings > Alerts. */
import type { AlertMeasure } from '../../../../shared/schema/alerts.ts';
import { counted } from '../../../messages.ts';

/** What a sentence is made of, around its fields. */
export interface RuleSentence {
  /** Before the amount, or the first wait where there is no amount. */
  when: string;
  for: string;
  /** Before the amount that clears it, or the second wait. */
  clear: string;
}

const amounts = { for: 'for', clear: 'clear below' };

export const ruleMessages = {
  text: 'Each rule watches every host, and what it finds stands in Events, on the charts and in the rail.',
  loading: 'Asking the hub for its rules.',
  sentences: {
    cpu: { when: 'When the CPU of any host is above', ...amounts },
    memory: { when: 'When the memory of any host is above', ...amounts },
    disk: { when: 'When a disk of any host is above', ...amounts },
    offline: { when: 'When any host is offline', for: 'for', clear: 'clear once it is back' },
  } satisfies Record<AlertMeasure, RuleSentence>,
  /** Of fields, for screen readers. */
  fields: {
    above: 'Fires above, percent',
    forMs: 'For how long before it fires',
    clearBelow: 'Clears below, percent',
    clearForMs: 'For how long before it clears',
  },
  percent: '%',
  armed: 'Armed',
  disarmed: 'Not armed',
  arm: (rule: string) => `${rule}: armed`,
  level: (rule: string) => `${rule}: how urgent`,
  save: 'Save',
  saving: 'Saving',
  undo: 'Undo',
  noPercent: (text: string) =>
    text.trim() === ''
      ? 'A rule needs a number here: write a percentage such as 90.'
      : `“${text.trim()}” is no percentage: write a number such as 90.`,
  aboveAll: 'Nothing is ever above 100 %, so this would never fire: write less, or disarm the rule.',
  belowAll: 'Nothing is ever below 0 %, so this would never clear: write more.',
  clearsAbove: (above: number) =>
    `It cannot clear above the ${above} % that it fires at, or it would never rest: write ${above} or less.`,
  noWait: (text: string) =>
    text.trim() === ''
      ? 'A rule needs a length of time here: write one such as 30 s, 5 min or 2 h.'
      : `“${text.trim()}” is no length of time: write one such as 30 s, 5 min or 2 h.`,
  tooLong: 'A rule waits a day at most: write 24 h or less.',
  fired: (count: number) => `Fired ${count === 1 ? 'once' : counted(count, 'time', 'times')} in 24 h`,
  notFired: 'Has not fired in 24 h',
  firesOn: (hosts: string) => `fires now on ${hosts}`,
  firesAlone: (hosts: string) => `Fires now on ${hosts}`,
} as const;
