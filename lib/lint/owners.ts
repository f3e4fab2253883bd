import { Exposure } from '../reachability/exposure';
import { remembered } from '../net/interned';
import { Subject, SubjectOwner } from './subject';

/** Every rule asks for them, of thousands. */
export const gatewaysOf = remembered(({ owners }: Subject): readonly SubjectOwner[] => owners.filter(isGateway));

export const isGateway = ({ policy, device }: SubjectOwner): boolean =>
  policy ? policy.kind === 'gateway' : device.forwarding;

export const serversOf = remembered(({ owners }: Subject): readonly SubjectOwner[] =>
  owners.filter((owner) => !isGateway(owner)),
);

export const viewsFrom = (
  { device, exposure }: Pick<SubjectOwner, 'device' | 'exposure'>,
  outside: boolean,
): Exposure['views'] => {
  const names = new Set(
    device.interfaces.filter(({ role }) => (role === 'outside') === outside).map(({ name }) => name),
  );
  return exposure.views.filter(({ vantage }) => vantage.kind === 'interface' && names.has(vantage.name));
};
