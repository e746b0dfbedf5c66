/** What an audit of the packages comes to: faults, exceptions that hold, and audits that could not be made. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { auditExceptions, judgeAudit, type AuditException } from '../../../scripts/audit/judge-audit.ts';

const advisory = 'GHSA-abcd-1234-wxyz';
const url = `https://github.com/advisories/${advisory}`;
const found = JSON.stringify({
  auditReportVersion: 2,
  vulnerabilities: {
    inner: { via: [{ source: 1, name: 'inner', title: 'Reads what it must not', severity: 'high', url }] },
    outer: { via: ['inner'] },
  },
});
const nothing = JSON.stringify({ auditReportVersion: 2, vulnerabilities: {} });
const exception: AuditException = {
  advisory,
  package: 'inner',
  reason: 'Only used at build time, on our own files.',
  expires: '2026-12-31',
};

it('nothing found is nothing to deal with', () => {
  expect(judgeAudit(nothing, [], '2026-11-21')).toEqual({ unreachable: null, faults: [], excepted: [] });
});

it('what was found is named once, however many packages lead to it', () => {
  const { faults } = judgeAudit(found, [], '2026-11-21');
  expect(faults).toEqual([`inner: Reads what it must not (high, ${url})`]);
});

it('an exception holds until its day, and is a fault from then on', () => {
  const before = judgeAudit(found, [exception], '2026-12-30');
  expect(before).toMatchObject({ faults: [], excepted: [expect.stringContaining('until 2026-12-31')] });
  const after = judgeAudit(found, [exception], '2026-12-31');
  expect(after).toMatchObject({ excepted: [], faults: [expect.stringContaining('expired on 2026-12-31')] });
});

it('an exception that nothing needs is a fault', () => {
  expect(judgeAudit(nothing, [exception], '2026-11-21').faults).toEqual([
    `${advisory} inner: nothing needs this exception any more. Take it out.`,
  ]);
});

it.each([
  [
    'a registry that answers no audits',
    '{"message":"405 Method Not Allowed","statusCode":405}',
    '405 Method Not Allowed',
  ],
  ['no network', '{"error":{"code":"ENOTFOUND","summary":"request failed"}}', 'request failed'],
  ['no npm', '', 'npm audit gave no report'],
])('%s is told, and is no fault', (_what, output, unreachable) => {
  expect(judgeAudit(output, [exception], '2026-11-21')).toEqual({ unreachable, faults: [], excepted: [] });
});

it('the list of exceptions can be read, and each has its reason and its day', () => {
  expect(() =>
    auditExceptions.parse(JSON.parse(readFileSync('.ci/audit-exceptions.json', 'utf8'))),
  ).not.toThrow();
  expect(auditExceptions.safeParse([{ ...exception, reason: 'fine' }]).success).toBe(false);
  expect(auditExceptions.safeParse([{ ...exception, expires: 'never' }]).success).toBe(false);
});
