/** The rules of a hub: the defaults, and what the owner has changed of them, in `alert-rules.json`. */
import path from 'node:path';
import {
  alertRule,
  type AlertMeasure,
  type AlertRule,
  type AlertRuleChange,
} from '../../shared/schema/alerts.ts';
import { ProblemError } from '../http/problem.ts';
import { readKeptList, writeKeptList, type KeptList } from '../kept-list.ts';
import { defaultRules } from './default-rules.ts';

export class RuleList {
  readonly #kept: KeptList<AlertRule>;
  #rules: readonly AlertRule[];

  /** A damaged file is set aside, and `report` is told: what cannot be read is as by default again. */
  constructor(dataDir: string, report: (trouble: Error) => void) {
    this.#kept = {
      file: path.join(dataDir, 'alert-rules.json'),
      key: 'rules',
      schema: alertRule,
      damage: { code: 'alert-rules-damaged', remedy: 'Change the rules again in Settings, Alerts.' },
    };
    const changed = readKeptList(this.#kept, report);
    this.#rules = defaultRules.map(
      (rule) => changed.findLast(({ measure }) => measure === rule.measure) ?? rule,
    );
  }

  get all(): readonly AlertRule[] {
    return this.#rules;
  }

  of(measure: AlertMeasure): AlertRule {
    return this.#rules.find((rule) => rule.measure === measure)!;
  }

  /** Throws a 400 `ProblemError` for what no rule may be, and what writing the file throws; then nothing has changed. */
  change(measure: AlertMeasure, change: AlertRuleChange): AlertRule {
    const before = this.of(measure);
    const hasAmount = before.above !== null;
    if (!hasAmount && (change.above !== undefined || change.clearBelow !== undefined))
      throw badRule(
        `The rule for ${measure} has no amount.`,
        'Leave above and clearBelow out; forMs and clearForMs are what it has.',
      );
    const above = change.above ?? before.above;
    const rule: AlertRule = {
      measure,
      level: change.level ?? before.level,
      isArmed: change.isArmed ?? before.isArmed,
      above,
      forMs: change.forMs ?? before.forMs,
      // Who moves the other below it means the one he moved.
      clearBelow: change.clearBelow ?? (above === null ? null : Math.min(before.clearBelow!, above)),
      clearForMs: change.clearForMs ?? before.clearForMs,
    };
    if (above !== null && (above <= 0 || above >= 100 || rule.clearBelow! <= 0))
      throw badRule(
        'A rule with these amounts could never fire, or never clear.',
        'Give an above between 0 and 100, and a clearBelow of more than 0.',
      );
    if (above !== null && rule.clearBelow! > above)
      throw badRule(
        'A rule cannot clear below more than it fires above.',
        'Give a clearBelow of at most above.',
      );
    const rules = this.#rules.map((each) => (each.measure === measure ? rule : each));
    writeKeptList(this.#kept, rules);
    this.#rules = rules;
    return rule;
  }
}

function badRule(message: string, remedy: string): ProblemError {
  return new ProblemError(400, 'bad-rule', message, { remedy });
}
