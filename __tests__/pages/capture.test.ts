import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { releaseOf } from '../../constructs/release';
import { READING } from '../../driver/program';
import { decodePolicy } from '../../lib/proving/policy-codec';
import { prove } from '../../lib/proving/prove';
import { builtCommand, Printed, typed } from '../built-command';
import { MAIL, holdersOf } from '../driver/doctor/samples';
import { projectIn, stackText } from '../driver/projects';
import { connectionOf } from '../driver/samples';
import { compiled } from '../support';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { page } from './says';

const { says } = page('capture.md');
const built = builtCommand();
const folder = temporaryFolder();
jest.setTimeout(60_000);

const OFFICE = read('__tests__/platforms/pfsense/wild/small-office.xml');
const FACTS = [
  ...['section system', '|ID=ubuntu', '|VERSION_ID="22.04"', 'section server', '|listens known', '|listens tcp 22 sshd'],
  ...['section cpanel-nat', '|cpnat absent', 'ok facts'],
].map((line) => (line.startsWith('|') ? line : `cpanel-edge: ${line}`));

/** A project of a server and a gateway, and a ssh in whose place a device program answers: `facts` as a server does. */
function devices(): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  const stacks = holdersOf(MAIL).map(({ device, release }) => [device, stackText(release!, connectionOf(), device)] as const);
  const cwd = projectIn(join(folder, 'project'), Object.fromEntries(stacks));
  writeFileSync(join(folder, 'facts'), FACTS.map((line) => `${line}\n`).join(''));
  writeFileSync(
    join(folder, 'ssh'),
    `#!/bin/sh\ncase "$*" in\n-V) echo OpenSSH_9.2p1 >&2 ;;\n*protocol) echo cpanel-edge: ok protocol=999 ;;\n*facts) echo "$*" | sed 's/.* //' >>${folder}/asked; cat ${folder}/facts ;;\n*) echo "$*" >>${folder}/asked ;;\nesac\n`,
  );
  chmodSync(join(folder, 'ssh'), 0o755);
  return { cwd, env: { PATH: `${folder}:${process.env['PATH']}` } };
}
const captures = (words: readonly string[], input = ''): Printed => typed(built, ['capture', ...words], { cwd: folder, input });

describe('a server', () => {
  says('npx cpanel-edge capture web1 -o web1.facts.json # from the device, as verify reaches it', () => {
    const { cwd, env } = devices();
    expect(typed(built, ['capture', 'mail1', '-o', 'web1.facts.json'], { cwd, env })).toEqual({ status: 0, out: '', said: '' });
    const ofDevice = readFileSync(join(cwd, 'web1.facts.json'), 'utf8');
    expect(ofDevice).toBe(captures(['-'], readFileSync(join(folder, 'facts'), 'utf8')).out);
  });
  says('It is one command that changes nothing, of the device program', () =>
    expect(readFileSync(join(folder, 'asked'), 'utf8')).toBe('facts\n'),
  );
  says('a reader by [sudo](verify.md) may run it', () => expect(READING).toContain('facts'));

  const ofFacts = (facts: object) => {
    const servers = MAIL.servers!.map((server) => ({ ...server, facts }));
    return releaseOf(prove(compiled({ ...MAIL, servers }, 'nftables').policies[1]!), [], 90);
  };
  const [one, other] = [ofFacts({ listens: { 'tcp 3306': 'mysqld' } }), ofFacts({ listens: {} })];
  says('`review` has the facts from the plan.', () =>
    expect(decodePolicy(one.policy)).toMatchObject({ facts: { listens: [expect.objectContaining({ program: 'mysqld' })] } }),
  );
  says('A change of facts changes no port and no rule on the device: the release is proven again, and loaded by nobody.', () => {
    expect(one.policy).not.toBe(other.policy);
    // A device that runs a release of this digest loads nothing.
    expect([one.text, one.digest]).toEqual([other.text, other.digest]);
  });
});

describe('a firewall', () => {
  says('Of URLs the scheme and the host stay.', () => {
    const alias =
      '<alias><name>bad</name><type>urltable</type><url>https://me:word@lists.example/path?token=CANARY</url><address></address><descr><![CDATA[of https://me:word@lists.example/x]]></descr></alias>';
    const config = OFFICE.replace('<aliases>', `<aliases>${alias}`);
    expect(config).toContain('CANARY');
    const { out } = captures(['-'], config);
    expect(out.match(/(?<=<url>).*lists.*(?=<)/g)).toEqual(['https://lists.example']);
    expect(out).not.toMatch(/CANARY|me:word/);
  });
  says('Names and passwords within URLs are taken out of descriptions, too.', () => {
    const described = OFFICE.replace('[mail server]', '[mail server, see https://me:word@lists.example/x]');
    const { out, said } = captures(['-'], described);
    expect([out.includes('mail server, see https://lists.example/x'), said]).toEqual([true, '']);
  });

  says('the file is whole, or what was there before', () => {
    writeFileSync(join(folder, 'before.xml'), 'before');
    expect(captures(['-', '-o', 'before.xml'], '<pfsense>').status).toBe(2);
    expect(readFileSync(join(folder, 'before.xml'), 'utf8')).toBe('before');
  });

  says('`~` leads to another host or comes as another source', () => {
    writeFileSync(join(folder, 'kept.xml'), captures(['-'], OFFICE).out);
    const moved = captures(['-', '--check', 'kept.xml'], OFFICE.replaceAll('10.0.1.50', '10.0.1.51'));
    expect([moved.status, moved.out.match(/^~ .*$/m)?.[0]]).toEqual([
      1,
      expect.stringMatching(/^~ leads elsewhere, or as somebody else from the internet by wan: 203\.0\.113\.10 tcp 25,465,993 /),
    ]);
  });
});
