import { shown } from '../../../../problems/in-text';
import { refuse } from '../problems';
import { Base, TableFamily } from '../../../../evaluator/model';

const IP = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const HOOKS: Readonly<Record<TableFamily, Readonly<Record<Base['type'], readonly string[]>>>> = {
  ip: { filter: IP, nat: IP.filter((hook) => hook !== 'forward'), route: ['output'] },
  ip6: { filter: IP, nat: IP.filter((hook) => hook !== 'forward'), route: ['output'] },
  inet: { filter: [...IP, 'ingress'], nat: IP.filter((hook) => hook !== 'forward'), route: ['output'] },
  arp: { filter: ['input', 'output'], nat: [], route: [] },
  bridge: { filter: IP, nat: [], route: [] },
  netdev: { filter: ['ingress', 'egress'], nat: [], route: [] },
};

/** Where a priority may be called by its name; the others by a number. Of output and input since nft 1.0.9. */
const OF_BRIDGE: Readonly<Record<string, readonly string[]>> = {
  dstnat: ['prerouting'],
  srcnat: ['postrouting'],
  out: ['output'],
};
const OF_IP: Readonly<Record<string, readonly string[]>> = {
  dstnat: ['prerouting', 'output'],
  srcnat: ['postrouting', 'input'],
};
const EVERYWHERE = ['filter'];
const IP_ALONE = ['raw', 'mangle', 'security'];

/** Connection tracking has to see a packet before it is translated. */
const TRACKED_FROM = -200;

/** Throws Refusal for what no kernel takes as the head of a chain. Source: each asked of nft 1.0.6 with kernel 6.18. */
export function checkBase(
  { type, hook, priority, devices }: Omit<Base, 'policy' | 'line'>,
  word: string,
  family: TableFamily,
  line: number,
): void {
  const hooks = HOOKS[family][type];
  if (!hooks.includes(hook))
    refuse(
      'no-such-hook',
      line,
      `a table of family ${family} has no ${type} chain at hook ${shown(hook)}.`,
      hooks.join(', ') || 'another table.',
    );
  if (type === 'nat' && priority <= TRACKED_FROM)
    refuse('early-nat', line, `a nat chain can't have priority ${priority}.`, `one above ${TRACKED_FROM}.`);
  if (devices.length > 0 && hook !== 'ingress' && hook !== 'egress')
    refuse('device-without-ingress', line, `a chain of hook ${hook} is on no device.`, 'the line without it.');
  if (devices.length === 0 && hook === 'ingress' && family === 'inet')
    refuse('ingress-without-device', line, 'a chain of hook ingress is on no device.', '`device …` after the hook.');
  if (/^-?\d/.test(word) || EVERYWHERE.includes(word)) return;
  const ip = family === 'ip' || family === 'ip6' || family === 'inet';
  const named = ip ? OF_IP : family === 'bridge' ? OF_BRIDGE : undefined;
  const known = IP_ALONE.includes(word) ? ip && hook !== 'ingress' : (named?.[word]?.includes(hook) ?? false);
  if (!known)
    refuse(
      'no-such-priority',
      line,
      `priority ${shown(word)} has no meaning at hook ${hook} of family ${family}.`,
      'a number.',
    );
}
