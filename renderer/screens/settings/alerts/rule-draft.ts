/** An alert rule as a form: its numbers as they are typed, what is wrong with them, and what is asked of the hub. */
import { MAX_RULE_WAIT_MS, type AlertRule, type AlertRuleChange } from '../../../../shared/schema/alerts.ts';
import { ruleMessages as words } from './rule-messages.ts';

/** Amounts in percent, '' where the rule has none; waits as "5 min". */
export type RuleDraft = Record<RuleField, string>;
export const ruleFields = ['above', 'forMs', 'clearBelow', 'clearForMs'] as const;
export type RuleField = (typeof ruleFields)[number];

/** One sentence each: what, why, and what to write instead. */
export type RuleFaults = Partial<Record<RuleField, string>>;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

const units: Record<string, number> = {
  s: SECOND,
  sec: SECOND,
  second: SECOND,
  seconds: SECOND,
  m: MINUTE,
  min: MINUTE,
  minute: MINUTE,
  minutes: MINUTE,
  h: HOUR,
  hour: HOUR,
  hours: HOUR,
};

export function ruleDraftOf({ above, forMs, clearBelow, clearForMs }: AlertRule): RuleDraft {
  return {
    above: above === null ? '' : String(above),
    forMs: waitText(forMs),
    clearBelow: clearBelow === null ? '' : String(clearBelow),
    clearForMs: waitText(clearForMs),
  };
}

/** "10 s", "5 min", "1 h 30 min": nothing is rounded. */
export function waitText(ms: number): string {
  const hours = Math.floor(ms / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  const seconds = (ms % MINUTE) / SECOND;
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
    ...(seconds > 0 ? [`${seconds} s`] : []),
  ];
  return parts.join(' ') || '0 s';
}

/** Milliseconds; null: that is no length of time. A number alone is of minutes. */
export function readWait(text: string): number | null {
  const plain = text.trim().toLowerCase();
  if (/^\d+([.,]\d+)?$/.test(plain)) return Math.round(numberIn(plain) * MINUTE);
  if (!/^(\d+([.,]\d+)?\s*[a-z]+\s*)+$/.test(plain)) return null;
  let ms = 0;
  for (const [, amount, unit] of plain.matchAll(/(\d+(?:[.,]\d+)?)\s*([a-z]+)/g)) {
    const unitMs = units[unit!];
    if (unitMs === undefined) return null;
    ms += numberIn(amount!) * unitMs;
  }
  return Math.round(ms);
}

/** Null: that is no number. "90", "90 %", "92.5". */
export function readPercent(text: string): number | null {
  const plain = text.trim().replace(/\s*%$/, '');
  return /^\d+([.,]\d+)?$/.test(plain) ? numberIn(plain) : null;
}

/** `hasAmount`: of what is measured in percent, unlike silence. */
export function ruleFaultsOf(draft: RuleDraft, hasAmount: boolean): RuleFaults {
  const faults: RuleFaults = {};
  if (hasAmount) {
    const above = readPercent(draft.above);
    const clearBelow = readPercent(draft.clearBelow);
    if (above === null) faults.above = words.noPercent(draft.above);
    else if (above >= 100) faults.above = words.aboveAll;
    if (clearBelow === null) faults.clearBelow = words.noPercent(draft.clearBelow);
    else if (clearBelow <= 0) faults.clearBelow = words.belowAll;
    else if (faults.above === undefined && clearBelow > above!) faults.clearBelow = words.clearsAbove(above!);
  }
  for (const field of ['forMs', 'clearForMs'] as const) {
    const wait = readWait(draft[field]);
    if (wait === null) faults[field] = words.noWait(draft[field]);
    else if (wait > MAX_RULE_WAIT_MS) faults[field] = words.tooLong;
  }
  return faults;
}

/** What is asked of the hub: no more than was changed. Null: nothing was, or it cannot be asked for. */
export function ruleChangeOf(draft: RuleDraft, rule: AlertRule): AlertRuleChange | null {
  const hasAmount = rule.above !== null;
  if (Object.keys(ruleFaultsOf(draft, hasAmount)).length > 0) return null;
  const wished: AlertRuleChange = {
    ...(hasAmount && { above: readPercent(draft.above)!, clearBelow: readPercent(draft.clearBelow)! }),
    forMs: readWait(draft.forMs)!,
    clearForMs: readWait(draft.clearForMs)!,
  };
  const changed = ruleFields.filter((field) => wished[field] !== undefined && wished[field] !== rule[field]);
  if (changed.length === 0) return null;
  return Object.fromEntries(changed.map((field) => [field, wished[field]]));
}

/** Something else stands there than the rule says, good or not. */
export function isChanged(draft: RuleDraft, rule: AlertRule): boolean {
  const before = ruleDraftOf(rule);
  if (ruleFields.every((field) => draft[field] === before[field])) return false;
  const faults = ruleFaultsOf(draft, rule.above !== null);
  return Object.keys(faults).length > 0 || ruleChangeOf(draft, rule) !== null;
}

function numberIn(text: string): number {
  return Number(text.replace(',', '.'));
}
