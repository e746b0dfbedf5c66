/** Where links shall lead: the change that is asked of the hub, and nothing where nothing changes. */
import { describe, expect, test } from 'vitest';
import {
  closedWays,
  reachChangeOf,
  reachDraftOf,
  reachFaultOf,
  reachWayOf,
  type ReachDraft,
} from '../../../../renderer/share/reach-draft.ts';
import { defaultReach, reachChange, type ReachSettings } from '../../../../shared/schema/reach.ts';

const open: ReachSettings = { ...defaultReach, network: 'tls' };
const behindProxy: ReachSettings = { ...defaultReach, publicUrl: 'https://watch.example.net' };

function changeOf(settings: ReachSettings, wish: Partial<ReachDraft>) {
  const change = reachChangeOf({ ...reachDraftOf(settings), ...wish }, settings);
  // Whatever is asked for, the hub's schema takes it.
  if (change !== null) reachChange.parse(change);
  return change;
}

test.each([
  [defaultReach, 'machine'],
  [open, 'network'],
  [behindProxy, 'url'],
] as const)('as things are, nothing changes', (settings, way) => {
  expect(reachWayOf(settings)).toBe(way);
  expect(changeOf(settings, {})).toBeNull();
});

describe('a change', () => {
  test('this network: with TLS unless somebody says otherwise', () => {
    expect(changeOf(defaultReach, { way: 'network' })).toEqual({ network: 'tls' });
    expect(changeOf(behindProxy, { way: 'network' })).toEqual({ network: 'tls', publicUrl: null });
  });

  test('plain HTTP says that the warning was read', () => {
    expect(changeOf(open, { encryption: 'plain', acceptsPlain: true })).toEqual({
      network: 'plain',
      acceptsPlain: true,
    });
  });

  test('an address of the owner leaves the door to this network as it is', () => {
    expect(changeOf(open, { way: 'url', publicUrl: ' watch.example.net/ ' })).toEqual({
      publicUrl: 'https://watch.example.net',
    });
  });

  test('this machine only closes both', () => {
    expect(changeOf(open, { way: 'machine' })).toEqual({ network: 'off' });
    expect(changeOf(behindProxy, { way: 'machine' })).toEqual({ publicUrl: null });
  });

  test('port, files and proxies', () => {
    expect(
      changeOf(open, {
        port: '7401',
        certificate: 'files',
        certificateFile: '/etc/tls/web.pem',
        keyFile: '/etc/tls/web.key',
        trustedProxies: '127.0.0.1,  10.0.0.0/8\nfd00::/8',
      }),
    ).toEqual({
      port: 7401,
      certificate: 'files',
      files: { certificate: '/etc/tls/web.pem', key: '/etc/tls/web.key' },
      trustedProxies: ['127.0.0.1', '10.0.0.0/8', 'fd00::/8'],
    });
  });
});

test('what cannot be asked for says why', () => {
  const fault = (wish: Partial<ReachDraft>) => reachFaultOf({ ...reachDraftOf(defaultReach), ...wish });
  expect(fault({})).toBeNull();
  expect(fault({ way: 'url', publicUrl: 'watch.example.net' })).toBeNull();
  expect(fault({ way: 'url', publicUrl: '' })).toContain('https://');
  expect(fault({ way: 'url', publicUrl: 'https://watch.example.net/path' })).toContain('without a path');
  expect(fault({ way: 'url', publicUrl: 'javascript:alert(1)' })).not.toBeNull();
  expect(fault({ way: 'network', encryption: 'plain' })).toContain('TLS');
  expect(fault({ way: 'network', encryption: 'plain', acceptsPlain: true })).toBeNull();
  expect(fault({ port: '70000' })).toContain('65535');
  expect(fault({ port: '6667' })).toBe('Browsers connect to no page on port 6667: choose another.');
  expect(fault({ certificate: 'files' })).toContain('both files');
});

test('ways that a flag has decided against cannot be chosen', () => {
  expect(closedWays({ settings: defaultReach, fixed: [] })).toEqual([]);
  expect(closedWays({ settings: open, fixed: ['network'] })).toEqual(['machine']);
  expect(closedWays({ settings: defaultReach, fixed: ['network'] })).toEqual(['network']);
  expect(closedWays({ settings: behindProxy, fixed: ['publicUrl'] })).toEqual(['network', 'machine']);
  expect(closedWays({ settings: open, fixed: ['publicUrl'] })).toEqual(['url']);
});
