// Tests files with answers of devices (`review --live`): an answer of the former schema is still read; one that is
// unreadable, incomplete or of a delivery under way is refused.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OwnerTokens } from '../../cli/owner-tokens';
import { readLiveAnswers } from '../../cli/parse-verify-answers';
import { temporaryFolder } from '../temporary-folder';
import { answer, facts } from '../review/live-samples';

// Files with answers of devices.

const folder = temporaryFolder();

test.each([
  ['nothing', '', 'review/not-readable'],
  ['no answer', '{}', 'cli/live-unreadable'],
  ['another version', JSON.stringify({ ...answer, schema: 3 }), 'cli/live-unreadable'],
  [
    'a device that could not be asked',
    JSON.stringify({ schema: 2, device: 'edge1', problems: [] }),
    'cli/live-unreadable',
  ],
  [
    'a delivery under way',
    JSON.stringify({ ...answer, owners: [{ owner: 'hosting', role: 'gateway', state: 'armed' }] }),
    'cli/live-in-motion',
  ],
  [
    "rules that it doesn't list",
    JSON.stringify({ ...answer, facts: { ...facts, legacyTables: ['ip nat 3'] } }),
    'cli/live-not-all',
  ],
  ['one device twice', JSON.stringify({ schema: 2, devices: [answer, answer] }), 'cli/live-twice'],
])('an answer of %s is refused, without advice about plans', (_, text, code) => {
  const path = join(folder, 'live.json');
  writeFileSync(path, text);
  const read = (): unknown => readLiveAnswers([path], []);
  expect(read).toThrow(code);
  expect(read).not.toThrow('terraform show');
});

test('a stored answer of the former schema is accepted like a new one, with its `lease` as the owner token', () => {
  const path = join(folder, 'former.json');
  const owners = [{ owner: 'hosting', role: 'gateway', state: 'confirmed', lease: 'lease-1' }];
  writeFileSync(path, JSON.stringify({ format: 1, same: true, device: 'edge1', ruleset: '', facts, owners }));
  expect([...readLiveAnswers([path], []).keys()]).toEqual(['edge1']);
  expect(new OwnerTokens(path, 'hosting').findToken('edge1')).toEqual({ role: 'gateway', ownerToken: 'lease-1' });
});
