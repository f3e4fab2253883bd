// Refuses headers of nftables base chains that no kernel accepts: impossible combinations of table family, chain type,
// hook, priority and device. The parser calls it for each chain with a hook.

import { quoteForDisplay } from '../../../../problems/line-problems';
import { refuse } from '../parse-problems';
import { BaseChainHeader, TableFamily } from '../../../../evaluator/ruleset-model';

const IP_HOOKS = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const HOOKS_BY_FAMILY: Readonly<Record<TableFamily, Readonly<Record<BaseChainHeader['type'], readonly string[]>>>> = {
  ip: { filter: IP_HOOKS, nat: IP_HOOKS.filter((hook) => hook !== 'forward'), route: ['output'] },
  ip6: { filter: IP_HOOKS, nat: IP_HOOKS.filter((hook) => hook !== 'forward'), route: ['output'] },
  inet: { filter: [...IP_HOOKS, 'ingress'], nat: IP_HOOKS.filter((hook) => hook !== 'forward'), route: ['output'] },
  arp: { filter: ['input', 'output'], nat: [], route: [] },
  bridge: { filter: IP_HOOKS, nat: [], route: [] },
  netdev: { filter: ['ingress', 'egress'], nat: [], route: [] },
};

/**
 * The hooks at which a priority has a name; elsewhere it is a number. The names for output and input exist since nft
 * 1.0.9.
 */
const BRIDGE_PRIORITIES: Readonly<Record<string, readonly string[]>> = {
  dstnat: ['prerouting'],
  srcnat: ['postrouting'],
  out: ['output'],
};
const IP_PRIORITIES: Readonly<Record<string, readonly string[]>> = {
  dstnat: ['prerouting', 'output'],
  srcnat: ['postrouting', 'input'],
};
const COMMON_PRIORITIES = ['filter'];
const IP_ONLY_PRIORITIES = ['raw', 'mangle', 'security'];

/** Connection tracking has to see a packet before it is translated. */
const CONNTRACK_PRIORITY = -200;

/**
 * Checks the header of a base chain. Source: each case tried with nft 1.0.6 and kernel 6.18.
 * @throws Refusal for a header that no kernel accepts
 */
export function checkBaseChain(
  { type, hook, priority, devices }: Omit<BaseChainHeader, 'policy' | 'line'>,
  priorityWord: string,
  family: TableFamily,
  line: number,
): void {
  const hooks = HOOKS_BY_FAMILY[family][type];
  if (!hooks.includes(hook))
    refuse(
      'no-such-hook',
      line,
      `a table of family ${family} has no ${type} chain at hook ${quoteForDisplay(hook)}.`,
      hooks.join(', ') || 'another table.',
    );
  if (type === 'nat' && priority <= CONNTRACK_PRIORITY)
    refuse('early-nat', line, `a nat chain can't have priority ${priority}.`, `one above ${CONNTRACK_PRIORITY}.`);
  if (devices.length > 0 && hook !== 'ingress' && hook !== 'egress')
    refuse('device-without-ingress', line, `a chain of hook ${hook} is on no device.`, 'the line without it.');
  if (devices.length === 0 && hook === 'ingress' && family === 'inet')
    refuse('ingress-without-device', line, 'a chain of hook ingress is on no device.', '`device …` after the hook.');
  if (/^-?\d/.test(priorityWord) || COMMON_PRIORITIES.includes(priorityWord)) return;
  const isIp = family === 'ip' || family === 'ip6' || family === 'inet';
  const hooksByPriority = isIp ? IP_PRIORITIES : family === 'bridge' ? BRIDGE_PRIORITIES : undefined;
  const isValid = IP_ONLY_PRIORITIES.includes(priorityWord)
    ? isIp && hook !== 'ingress'
    : (hooksByPriority?.[priorityWord]?.includes(hook) ?? false);
  if (!isValid)
    refuse(
      'no-such-priority',
      line,
      `priority ${quoteForDisplay(priorityWord)} has no meaning at hook ${hook} of family ${family}.`,
      'a number.',
    );
}
