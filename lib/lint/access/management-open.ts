import { prefixRange } from '../../net/address';
import { PROTOCOL } from '../../net/packet';
import { joined } from '../../net/range';
import { Opening } from '../../policy/policy';
import { some, touchesAny } from '../addresses';
import { whereSome } from '../open-services';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';
import { Target, openToAnybody } from '../targets';

export const managementOpen: LintRule = {
  code: 'access/management-open',
  severity: 'warning',
  objectedWhenNew: true,
  title: 'Management is open to everybody',
  decidedBy: 'intent',
  explanation: {
    why: "`management` is the way in for administrators: SSH, and with the same sources WHM and whatever else is administrative in a preset. From 'anywhere' it opens all of that to everybody, and it comes before `blocked`, so that nobody can be kept out of it either.",
    when: 'Found where anybody reaches the port of `management`, end to end where the server behind the gateway is known, also where prefixes that are listed add up to a sixteenth of all addresses. A review objects to it where the change opens it, at an address or at all; what stood before is a warning.',
    remedy:
      "Let `management.from` list the operators' networks. Who has no fixed address comes by a VPN or a jump host that has one.",
    source: FIREWALL_PAGE,
  },
  find: whereSome(openPorts, (ports, at, targets) => ({
    what: `Anybody in the internet may try to log in by the management port, tcp ${some(ports.map(String))}, at ${at}${presetsOf(targets)}.`,
    instead:
      "management: { from: [...], port: … } with the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to everybody.",
  })),
};

/** Ports of management that anybody reaches. */
export function openPorts(target: Target): readonly number[] {
  return wishes(target)
    .filter(({ management }) => management)
    .flatMap(({ ports }) => (ports === 'all' ? [] : ports.map(({ first }) => first)))
    .filter((port, at, all) => all.indexOf(port) === at && openToAnybody(target, PROTOCOL.tcp, port));
}

function wishes({ owner: { policy }, at }: Target): readonly Opening[] {
  if (!policy) return [];
  if (policy.kind === 'server') return policy.openings.entries;
  const ranges = joined(at);
  const mine = policy.mappings.filter(({ enabled, outside }) => enabled && touchesAny(ranges, prefixRange(outside)));
  return [...new Set(mine.map(({ openings }) => openings))].flatMap(({ entries }) => entries);
}

/** Presets that open WHM to those who manage. */
function presetsOf(targets: readonly Target[]): string {
  const whm = targets.some((target) => WHM.some((port) => openToAnybody(target, PROTOCOL.tcp, port)));
  return whm ? ', and by WHM' : '';
}

const WHM: readonly number[] = [2086, 2087];
