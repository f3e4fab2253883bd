import { spawnSync } from 'node:child_process';
import { Printed } from './printed';
import { canUseKernel, Namespaces, Probe, Seen } from '../../reading/kernel-namespaces';
import { describeWhere } from '../../where-possible';

/** Programs of both put rules into one kernel, in places of their own. */
export type BackEnd = 'nft' | 'legacy';
export const BACK_ENDS: readonly BackEnd[] = ['nft', 'legacy'];

const PROGRAM = { ip: 'iptables', ip6: 'ip6tables' } as const;
const EMPTY = Object.entries({
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
  security: ['INPUT', 'FORWARD', 'OUTPUT'],
})
  .map(([name, chains]) => `*${name}\n${chains.map((chain) => `:${chain} ACCEPT [0:0]\n`).join('')}COMMIT\n`)
  .join('');

/** The gateway of the namespaces with rules of iptables in it. */
export class IptablesHost {
  readonly namespaces = new Namespaces();

  /** In place of whatever was there. The same table twice is one for each back end, the first one as asked. */
  load({ ip, ip6, sets }: Printed, backEnd: BackEnd): void {
    for (const program of Object.values(PROGRAM)) this.namespaces.run([`${program}-legacy-restore`], EMPTY);
    this.namespaces.load('');
    // A set in a list of sets is in use, until the list is empty.
    for (const command of ['flush', 'destroy']) this.namespaces.run(['ipset', command]);
    if (sets !== undefined) this.namespaces.run(['ipset', 'restore'], sets);
    for (const [family, text] of Object.entries({ ip, ip6 })) {
      if (text === undefined) continue;
      const program = PROGRAM[family as 'ip' | 'ip6'];
      const seen = new Set<string>();
      for (const part of text.split(/(?=^# Generated)/m)) {
        const tables = part.match(/^\*\w+/gm) ?? [];
        const again = tables.some((table) => seen.has(table));
        for (const table of tables) seen.add(table);
        this.namespaces.run([`${program}-${again ? BACK_ENDS.find((one) => one !== backEnd)! : backEnd}-restore`], part);
      }
    }
  }

  /** What the programs print of what is loaded. */
  printed(backEnd: BackEnd): string {
    const programs = [...Object.values(PROGRAM).map((program) => `${program}-${backEnd}-save`), 'ipset save'];
    return this.namespaces.run(['sh', '-c', programs.join(' 2>/dev/null; ')]);
  }

  listed = (): string => this.namespaces.run(['nft', 'list', 'ruleset']);

  ask = (probes: readonly Probe[]): Promise<readonly Seen[]> => this.namespaces.ask(probes);

  remove(): void {
    this.namespaces.remove();
  }
}

const canUseIptables = (): boolean =>
  canUseKernel() &&
  ['iptables-nft', 'iptables-legacy', 'ipset'].every(
    (tool) => spawnSync('sh', ['-c', `PATH=$PATH:/usr/sbin command -v ${tool}`]).status === 0,
  );

/** Tests that ask a kernel with the real programs, in namespaces that are gone afterwards. */
export function withIptables(what: string, tests: (host: () => IptablesHost) => void): void {
  describeWhere(
    canUseIptables(),
    what,
    'root on Linux, with iptables, ipset, nft, ip, conntrack and nping',
  )(what, () => {
    let host: IptablesHost;
    beforeAll(() => {
      host = new IptablesHost();
    });
    afterAll(() => host.remove());
    tests(() => host);
  });
}
