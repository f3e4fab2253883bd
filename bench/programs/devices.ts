// usage: devices.js COUNT FOLDER PROGRAM: synthesizes COUNT servers into FOLDER/COUNT/cdktf.out, ten in a stack, with
// the keys in FOLDER. It also records the agent's answers on each server with its release: FOLDER/ADDRESS/status and
// read. It needs root: each server is a network namespace for a moment.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, TerraformStack } from 'cdktf';
import { CpanelFirewallProfile } from '../../constructs/cpanel-firewall-profile';
import { CpanelServer } from '../../constructs/cpanel-server';
import { OwnershipRecord, readOwnershipRecords } from '../../driver/synthesized-stack';
import { numbers } from '../farm';

const IN_A_STACK = 10;
const [count, folder, program] = process.argv.slice(2) as [string, string, string];
const outdir = join(folder, count, 'cdktf.out');
const hostKeys = [readFileSync(join(folder, 'host.pub'), 'utf8').trim()];
const last = (n: number): string => `${(n + 1) >> 8}.${(n + 1) & 255}`;

mkdirSync(join(folder, count));
const app = new App({ outdir, context: { releaseResource: 'terraform_data' } });
const stacks = numbers(Math.ceil(Number(count) / IN_A_STACK)).map((s) => {
  const stack = new TerraformStack(app, `wave${s}`);
  const profile = new CpanelFirewallProfile(stack, 'web', {
    services: ['http', 'https', 'smtp'],
    sources: 'anywhere',
    management: { from: ['203.0.113.0/24'], port: 22 },
  });
  for (const n of numbers(IN_A_STACK).map((one) => IN_A_STACK * s + one))
    new CpanelServer(stack, `web${n}`, {
      owner: 'farm',
      platform: 'nftables',
      version: '1.0.6',
      profile,
      addresses: [`10.1.${last(n)}/16`],
      trustedNetworks: ['10.1.0.0/16'],
      connection: { host: `127.1.${last(n)}`, hostKeys, identityFile: join(folder, 'login') },
    });
  return stack.node.id;
});
app.synth();

for (const name of stacks)
  for (const holder of readOwnershipRecords(join(outdir, 'stacks', name)) ?? [])
    if (!existsSync(join(folder, holder.connection.host))) answerFor(holder);

function answerFor({ device, owner, role, release, connection }: OwnershipRecord): void {
  const { text, digest } = release!;
  const at = join(folder, connection.host);
  mkdirSync(at);
  const held = {
    owner,
    role,
    digest,
    lease: 'lease',
    armed: 'none',
    rules: 'as-loaded',
    fingerprint: 'none',
    state: 'confirmed',
    seconds: 'none',
    tried: 'none',
    boot: 'as-written',
    runs: 'release',
    made: 1763712000,
    runner: 'bench',
  };
  const words = Object.entries(held).map(([word, value]) => `${word}=${value}`);
  writeFileSync(join(at, 'status'), `|${words.join(' ')}\ncpanel-edge: ok status protocol=11 armed=no\n`);
  writeFileSync(join(at, 'text'), text);
  const address = `10.1.${last(Number(device.slice('web'.length)))}/16`;
  const script = [
    'ip link set lo up && ip link add eth0 type veth peer name w0 && ip link set w0 up',
    `ip addr add ${address} dev eth0 && ip link set eth0 up && nft -f "${at}/text" && sh "${program}" read >"${at}/read"`,
  ];
  execFileSync('unshare', ['--net', 'sh', '-ec', script.join('\n')], { stdio: ['ignore', 'ignore', 'inherit'] });
}
