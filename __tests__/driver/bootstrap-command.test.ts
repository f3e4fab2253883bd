import { deliver } from '../../driver/deliver';
import { programOf } from '../../driver/program';
import { builtCommand, typed } from '../built-command';
import { device, release, world } from './told-device';

const built = builtCommand();
const said = (words: readonly string[]): string => typed(built, ['bootstrap', ...words]).said;

test('cpanel-edge bootstrap says beside its script that nobody may deliver by sudo, and how somebody may', () => {
  const NOBODY =
    'No sudoers line was written for who delivers. root needs none; for the user whom a connection names (user: "admin"), --user admin writes it.\n';
  expect(said([])).toBe(NOBODY);
  expect(said(['--reader', 'watch'])).toBe(NOBODY);
  expect(said(['--user', 'admin'])).toBe('');
});

test('cpanel-edge bootstrap writes a line for who delivers, and one for a reader, for each kind of device', () => {
  const { status, out } = typed(built, ['bootstrap', '--user', 'deploy', '--reader', 'monitor']);
  const users = [...out.matchAll(/^echo '(\w+) ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules"/gm)].map(([, user, may]) => [
    user,
    may!.includes('arm *'),
  ]);
  const each = [
    ['deploy', true],
    ['monitor', false],
  ];
  expect([status, users]).toEqual([0, [...each, ...each]]);
});

test('a device whose program is too old is refused with the command that installs the new one', async () => {
  const { connection, ...older } = device({ protocol: 'ok protocol=1' });
  const { paragraph } = await deliver(release, programOf()!, world({ ...older, connection: { ...connection, user: 'deploy' } }));
  expect(paragraph.join('\n')).toMatch(
    /^driver\/program-too-old at deploy@127\.0\.0\.1: The device program speaks protocol 1; .*\n {2}instead: .* bootstrap --user deploy\n/,
  );
});
