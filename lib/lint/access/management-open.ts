import { toRange } from '../../net/address';
import { PROTOCOL } from '../../net/packet';
import { mergeRanges } from '../../net/range';
import { AllowRule } from '../../policy/policy';
import { printList, overlapsAny } from '../addresses';
import { createTargetFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { LintTarget, isOpenToInternet } from '../lint-targets';

/**
 * Finds management ports that are open to the internet. `management` precedes `blocked`, so no source can be denied
 * either.
 */
export const managementOpen: LintRule = {
  code: 'access/management-open',
  severity: 'warning',
  objectedWhenNew: true,
  title: 'Management is open to any source',
  decidedBy: 'intent',
  explanation: {
    why: "`management` is the way in for administrators: SSH, and with the same sources WHM and whatever else is administrative in a preset. From 'anywhere' it opens all of that to any source, and it comes before `blocked`, so that no address can be kept out of it either.",
    when: 'Found where any source reaches the port of `management`, end to end where the server behind the gateway is known, also where prefixes that are listed add up to a sixteenth of all addresses. A review objects to it where the change opens it, at an address or at all; what stood before is a warning.',
    remedy:
      "Let `management.from` list the operators' networks. Who has no fixed address comes by a VPN or a jump host that has one.",
    source: FIREWALL_PAGE,
  },
  find: createTargetFinder(findOpenManagementPorts, (ports, addressText, targets) => ({
    what: `Any source in the internet may try to log in by the management port, tcp ${printList(ports.map(String))}, at ${addressText}${printWhmNote(targets)}.`,
    instead:
      "management: { from: [...], port: … } with the operators' networks; 'anywhere' opens SSH, and WHM where a preset has it, to any source.",
  })),
};

/** Returns the management ports that the internet reaches. */
export function findOpenManagementPorts(target: LintTarget): readonly number[] {
  return listAllowRules(target)
    .filter(({ management }) => management)
    .flatMap(({ ports }) => (ports === 'all' ? [] : ports.map(({ first }) => first)))
    .filter((port, index, ports) => ports.indexOf(port) === index && isOpenToInternet(target, PROTOCOL.tcp, port));
}

function listAllowRules({ owner: { policy }, addresses }: LintTarget): readonly AllowRule[] {
  if (!policy) return [];
  if (policy.kind === 'server') return policy.allowRules.entries;
  const ranges = mergeRanges(addresses);
  const mappings = policy.mappings.filter(({ enabled, external }) => enabled && overlapsAny(ranges, toRange(external)));
  return [...new Set(mappings.map(({ allowRules }) => allowRules))].flatMap(({ entries }) => entries);
}

/** Returns words on WHM if its ports are open: there are presets that open WHM for management. */
function printWhmNote(targets: readonly LintTarget[]): string {
  const hasOpenWhm = targets.some((target) => WHM_PORTS.some((port) => isOpenToInternet(target, PROTOCOL.tcp, port)));
  return hasOpenWhm ? ', and by WHM' : '';
}

const WHM_PORTS: readonly number[] = [2086, 2087];
