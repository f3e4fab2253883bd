// Tests that two owners on one gateway are each verified with the rules of both loaded.

import { Policy } from '../../lib/policy/policy';
import { verifyDevice } from '../../lib/verifier/verify-device';
import { verifyPolicy } from '../../lib/verifier/verify-policy';
import { EDGE } from '../cases/edge';
import { Wish, compiled } from '../support';

const owner = (name: string, address: string, internal: string, port: number): Policy => {
  const wish: Wish = {
    gateway: {
      ...EDGE,
      interfaces: [...EDGE.interfaces, { name: 'lan1', role: 'inside', addresses: ['10.0.1.1/24'] }],
      virtualIps: [{ name: 'vip', interface: 'wan0', address, kind: 'ip-alias' }],
      mappings: [
        { name: 'web', virtualIp: 'vip', internal, open: [{ ports: port, protocol: 'tcp', from: 'anywhere' }] },
      ],
    },
  };
  return { ...compiled(wish, 'nftables').policies[0]!, owner: name };
};

it('two owners on one gateway are each verified with the rules of both', () => {
  const policies = [owner('first', '203.0.113.10', '10.0.0.10', 443), owner('second', '203.0.113.11', '10.0.0.20', 80)];
  const proofs = policies.map((policy) => verifyPolicy(policy));
  const live = proofs.map(({ generated }) => generated.text).join('');
  const device = { ...proofs[0]!.device, localAddresses: proofs.flatMap((proof) => proof.device.localAddresses) };
  for (const policy of policies) expect(verifyDevice(policy, live, device, [])).toEqual({ refusals: [], reports: [] });
});
