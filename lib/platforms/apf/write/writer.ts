import { parsePrefix } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { serverLoader } from '../../../writing/netfilter/loader';
import { closed } from '../../../writing/netfilter/server';
import { Surroundings } from '../../../writing/writer';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower';
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

export const writer = serverLoader(
  capabilities,
  NOTHING,
  (policy) => render(policy.owner, lowerServer(policy, true)),
  (policy) => render(policy.owner, lowerServer(closed(policy), false)),
);
