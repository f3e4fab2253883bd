// Tests that iptables-save lists the rules generated of sample and random policies exactly as the generator printed
// them, by both backends.

import { spawnSync } from 'node:child_process';
import { generator } from '../../../lib/platforms/iptables/generate/generator';
import { fc, inTime, seeded, times } from '../../randomly';
import { gateways, servers } from '../../policy/random';
import { GATEWAYS, SERVERS } from '../../generate/samples';
import { describeWhere } from '../../where-possible';
import { BACK_ENDS, BackEnd, canUseIptables, inPlaceOf } from './kernel';

/** The output of both programs for a text that was loaded twice, as every later release is. */
function printed(text: string, backEnd: BackEnd): string {
  const commands: string[] = [];
  const load = (): void =>
    inPlaceOf((command, input) => `${commands.push(`${command.join(' ')} <<'END'\n${input}END\n`)}`, text, backEnd);
  load();
  load();
  const save = ['ip6tables', 'iptables'].flatMap((program) =>
    ['mangle', 'filter', 'nat'].map((table) => `${program}-${backEnd}-save -t ${table} 2>/dev/null`),
  );
  const { status, stdout, stderr } = spawnSync('unshare', ['-n', 'sh', '-ec', [...commands, ...save].join('\n')], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${stderr}\n${text}`);
  return stdout;
}

/** Removes counters, times, and the tables that programs create when they list rules. */
const compared = (text: string): readonly string[] =>
  text
    .replace(/^\*(nat|filter)\n(:.*\n)*COMMIT\n/gm, '')
    .replace(/\[\d+:\d+\]/g, '[0:0]')
    // Names of protocols come from a file of the host.
    .replace(/(?<= -p )(dccp|gre)(?= )/g, (name) => (name === 'gre' ? '47' : '33'))
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));

describeWhere(
  canUseIptables(),
  'texts of iptables in a kernel',
  'root on Linux, with iptables',
)('a text', () => {
  const samples = Object.entries({ ...SERVERS, ...GATEWAYS }).flatMap(([name, policy]) =>
    BACK_ENDS.map((backEnd) => [name, backEnd, policy] as const),
  );
  it.each(samples)('is printed by the programs as generated: %s, %s', (_, backEnd, policy) => {
    const asked = { ...policy, platform: 'iptables' };
    for (const text of [generator.write(asked).text, generator.closing!(asked)])
      expect(compared(printed(text, backEnd))).toEqual(compared(text));
  });

  it('is printed by the programs as generated, for random servers and gateways', () => {
    let tried = 0;
    for (const policy of inTime(fc.sample(fc.oneof(servers, gateways), { numRuns: times(30), seed: seeded(7) }))) {
      const { text } = generator.write({ ...policy, platform: 'iptables' });
      expect(compared(printed(text, BACK_ENDS[tried++ % 2]!))).toEqual(compared(text));
    }
  });
});
