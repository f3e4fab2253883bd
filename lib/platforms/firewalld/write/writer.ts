import { ServerPolicy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { closed } from '../../../writing/netfilter/server';
import { serverAlone } from '../../../writing/refuse';
import { Surroundings, Writer } from '../../../writing/writer';
import { capabilities } from '../capabilities';
import { lowerHost } from './host';
import { surroundings } from './problems';
import { render } from './render';

/** A server with firewalld, of which nobody knows what its zones are. */
const NOTHING: Surroundings = { text: '==> /etc/firewalld/policies <==\n', captured: false };

export const writer: Writer = {
  write(policy, captured) {
    if (captured !== undefined) throw new Refusal([surroundings(`device ${policy.device}`)]);
    return { text: written(serverAlone(policy, capabilities)), surroundings: NOTHING, addresses: [] };
  },
  closing: (policy) => written(closed(serverAlone(policy, capabilities))),
  without: () => NOTHING,
};

const written = (policy: ServerPolicy): string => render(policy.owner, lowerHost(policy));
