// The sample stack of the tests of plans, and its release.

import { TerraformStack, Testing } from 'cdktf';
import {
  CpanelFirewallProfile,
  CpanelFirewallProfileProps,
  CpanelServer,
  OneToOneNat,
  DecommissionedOwner,
  VirtualIp,
} from '../../../constructs/public';
import { gatewayIn, profileProps, serverProps, stackOf } from '../../constructs/construct-samples';
import { Release } from '../../../lib/agent-protocol/release';
import { releasesOf } from '../../constructs/synthesized';

interface Sample {
  readonly services?: CpanelFirewallProfileProps['services'];
  /** True if the server has a health check. */
  readonly witnesses?: boolean;
  /** Removed owners in place of all others. */
  readonly retired?: readonly { readonly device: string; readonly owner: string }[];
}

/** Returns the text of cdk.tf.json for a gateway with one mapping and the server behind it. */
export const sampleStack = (sample: Sample = {}): string => Testing.synth(madeOf(sample));

/** Returns the release of the gateway. */
export const sampleRelease = (): Release => releasesOf(madeOf({})).get('edge1_hosting')!;

function madeOf({ services = ['smtp', 'https'], witnesses = false, retired }: Sample): TerraformStack {
  const stack = stackOf('edge');
  if (retired) {
    new DecommissionedOwner(stack, 'gone', { owners: retired });
    return stack;
  }
  const gateway = gatewayIn(stack);
  const profile = new CpanelFirewallProfile(stack, 'profile', { name: 'mail', ...profileProps, services });
  const server = new CpanelServer(stack, 'mail1', {
    ...serverProps(profile),
    ...(witnesses ? { healthChecks: [{ from: '198.51.100.7', to: '10.0.0.10', port: 443 }] } : {}),
  });
  const virtualIp = new VirtualIp(stack, 'vip', {
    gateway,
    interface: 'wan0',
    address: '203.0.113.10',
    kind: 'ip-alias',
  });
  new OneToOneNat(stack, 'mail', { virtualIp, internal: server });
  return stack;
}
