// Tests the sentences of a review on changed lines of cPanel's NAT file (`cpnat` of a server): set, changed, off,
// removed.

import { Policy } from '../../../lib/policy/policy';
import { CpnatIntent } from '../../../lib/intent/intent';
import { edge, profile, reviewed, server } from '../samples';

const policies = (cpnat?: CpnatIntent): readonly Policy[] =>
  edge(
    { vip: '203.0.113.10' },
    [server('web1', '10.0.0.10', profile(['443/tcp']), cpnat ? { cpnat } : {})],
    [{ name: 'web', virtualIp: 'vip', internal: { server: 'web1' } }],
  );
const BACK =
  '/var/cpanel/cpnat gets its lines of before back: nothing of ours says any more what cPanel takes for its public addresses.';
const CHANGES = 'What cPanel takes for its public addresses changes: ';

test.each<readonly [string, readonly Policy[], readonly Policy[], readonly string[]]>([
  ['set by a change', policies(), policies({}), [`${CHANGES}10.0.0.10 is 203.0.113.10.`]],
  ['by a first release', [], policies({}), [`${CHANGES}10.0.0.10 is 203.0.113.10.`]],
  [
    'another address',
    policies({}),
    policies({ pairs: [{ local: '10.0.0.10', public: '192.0.2.7' }] }),
    [`${CHANGES}10.0.0.10 is 192.0.2.7.`],
  ],
  ['off', policies({}), policies({ natMode: 'off' }), [`${CHANGES}NAT mode is off, and /var/cpanel/cpnat goes.`]],
  ['no longer set', policies({}), policies(), [BACK]],
  ['retired', policies({}), [], [BACK]],
  ['unchanged', policies({}), policies({}), []],
])('a review describes a change of cPanel’s NAT file: %s', (_, before, after, expected) => {
  const notes = reviewed(before, after).notes.filter(({ code }) => code === 'review/cpnat');
  expect(notes.map(({ where, what }) => `${where}: ${what}`)).toEqual(expected.map((what) => `web1/hosting: ${what}`));
});
