import { nftables as platform } from '../../../lib/platforms/nftables';
import { must, run } from '../../command';
import { Moment, Point, Step } from '../moment';
import { FaultPlatform } from '../platform';

const point = (name: string, command: string, when: 'before' | 'after', decided: Point['decided'] = 'no'): Point => {
  const [tool = ''] = command.split(' ');
  return { name, tool, pattern: command, when, decided };
};

/** In the order in which the device program comes to them. */
const POINTS: Readonly<Partial<Record<Step, readonly Point[]>>> = {
  upload: [
    point('received, not named', 'mv -f */coming-* */offered-*', 'before'),
    point('offered', 'mv -f */coming-* */offered-*', 'after'),
  ],
  check: [point('rules checked by nft', 'nft -c -f -', 'after'), point('checked', 'mv -f */offered-* */checked-*', 'after')],
  arm: [
    point('timer started, not armed', 'systemd-run *', 'after'),
    point('armed, not loaded', 'mv -f */checked-* */armed-*', 'after'),
    point('about to load', 'nft -f -', 'before'),
    point('loaded, not remembered', 'nft -f -', 'after'),
    point('remembered', 'mv -f */loaded.new */loaded', 'after'),
  ],
  read: [point('listing the rules', 'nft list ruleset', 'before')],
  confirm: [
    point('about to decide', 'mv -f */armed-* */release', 'before'),
    point('decided, not on the disk', 'mv -f */armed-* */release', 'after', 'not on the disk yet'),
    point('on the disk, timer not stopped', 'systemctl stop cpanel-edge-undo-*', 'before', 'yes'),
    point('timer stopped', 'systemctl stop cpanel-edge-undo-*', 'after', 'yes'),
  ],
  rollback: [
    point('about to undo', 'mv -f */armed-* */undoing-*', 'before'),
    point('undoing, not loaded', 'mv -f */armed-* */undoing-*', 'after'),
    point('undoing, loaded', 'nft -f -', 'after'),
  ],
  retract: [
    point('about to retract', 'mv -f */release */[kr]*', 'before'),
    point('named as retracted', 'mv -f */release */[kr]*', 'after'),
  ],
};

/** Without counters and handles, and only ours: what others load isn't the release's. */
const SNAPSHOT = [
  'for table in $(nft list tables | awk \'$3 ~ /^cpanel_edge/ { print $3 }\'); do nft -s list table inet "$table"; done',
  "ip -o addr show scope global | awk '{ print $2, $4 }' | sort",
].join('; ');

export const nftables: FaultPlatform = {
  id: 'nftables',
  capabilities: platform.capabilities,
  tools: {
    mv: '/usr/bin/mv',
    sync: '/usr/bin/sync',
    nft: '/usr/sbin/nft',
    'systemd-run': '/usr/bin/systemd-run',
    systemctl: '/usr/bin/systemctl',
  },
  within: (step): readonly Moment[] => (POINTS[step] ?? []).map((each) => ({ step, point: each })),
  // From outside the device: these are asked for all the time, and a login costs more than the answer.
  snapshot: async (lab, device) => must(await lab.device(device).inside(['sh', '-c', SNAPSHOT])),
  status: async (lab, device) => {
    if (!lab.device(device).running) return undefined;
    const { out } = await run(await lab.device(device).inside(['/usr/local/sbin/cpanel-edge-device', 'status']), { seconds: 20 });
    const result = /^cpanel-edge: ok status (.*)$/m.exec(out)?.[1];
    if (result === undefined) return undefined;
    const owners = [...out.matchAll(/^\|(owner=.*)$/gm)].map(([, line = '']) =>
      Object.fromEntries(line.split(' ').map((word) => [word.slice(0, word.indexOf('=')), word.slice(word.indexOf('=') + 1)])),
    );
    return { owners, onTrial: /armed=yes/.test(result) };
  },
};
