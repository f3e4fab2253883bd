import { parsePrefix } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { serverLoader } from '../../../generate/netfilter/loader';
import { Surroundings } from '../../../generate/writer';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower';
import { render } from './render';

const EVERYBODY = (['0.0.0.0/0', '::/0'] as const).map((text) => parsePrefix(text)!);

/** A server with csf, of which nobody knows whom it let in: everybody, to all that csf has keys and lines for. */
const NOTHING: Surroundings = {
  text: render('nobody', {
    ports: () => [ALL_PORTS],
    ping: true,
    denied: [],
    hooked: [],
    lines: EVERYBODY.flatMap((peer) =>
      (['tcp', 'udp'] as const).map((protocol) => ({ protocol, way: 'in', ports: [ALL_PORTS], peer }) as const),
    ),
  }),
  captured: false,
  supposed: true,
};

export const writer = serverLoader(capabilities, NOTHING, (policy) => render(policy.owner, lowerServer(policy)));
