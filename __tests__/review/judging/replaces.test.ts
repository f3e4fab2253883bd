// Tests what a review says of releases that replace other firewalls of a server (`replaces`): which rules go, and which
// come back.

import { Policy } from '../../../lib/policy/policy';
import { compiled } from '../../support';
import { edge, profile, reviewed, server } from '../samples';

const policies = (
  replaces?: readonly string[],
  onRemove: 'keep closed' | 'as before' = 'as before',
): readonly Policy[] =>
  edge({}, [server('web1', '10.0.0.10', profile(['443/tcp']), { onRemove, ...(replaces ? { replaces } : {}) })], []);
const stops = (which: string): string =>
  `Where it runs, ${which} is stopped while the rollback timer runs, and off once this is confirmed: what it alone keeps closed of what this release opens, opens.`;

test.each<readonly [string, readonly Policy[], readonly Policy[], readonly string[]]>([
  ['set by a change', policies(), policies(['ufw']), [stops('ufw')]],
  ['by a first release', [], policies(['csf', 'ufw']), [stops('ufw, csf')]],
  ['another one', policies(['ufw']), policies(['ufw', 'iptables']), [stops('iptables')]],
  ['unchanged', policies(['ufw']), policies(['ufw']), []],
  ['no longer set', policies(['ufw']), policies(), []],
  [
    'removed, and the other firewall is back',
    policies(['ufw', 'csf']),
    [],
    [
      'Where ufw, csf gave way, they start again, enabled as before; beside another owner’s rules once that one is retracted, too.',
    ],
  ],
  ['removed, and none of our rules go', policies(['ufw'], 'keep closed'), [], []],
])('a review describes what happens to another firewall: %s', (_, before, after, expected) => {
  const notes = reviewed(before, after).notes.filter(({ code }) => code === 'review/replaces');
  expect(notes.map(({ where, what }) => `${where}: ${what}`)).toEqual(expected.map((what) => `web1/hosting: ${what}`));
});

test('a server that moves from iptables to firewalld: the notes name the rules that go and the former "replaces"', () => {
  const on = (platform: 'iptables' | 'firewalld', more: object): readonly Policy[] =>
    compiled(
      { servers: [server('web1', '10.0.0.10', profile(['443/tcp']), { onRemove: 'as before', ...more })] },
      platform,
    ).policies;
  const review = reviewed(on('iptables', {}), on('firewalld', { replaces: ['iptables'] }));
  expect(review.notes.filter(({ code }) => code === 'review/replaces').map(({ what }) => what)).toEqual([
    `${stops('iptables')} Where firewalld is off, all rules of iptables go, also those that no service loads.`,
  ]);
  expect(review.objections.map(({ code, what }) => `${code}: ${what}`)).toContain(
    'review/less-protected: A protection is lowered: replaces (other firewalls that the device stops and disables): none → iptables.',
  );
});
