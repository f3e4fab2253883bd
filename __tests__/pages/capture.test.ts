// Tests the commands that docs/how-to/capture.md types for a server: `capture DEVICE` prints the same as `capture -`,
// and the facts stand in the policy of the release.

import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRelease } from '../../constructs/create-release';
import { READ_COMMANDS } from '../../driver/agent-program';
import { decodePolicy } from '../../lib/verifier/policy-codec';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { builtCommand, Printed, typed } from '../built-command';
import { MAIL, holdersOf } from '../driver/doctor/samples';
import { projectIn, stackText } from '../driver/projects';
import { connectionOf } from '../driver/samples';
import { compiled } from '../support';
import { temporaryFolder } from '../temporary-folder';

const built = builtCommand();
const folder = temporaryFolder();

const FACTS = [
  'section system',
  '|ID=ubuntu',
  '|VERSION_ID="22.04"',
  'section server',
  '|listens known',
  '|listens tcp 22 sshd',
  'section cpanel-nat',
  '|cpnat absent',
  'ok facts',
].map((line) => (line.startsWith('|') ? line : `cpanel-edge: ${line}`));

/** A project with a server and a gateway, and an ssh that an agent answers: `facts` as a server does. */
function devices(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const stacks = holdersOf(MAIL).map(
    ({ device, release }) => [device, stackText(release!, connectionOf(), device)] as const,
  );
  const cwd = projectIn(join(folder, 'project'), Object.fromEntries(stacks));
  writeFileSync(join(folder, 'facts'), FACTS.map((line) => `${line}\n`).join(''));
  writeFileSync(
    join(folder, 'ssh'),
    `#!/bin/sh\ncase "$*" in\n-V) echo OpenSSH_9.2p1 >&2 ;;\n*protocol) echo cpanel-edge: ok protocol=999 ;;\n*facts) echo "$*" | sed 's/.* //' >>${folder}/asked; cat ${folder}/facts ;;\n*) echo "$*" >>${folder}/asked ;;\nesac\n`,
  );
  chmodSync(join(folder, 'ssh'), 0o755);
  return { cwd, env: { PATH: `${folder}:${process.env['PATH']}` } };
}
const captures = (words: readonly string[], input = ''): Printed =>
  typed(built, ['capture', ...words], { cwd: folder, input });

describe('a server', () => {
  test('capture DEVICE prints the same facts as capture -, by one command that changes nothing', () => {
    const { cwd, env } = devices();
    expect(typed(built, ['capture', 'mail1', '-o', 'web1.facts.json'], { cwd, env })).toEqual({
      status: 0,
      out: '',
      said: '',
    });
    const ofDevice = readFileSync(join(cwd, 'web1.facts.json'), 'utf8');
    expect(ofDevice).toBe(captures(['-'], readFileSync(join(folder, 'facts'), 'utf8')).out);
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('facts\n');
    // A reader may run it by sudo.
    expect(READ_COMMANDS).toContain('facts');
  });

  const ofFacts = (facts: object) => {
    const servers = MAIL.servers!.map((server) => ({ ...server, facts }));
    return createRelease(verifyPolicy(compiled({ ...MAIL, servers }, 'nftables').policies[1]!), [], 90);
  };
  const [one, other] = [ofFacts({ listens: { 'tcp 3306': 'mysqld' } }), ofFacts({ listens: {} })];
  test('has its facts in the policy of the release', () =>
    expect(decodePolicy(one.policy)).toMatchObject({
      facts: { listens: [expect.objectContaining({ program: 'mysqld' })] },
    }));
  test('other facts change the policy and not the text, which no device loads again', () => {
    expect(one.policy).not.toBe(other.policy);
    // A device that runs a release with this digest loads nothing.
    expect([one.text, one.digest]).toEqual([other.text, other.digest]);
  });
});
