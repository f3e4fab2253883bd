import { Policy, ServerPolicy } from '../../policy/policy';
import { Refusal } from '../../problems/problem';
import { Capabilities } from '../capabilities';
import * as problems from '../problems';
import { coded, serverAlone } from '../refuse';
import { Surroundings, Writer } from '../writer';
import { addressLines } from './addresses';
import { closed } from './server';

/** What a platform makes of a policy. Both throw Refusal with every wish that it can't meet. */
interface Texts {
  text(policy: Policy): string;
  closing(policy: Policy): string;
}

/** The writer of a platform where an owner's rules are its own: what else is on a device has no part in them. */
export const loader = (can: Capabilities, nothing: Surroundings, { text, closing }: Texts): Writer => ({
  write(policy, captured) {
    if (captured !== undefined) throw new Refusal(coded(can, [problems.surroundings(policy.device, can)]));
    const addresses = policy.kind === 'gateway' ? policy.virtualIps.flatMap(addressLines) : [];
    return { text: text(policy), surroundings: nothing, addresses };
  },
  closing,
  without: () => nothing,
});

/** The same of a platform that is no gateway. */
export const serverLoader = (
  can: Capabilities,
  nothing: Surroundings,
  text: (policy: ServerPolicy) => string,
  closing = (policy: ServerPolicy): string => text(closed(policy)),
): Writer =>
  loader(can, nothing, {
    text: (policy) => text(serverAlone(policy, can)),
    closing: (policy) => closing(serverAlone(policy, can)),
  });
