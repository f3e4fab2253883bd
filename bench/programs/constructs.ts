// usage: constructs.js COUNT OUTDIR [CHANGED RESOURCE]: synthesizes COUNT OneToOneNat on one gateway. CHANGED of them
// have a narrower profile.
import { App, TerraformStack } from 'cdktf';
import { CpanelFirewallProfile } from '../../constructs/cpanel-firewall-profile';
import { Gateway } from '../../constructs/gateway';
import { OneToOneNat } from '../../constructs/one-to-one-nat';
import { gateway as intent, inside, isChanged, narrower, numbers, outside, profile as services } from '../farm';

const [count, outdir, changed = '0', releaseResource] = process.argv.slice(2) as [string, string, string?, string?];
const app = new App({ outdir, ...(releaseResource === undefined ? {} : { context: { releaseResource } }) });
const stack = new TerraformStack(app, 'bench');
// A count of 0 measures cdktf alone.
if (Number(count) > 0) {
  const connection = {
    host: '192.0.2.2',
    hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHSpEIQczXkVx9iX'],
  };
  const gateway = new Gateway(stack, 'gateway', { ...intent, connection });
  const profile = new CpanelFirewallProfile(stack, 'profile', services);
  const less = new CpanelFirewallProfile(stack, 'narrower', narrower);
  for (const n of numbers(Number(count))) {
    const its = isChanged(n, Number(count), Number(changed)) ? less : profile;
    new OneToOneNat(stack, `m${n}`, { gateway, external: outside(n), internal: inside(n), profile: its });
  }
}
app.synth();
