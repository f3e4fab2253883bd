// Tests the script that `bootstrap` prints (sudoers lines, --reader, --allow), and refused deliveries that tell the
// operator to run it.

import { deliver } from '../../driver/deliver';
import { renderBootstrapScript, loadAgent } from '../../driver/agent-program';
import { builtCommand, typed } from '../built-command';
import { device, release, world } from './simulated-device';

const built = builtCommand();
const said = (words: readonly string[]): string => typed(built, ['bootstrap', ...words]).said;

test('bootstrap warns that no user may deliver by sudo, and names the option for it', () => {
  const NOBODY =
    'No sudoers line was written for who delivers. root needs none; for the user whom a connection names (user: "admin"), --user admin writes it.\n';
  expect(said([])).toBe(NOBODY);
  expect(said(['--reader', 'watch'])).toBe(NOBODY);
  expect(said(['--user', 'admin'])).toBe('');
});

test('bootstrap writes a sudoers line for a delivering user and one for a reader, for each kind of device', () => {
  const { status, out } = typed(built, ['bootstrap', '--user', 'deploy', '--reader', 'monitor']);
  const users = [...out.matchAll(/^echo '(\w+) ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules"/gm)].map(
    ([, user, may]) => [user, may!.includes('arm *')],
  );
  const each = [
    ['deploy', true],
    ['monitor', false],
  ];
  expect([status, users]).toEqual([0, [...each, ...each]]);
});

test("bootstrap --allow writes the login's permissions, sorted, beside its sudoers line", () => {
  const script = (allow: string): string => typed(built, ['bootstrap', '--user', 'deploy', '--allow', allow]).out;
  const written = (text: string): readonly string[] => text.match(/^printf '%s\\n' .*>"\$words".*$/gm) ?? [];
  expect(written(script('replace, csf'))).toEqual([`printf '%s\\n' csf replace >"$words" || unwritten`]);
  expect(written(typed(built, ['bootstrap', '--user', 'deploy']).out)).toEqual([]);
  const line = (text: string): string | undefined => /^echo '(deploy .*)' >"\$rules"/m.exec(text)?.[1];
  expect(line(script('csf'))).toBe(line(typed(built, ['bootstrap', '--user', 'deploy']).out));
});

test.each([
  [
    ['--user', 'deploy', '--allow', 'csf,ufw'],
    /^cli\/bad-argument at cpanel-edge bootstrap: .*csf, apf, cpnat, replace/,
  ],
  [['--user', 'deploy', '--allow', ''], /^cli\/bad-argument/],
  [['--allow', 'csf'], /^cli\/argument-missing at cpanel-edge bootstrap: .*\n {2}instead: write --user NAME/],
  [['--reader', 'watch', '--allow', 'csf'], /^cli\/argument-missing/],
])('bootstrap %j is refused', (words, why) => {
  const { status, said: refused, out } = typed(built, ['bootstrap', ...words]);
  expect([status, refused, out]).toEqual([2, expect.stringMatching(why), '']);
});

test("the files of logins don't collide, whatever the logins are called", () => {
  const names = ['x', '_reader-x', 'reader-x', '-x'.slice(1), '_user-x', 'user-x', 'login-x', '_x'];
  const files = (user?: string, reader?: string): readonly string[] =>
    [...renderBootstrapScript(user, reader).matchAll(/^mv -f "\$(?:rules|words)" (\S+)/gm)].map(([, file]) => file!);
  const all = [...new Set(names)].flatMap((name) => [...new Set(files(name)), ...new Set(files(undefined, name))]);
  expect(new Set(all).size).toBe(all.length);
  expect(all).toContain('/etc/sudoers.d/cpanel-edge-x');
  expect(all).toContain('/etc/cpanel-edge/login-x');
});

test("a delivery that its login isn't allowed is refused with the whole command that allows it", async () => {
  const { connection, ...told } = device({ upload: 'refused not-allowed login=deploy what=csf/replace allowed=cpnat' });
  const { paragraph } = await deliver(
    release,
    loadAgent(),
    world({ ...told, connection: { ...connection, user: 'deploy' } }),
  );
  expect(paragraph.join('\n')).toMatch(
    /^device\/not-allowed at .*: The login deploy may not change there csf's files, or which other firewalls run: `bootstrap` didn't allow it csf, replace\.\n {2}instead: run as root on the device what this prints: .* bootstrap --user deploy --allow csf,cpnat,replace\. /,
  );
});

test('a device with an old agent is refused with the command that installs the new one', async () => {
  const { connection, ...older } = device({ protocol: 'ok protocol=1' });
  const { paragraph } = await deliver(
    release,
    loadAgent(),
    world({ ...older, connection: { ...connection, user: 'deploy' } }),
  );
  expect(paragraph.join('\n')).toMatch(
    /^driver\/program-too-old at deploy@127\.0\.0\.1: The agent speaks protocol 1; .*\n {2}instead: .* bootstrap --user deploy\n/,
  );
  const onCsf = { ...release, platform: 'csf', replaces: ['firewalld'] };
  const refused = await deliver(onCsf, loadAgent(), world({ ...older, connection: { ...connection, user: 'deploy' } }));
  expect(refused.paragraph.join('\n')).toMatch(/ bootstrap --user deploy --allow csf,replace\n/);
});
