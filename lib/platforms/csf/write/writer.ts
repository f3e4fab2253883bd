import { parsePrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { ALL_PORTS } from '../../../net/packet';
import { serverLoader } from '../../../writing/netfilter/loader';
import { Surroundings } from '../../../writing/writer';
import { capabilities } from '../capabilities';
import { lowerServer } from './lower';
import { PORT_KEYS, PortKey } from './model';
import { render } from './render';

const EVERYBODY = (['0.0.0.0/0', '::/0'] as const).map((text) => parsePrefix(text)!);
const ANY_PORT = Object.fromEntries(PORT_KEYS.map((key) => [key, [ALL_PORTS]])) as unknown as Record<PortKey, readonly NumberRange[]>;

/** A server with csf, of which nobody knows whom it let in: everybody, to all that csf has keys and lines for. */
const NOTHING: Surroundings = {
  text: render('nobody', {
    ...{ ports: ANY_PORT, ping: true, denied: [] },
    lines: EVERYBODY.flatMap((peer) =>
      (['tcp', 'udp'] as const).map((protocol) => ({ protocol, way: 'in', ports: [ALL_PORTS], peer }) as const),
    ),
  }),
  captured: false,
  supposed: true,
};

export const writer = serverLoader(capabilities, NOTHING, (policy) => render(policy.owner, lowerServer(policy)));
