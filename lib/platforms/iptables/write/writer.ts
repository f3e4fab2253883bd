import { Policy, ServerPolicy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { closed } from '../../../writing/netfilter/server';
import { refused } from '../../../writing/refuse';
import { Surroundings, Writer } from '../../../writing/writer';
import { capabilities } from '../capabilities';
import { lowerHost } from './lower';
import * as problems from './problems';
import { render } from './render';

/** Our chains are ours alone, on a host that holds nothing: what is on it besides has no part in them. */
const NOTHING: Surroundings = {
  text: render((['ip6', 'ip'] as const).map((family) => ({ family, name: 'mangle', chains: [] }))),
  captured: false,
};

export const writer: Writer = {
  write(policy, captured) {
    if (captured !== undefined) throw new Refusal([problems.surroundings(`device ${policy.device}`)]);
    return { text: render(lowerHost(ofServer(policy))), surroundings: NOTHING, addresses: [] };
  },
  closing: (policy) => render(lowerHost(closed(ofServer(policy)))),
  without: () => NOTHING,
};

function ofServer(policy: Policy): ServerPolicy {
  if (policy.kind === 'server') return policy;
  throw new Refusal(refused(policy, capabilities));
}
