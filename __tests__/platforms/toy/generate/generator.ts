// The generator of the toy platform `slate`.

import { printAddress } from '../../../../lib/net/address';
import { NumberRange } from '../../../../lib/net/device';
import { Range, mergeRanges } from '../../../../lib/net/range';
import { AllowRule, Policy } from '../../../../lib/policy/policy';
import { Refusal, refuseIfAny } from '../../../../lib/problems/problem';
import { checkPolicy } from '../../../../lib/generate/check-policy';
import { ConfigGenerator } from '../../../../lib/generate/config-generator';
import { capabilities } from '../capabilities';

const NOTHING = { text: '', isCaptured: false };

export const generator: ConfigGenerator = {
  write: (policy) => ({ text: written(policy), unmanagedConfig: NOTHING, addresses: [] }),
  closing: (policy) => written(policy, ({ management }) => management),
  without: () => NOTHING,
};

/** Management, then blocked sources, then the rest: the first line that matches decides. */
function written(policy: Policy, kept: (opening: AllowRule) => boolean = () => true): string {
  const found = checkPolicy(policy, capabilities);
  if (policy.kind !== 'server') throw new Refusal(found);
  refuseIfAny(found);
  const { entries, blocked } = policy.allowRules;
  const openings = entries.filter(kept);
  return [
    `slate ${policy.owner}`,
    `keep ${policy.establishedSessions === 'terminate' ? 'answers' : 'sessions'}`,
    ...openings.filter(({ management }) => management).flatMap(lines),
    ...printedAll(blocked).map((range) => `drop any all from ${range}`),
    ...(policy.trustedConnections === 'unmanaged'
      ? printedAll(policy.trustedNetworks).map((range) => `accept any all from ${range}`)
      : []),
    ...openings.filter(({ management }) => !management).flatMap(lines),
    'end',
    '',
  ].join('\n');
}

const lines = ({ protocol, ports, sources }: AllowRule): readonly string[] =>
  printedAll(sources).flatMap((range) =>
    (ports === 'all' ? ['all'] : ports.map(printed)).map((port) => `accept ${protocol} ${port} from ${range}`),
  );

const printed = ({ first, last }: NumberRange): string => `${first}-${last}`;
const printedAll = (sources: 'anywhere' | readonly Range[]): readonly string[] =>
  sources === 'anywhere'
    ? ['any']
    : mergeRanges(sources).map(({ first, last }) => `${printAddress(first)}-${printAddress(last)}`);
