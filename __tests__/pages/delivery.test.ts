import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { builtCommand, typed } from '../built-command';
import { projectIn, stackText } from '../driver/projects';
import { connectionOf, releaseOf } from '../driver/samples';
import { block, device, ending, refuses, release, short, world } from '../driver/told-device';
import { deliver } from '../../driver/deliver';
import { programOf } from '../../driver/program';
import { temporaryFolder } from '../temporary-folder';
import { read } from '../walls/sources';
import { page } from './says';

const { says, inLab } = page('delivery.md');
const built = builtCommand();
const folder = temporaryFolder();

describe('the device program', () => {
  says(
    '`protocol`, `status`, `read`, `facts` and `look` as they are, `upload`, `check`, `arm`, `confirm`, `rollback`, `outcome`, `retract`, `forget` and `accept` with words after them',
    () => {
      const { out } = typed(built, ['bootstrap', '--user', 'deploy']);
      const lines = [...out.matchAll(/^echo 'deploy ALL=\(root\) NOPASSWD: EXEC: (.*)' >"\$rules"/gm)].map(([, commands]) => commands);
      const each = [
        ...['protocol', 'status', 'read', 'facts', 'look'],
        ...['upload', 'check', 'arm', 'confirm', 'rollback', 'outcome', 'retract', 'forget', 'accept'].map((word) => `${word} *`),
      ];
      const line = each.map((words) => `/usr/local/sbin/cpanel-edge-device ${words}`).join(', ');
      // Of Linux, and of pfSense.
      expect(lines).toEqual([line, line]);
    },
  );
  says('A device whose program is too old is refused with this command.', async () => {
    const { connection, ...older } = device({ protocol: 'ok protocol=1' });
    const deployer = { ...older, connection: { ...connection, user: 'deploy' } };
    const { paragraph } = await deliver(release, programOf()!, world(deployer));
    expect(paragraph.join('\n')).toMatch(
      /^driver\/program-too-old at deploy@127\.0\.0\.1: The device program speaks protocol 1; .*\n {2}instead: .* bootstrap --user deploy\n/,
    );
  });
});

describe('what the operator reads', () => {
  says('Every run ends with the reasons, each with a code and what to do about it, and then one block', async () => {
    const outcome = await ending({}, refuses);
    const [shown] = /^Release [^]*?(?=\n```$)/m.exec(read('docs/delivery.md'))!;
    const told = block(outcome)
      .join('\n')
      .replace(short, '3f0e9c21ab44')
      .replace('ffffffffffff', '77aa01c2de90')
      .replace('of web on gw', 'of hosting on edge1');
    expect(told).toBe(shown);
    expect(outcome.paragraph.slice(0, -4).join('\n')).toMatch(/^driver\/not-proven at web on gw: .*\n {2}instead: /);
  });
});

describe('the commands', () => {
  says('else `cdktf.out/stacks/*/cdk.tf.json` (or the `output` of cdktf.json)', () => {
    const project = projectIn(join(folder, 'project'), { production: stackText(releaseOf(), connectionOf({ port: 1 })) });
    writeFileSync(join(project, 'cdktf.json'), '{ "language": "typescript", "output": "made/here" }');
    expect(typed(built, ['verify'], { cwd: project })).toMatchObject({
      status: 2,
      said: expect.stringMatching(/^cli\/no-stack at made\/here/),
    });
    mkdirSync(join(project, 'made'));
    renameSync(join(project, 'cdktf.out'), join(project, 'made/here'));
    expect(typed(built, ['verify'], { cwd: project }).said).toMatch(/^driver\/unreachable/);
  });
});

inLab([
  [
    'a drop-in does its work and loads ours in the same transaction: never a moment without them.',
    'rules and addresses are back after reboots, loss of power and every life of nftables.service',
  ],
]);

inLab([
  ['Terraform plans nothing where only the device has changed', 'apply twice: no changes'],
  [
    'undone by the driver, else by the timer; a reboot loads the old `release`',
    'a lock-out rolls back by itself and the next apply converges',
  ],
  ['Where a plan is applied in an empty folder there is no stack to look in', 'a plan file is applied from an empty folder'],
  ["a server's closed rules with `onRetract: 'keep closed'`", 'destroy gives the gateway back as it was and keeps the server closed'],
  [
    'not asked: stays as it was, open as it was',
    'a gateway that only disappears from the code stays as it is, until somebody takes it off by hand',
  ],
]);
