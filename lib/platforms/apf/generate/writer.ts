import { FAMILY_RANGE, prefixesOf } from '../../../net/address';
import { ALL_PORTS } from '../../../net/packet';
import { ServerPolicy } from '../../../policy/policy';
import { comparedVersions } from '../../../policy/versions';
import { Refusal } from '../../../problems/problem';
import { serverLoader } from '../../../generate/netfilter/loader';
import { closed } from '../../../generate/netfilter/server';
import { Surroundings, Writer } from '../../../generate/writer';
import { Format, formats } from './format';
import { lowerServer } from './lower';
import * as problems from './problems';
import { render } from './render';

/** A server with APF, of which nobody knows whom it let in: everybody, to all that APF has keys and lines for. */
const nothing = (format: Format): Surroundings => ({
  text: render(
    'nobody',
    {
      interface: '',
      tcp: [ALL_PORTS],
      udp: [ALL_PORTS],
      types: [0, 3, 8, 11, 12],
      types6: 'all',
      lines: format.families
        .flatMap((family) => prefixesOf(FAMILY_RANGE[family]))
        .flatMap((peer) => (['tcp', 'udp'] as const).map((protocol) => ({ protocol, ports: ALL_PORTS, peer }))),
    },
    format,
  ),
  captured: false,
  supposed: true,
});

const writerOf = (format: Format, number: string): Writer => {
  const text = (policy: ServerPolicy, whole: boolean): string => {
    if (comparedVersions(policy.version, number) !== 0)
      throw new Refusal([problems.version(policy.device, policy.version)]);
    return render(policy.owner, lowerServer(policy, format, whole), format);
  };
  return serverLoader(
    format.can,
    nothing(format),
    (policy) => text(policy, true),
    (policy) => text(closed(policy), false),
  );
};

export const writer = writerOf(formats.packaged, '9.7');
export const published = writerOf(formats.published, '2.0.2');
