// Tests on a real kernel which established sessions go on and which end when an iptables release changes.

import { generator } from '../../../lib/platforms/iptables/generate/generator';
import { Mapping } from '../../../lib/policy/policy';
import { port } from '../../devices';
import { Probe } from '../../evaluator/kernel/namespaces';
import { isOf } from '../../evaluator/kernel/probes';
import { gateway, mapping, opening, openings, ports, ranges, virtualIp } from '../../generate/support';
import { BACK_ENDS, BackEnd, emptied, restored, withIptables } from './kernel';

const PUBLIC = '203.0.113.10';
const interfaces = [port('wan0', 'outside', ['198.51.100.2/24']), port('br0', 'inside', ['10.0.0.1/24'])];
const served = openings('served', [opening({ protocol: 17, ports: ports(443) })]);

const textOf = (mappings: readonly Mapping[], answers = openings('nothing', [])): string =>
  generator.write(
    gateway(mappings, { platform: 'iptables', interfaces, virtualIps: [{ ...virtualIp(PUBLIC), answers }] }),
  ).text;
const to = (inside: string, parts: Partial<Mapping> = {}): Mapping =>
  mapping(PUBLIC, inside, { allowRules: served, ...parts });

withIptables('sessions from before a change', (host) => {
  let sourcePort = 30_000;

  function load(backEnd: BackEnd, text: string): void {
    const run = (command: readonly string[], input: string): string => host().namespaces.run(command, input);
    emptied(run);
    host().namespaces.load('', 'keep');
    restored(run, text, backEnd);
  }

  /** Where a packet of a flow arrives that began before the change. */
  async function comesTo(): Promise<readonly string[]> {
    const probe: Probe = {
      place: 'out',
      from: '198.51.100.7',
      to: PUBLIC,
      protocol: 17,
      port: 443,
      sourcePort,
      size: 100,
    };
    host().namespaces.answered();
    const seen = await host().ask([probe]);
    return seen.filter((one) => isOf(probe, one)).map(({ place, destination }) => `${place} ${destination}`);
  }

  beforeEach(() => (sourcePort += 1));

  const NOWHERE: readonly string[] = [];
  describe.each(BACK_ENDS)('%s', (backEnd) => {
    it.each<[string, string, readonly string[]]>([
      ['is translated to another host', textOf([to('10.0.0.11')]), NOWHERE],
      ['is not translated any more', textOf([to('10.0.0.10', { enabled: false })]), NOWHERE],
      [
        'is not translated any more, and the gateway answers',
        textOf([to('10.0.0.10', { enabled: false })], served),
        NOWHERE,
      ],
      ['is translated for other peers', textOf([to('10.0.0.10', { peers: ranges('192.0.2.0/24') })]), NOWHERE],
      ['is translated as before', textOf([to('10.0.0.10')]), ['in 10.0.0.10']],
    ])('to a public address that %s', async (_, after, wanted) => {
      load(backEnd, textOf([to('10.0.0.10')]));
      expect(await comesTo()).toEqual(['in 10.0.0.10']);
      load(backEnd, after);
      expect(await comesTo()).toEqual(wanted);
    });

    it('and through another program’s translation of a public address to the gateway itself', async () => {
      const redirect = [
        '-t',
        'nat',
        '-A',
        'PREROUTING',
        '-d',
        PUBLIC,
        '-p',
        'udp',
        '-j',
        'DNAT',
        '--to-destination',
        '198.51.100.2',
      ];
      for (const [text, wanted] of [
        ['', ['gw 198.51.100.2']],
        [textOf([]), NOWHERE],
      ] as const) {
        sourcePort += 1;
        load(backEnd, text);
        host().namespaces.run([`iptables-${backEnd}`, ...redirect]);
        expect(await comesTo()).toEqual(wanted);
      }
    });

    it('with the gateway itself, at an address that is mapped now', async () => {
      load(backEnd, textOf([], served));
      expect(await comesTo()).toEqual([`gw ${PUBLIC}`]);
      load(backEnd, textOf([to('10.0.0.10')]));
      expect(await comesTo()).toEqual(NOWHERE);
    });
  });
});
