// usage: constructs.js COUNT OUTDIR: so many OneToOneNat on one gateway, synthesized.
import { App, TerraformStack } from 'cdktf';
import { Gateway } from '../../constructs/gateway';
import { OneToOneNat } from '../../constructs/one-to-one-nat';
import { gateway as intent, mapping, numbers } from '../farm';

const [count, outdir] = process.argv.slice(2) as [string, string];
const app = new App({ outdir });
const stack = new TerraformStack(app, 'bench');
// What cdktf itself costs is a row of its own.
if (Number(count) > 0) {
  const connection = { host: '192.0.2.2', hostKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIK0wmN/Cr3JXqmLW7u+g9pTh+wyqDHSpEIQczXkVx9iX'] };
  const gateway = new Gateway(stack, 'gateway', { ...intent, connection });
  for (const n of numbers(Number(count))) {
    const { name, outside, inside, open } = mapping(n);
    new OneToOneNat(stack, name, { gateway, outside: outside!, inside: inside as string, open: open! });
  }
}
app.synth();
