// Tests on a kernel, by packets, gateway releases for iptables that stop at any step of a change: never more is open
// than in the old and the new release. The same for a first release and a removal.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Probe } from '../../evaluator/kernel/namespaces';
import { isOf, shownAs } from '../../evaluator/kernel/probes';
import { BACK_ENDS, BackEnd, withIptables } from './kernel';
import { Mapped, gatewayText } from './gateway-text';
import { drawCases } from '../../randomly';

const ROOT = join(__dirname, '../../..');
/** The agent's parts that load a release, and the functions that they need. */
const PARTS = [
  ...['iptables', 'back-ends'].map((part) => `. ${ROOT}/lib/platforms/iptables/agent/${part}.sh`),
  `. ${ROOT}/agent/protocol/checked-programs.sh`,
  'command_exists() { command -v "$1" >/dev/null; }',
].join('; ');
const [A, B, C, D] = ['203.0.113.11', '203.0.113.12', '203.0.113.13', '203.0.113.14'] as const;
const at = (address: string, host: number, ports: string): Mapped => ({
  public: address,
  inside: `10.0.0.${host}`,
  ports,
});
/**
 * The ports of one mapping change, one mapping is removed, and two are added, in the same number of chains and in
 * another one.
 */
const BEFORE = gatewayText([at(A, 10, '80'), at(B, 11, '80')]);
const AFTER = gatewayText([at(A, 10, '443'), at(C, 11, '443'), at(D, 10, '443')]);
const PORTS = [80, 443, 22];

let sourcePort = 20_000;
const probesOf = (): readonly Probe[] =>
  [A, B, C, D].flatMap((to) =>
    PORTS.map(
      (port) =>
        ({ place: 'out', from: '198.51.100.7', to, protocol: 6, port, sourcePort: ++sourcePort, size: 0 }) as const,
    ),
  );

withIptables('an iptables gateway that changes', (host) => {
  const folder = mkdtempSync(join(tmpdir(), 'cpanel-edge-test-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  /** Runs the agent's own load, which is stopped after so many restores, of `most`. */
  function load(backEnd: BackEnd, text: string, stopped = 3, most = 3): void {
    const instead = join(folder, backEnd);
    mkdirSync(instead, { recursive: true });
    for (const program of ['iptables', 'ip6tables']) {
      const script = (what: string, first: string): void =>
        writeFileSync(
          join(instead, `${program}-${what}`),
          `#!/bin/sh\n${first}exec ${program}-${backEnd}-${what} "$@"\n`,
          { mode: 0o755 },
        );
      script('save', 'exec 2>/dev/null\n');
      script('restore', `echo >>${folder}/done; [ "$(wc -l <${folder}/done)" -le ${stopped} ] || exit 1\n`);
    }
    const script = `rm -f ${folder}/done; PATH=${instead}:$PATH RUN=${folder} ID=x; ${PARTS}; iptables_load cg-web; echo $?`;
    expect([host().namespaces.run(['sh', '-c', script], text), stopped]).toEqual([
      stopped < most ? '1\n' : '0\n',
      stopped,
    ]);
  }

  async function arrives(): Promise<readonly string[]> {
    host().namespaces.run(['conntrack', '-F']);
    const probes = probesOf();
    const seen = (await host().ask(probes)).filter(({ place }) => place === 'in');
    return probes.flatMap((probe) =>
      seen.filter((one) => isOf(probe, one)).map((one) => `${probe.to}:${probe.port} is ${shownAs(one)}`),
    );
  }

  const is = ({ public: to, inside, ports }: Mapped): string =>
    `${to}:${ports} is in: 198.51.100.7 > ${inside}:${ports}`;
  const OLD = [at(A, 10, '80'), at(B, 11, '80')].map(is);
  const NEW = [at(A, 10, '443'), at(C, 11, '443'), at(D, 10, '443')].map(is);

  describe.each(drawCases(BACK_ENDS, 1))('%s', (backEnd) => {
    beforeEach(() => {
      host().load({}, backEnd);
      load(backEnd, BEFORE);
    });

    it('accepts what both releases accept, wherever the change stops', async () => {
      const seen: (readonly string[])[] = [];
      for (const stopped of [0, 1, 2, 3]) {
        load(backEnd, BEFORE);
        load(backEnd, AFTER, stopped);
        seen.push(await arrives());
      }
      expect(seen).toEqual([OLD, OLD.slice(1), NEW.slice(1), NEW]);
    });

    it('a first release and a removal never translate packets that no rule filters', async () => {
      const seen: (readonly string[])[] = [];
      for (const stopped of [0, 1, 2, 3]) {
        load(backEnd, BEFORE);
        load(backEnd, '', stopped);
        seen.push(await arrives());
        load(backEnd, '');
        // Nothing is left to remove.
        load(backEnd, BEFORE, stopped, 2);
        seen.push(await arrives());
      }
      expect(seen).toEqual([OLD, [], OLD, [], [], OLD, [], OLD]);
      load(backEnd, '');
      expect(host().printed(backEnd)).not.toMatch(/c[go]-web/);
    });

    it('accepts no more if it stops again and again', async () => {
      for (const stops of [
        [AFTER, 2, BEFORE, 1, BEFORE, 1],
        [AFTER, 1, BEFORE, 2, AFTER, 1],
        [AFTER, 1, AFTER, 2, BEFORE, 1],
      ] as const) {
        for (const at of [0, 2, 4] as const) {
          load(backEnd, stops[at], stops[at + 1] as number);
          expect([...OLD, ...NEW]).toEqual(expect.arrayContaining([...(await arrives())]));
        }
        load(backEnd, BEFORE);
        expect([await arrives(), host().printed(backEnd).includes('co-web')]).toEqual([OLD, false]);
      }
    });
  });
});
