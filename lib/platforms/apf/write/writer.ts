import { parsePrefix } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { Refusal } from '../../../problems/problem';
import { closed } from '../../../writing/netfilter/server';
import { serverAlone } from '../../../writing/refuse';
import { Surroundings, Writer } from '../../../writing/writer';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower';
import { surroundings } from './problems';
import { render } from './render';

const EVERYBODY = parsePrefix('0.0.0.0/0')!;

/** A server with APF, of which nobody knows whom it let in: everybody, to all that APF has keys and lines for. */
const NOTHING: Surroundings = {
  text: render('nobody', {
    ...{ interface: '', tcp: [ALL_PORTS], udp: [ALL_PORTS], types: [0, 3, 8, 11, 12] },
    lines: (['tcp', 'udp'] as const).map((protocol) => ({ protocol, ports: ALL_PORTS, peer: EVERYBODY })),
  }),
  captured: false,
  supposed: true,
};

export const writer: Writer = {
  write(policy, captured) {
    if (captured !== undefined) throw new Refusal([surroundings(`device ${policy.device}`)]);
    const server = serverAlone(policy, capabilities);
    return { text: render(server.owner, lowerServer(server, true)), surroundings: NOTHING, addresses: [] };
  },
  closing(policy) {
    const server = serverAlone(policy, capabilities);
    return render(server.owner, lowerServer(closed(server), false));
  },
  without: () => NOTHING,
};
