/** One parse per event; what is not in the contract is counted, not obeyed. */
import { describe, expect, it } from 'vitest';
import { createDecoder } from '../../../../renderer/stream/decode.ts';
import { sampleOf } from '../../../support/observations.ts';

describe('the decoder', () => {
  it('reads an event that fits the contract', () => {
    const sample = sampleOf();
    expect(createDecoder().decode('sample', JSON.stringify(sample))).toEqual({
      name: 'sample',
      data: sample,
    });
  });

  it.each([
    ['text that is not JSON', 'ping', '{"serverTime":'],
    ['a missing field', 'ping', '{}'],
    ['a number out of range', 'sample', JSON.stringify({ ...sampleOf(), uptimeSeconds: -1 })],
  ] as const)('leaves out %s, and counts it', (_, name, text) => {
    const warnings: string[] = [];
    const decoder = createDecoder({ warn: (message) => warnings.push(message) });
    expect(decoder.decode(name, text)).toBeNull();
    expect(decoder.decode(name, text)).toBeNull();
    expect(decoder.faults).toBe(2);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain(`"${name}"`);
  });

  it('names the field that was wrong', () => {
    const warnings: string[] = [];
    createDecoder({ warn: (message) => warnings.push(message) }).decode(
      'sample',
      JSON.stringify({ ...sampleOf(), uptimeSeconds: 'long' }),
    );
    expect(warnings[0]).toContain('uptimeSeconds');
  });
});
