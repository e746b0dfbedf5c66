/** The live checklists: what counts as done, and where it ended. */
import { describe, expect, it } from 'vitest';
import type { Step } from '../../../../renderer/components/step.ts';
import { exporterSteps, invitationSteps, readingSteps } from '../../../../renderer/servers/steps.ts';

const states = (steps: Step[]) => steps.map(({ state }) => state).join(' ');

describe('the checklist of an invitation', () => {
  const nothing = { key: 'A3F2-91..', hostName: null, hasSample: false };
  const paired = { invitation: { state: 'paired' as const }, key: null, hostName: 'web-1' };

  it.each([
    ['waiting', 'now todo todo todo'],
    ['reached', 'done done now todo'],
    ['expired', 'failed todo todo todo'],
    ['closed', 'failed todo todo todo'],
  ] as const)('while it is %s: %s', (state, expected) => {
    expect(states(invitationSteps({ ...nothing, invitation: { state } }))).toBe(expected);
  });

  it('ends with the first sample, not with pairing', () => {
    expect(states(invitationSteps({ ...paired, hasSample: false }))).toBe('done done done now');
    expect(states(invitationSteps({ ...paired, hasSample: true }))).toBe('done done done done');
  });

  it('names the key and the host', () => {
    const facts = invitationSteps({ ...paired, key: 'A3F2-91..', hasSample: true }).map(({ fact }) => fact);
    expect(facts).toEqual(['', 'A3F2-91..', 'web-1', '']);
  });
});

describe('the checklist of reading another hub', () => {
  const nothing = { key: null, hostCount: 0, hasSample: false };
  it.each([
    ['connecting', 'now todo todo todo'],
    ['waiting', 'now todo todo todo'],
    ['live', 'done done done now'],
    ['refused', 'done done failed todo'],
    ['incompatible', 'done done failed todo'],
  ] as const)('while it is %s: %s', (state, expected) => {
    expect(states(readingSteps({ ...nothing, upstream: { state } }))).toBe(expected);
  });
});

describe('asking a node_exporter', () => {
  it.each([
    ['connecting', null, false, 'now todo todo'],
    ['waiting', null, false, 'now todo todo'],
    ['refused', null, false, 'done failed todo'],
    ['live', 'rack-7', false, 'done done now'],
    ['live', 'rack-7', true, 'done done done'],
    ['waiting', 'rack-7', true, 'done done done'],
  ] as const)('%s, host %s, sample %s: %s', (state, host, hasSample, expected) => {
    const steps = exporterSteps({ exporter: { state, host, version: null }, hostName: host, hasSample });
    expect(states(steps)).toBe(expected);
  });
});
