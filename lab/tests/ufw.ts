// Tests that deliveries for iptables and firewalld refuse an enabled ufw, that delivery, verify, exposure and doctor
// name it beside nftables, and that a disabled ufw prevents no delivery.
import { match, strictEqual } from 'node:assert';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { must } from '../command';
import { Lab } from '../lab';
import { ADDRESS } from '../topology';
import { LAB_PORTS, deploy, failsToApply, plan, reachable, serves } from './deployment';
import { MAIN, types } from './doctor';
import { LabSuite } from './test';

/** Debian's package removes iptables-persistent, and is installed after it is gone. */
const INSTALLED =
  'DEBIAN_FRONTEND=noninteractive dpkg --purge iptables-persistent netfilter-persistent && dpkg --install /root/ufw.deb';

/** Returns all rules, and the files that ufw has written. */
const everything = (lab: Lab): Promise<string> =>
  lab.does(
    'web1',
    'nft -s list ruleset; iptables-legacy-save 2>/dev/null; cd /etc/ufw && sha256sum *.rules ufw.conf; ls /etc/cpanel-edge/*/release 2>/dev/null || :',
  );

/** Returns the output of `exposure` for all running rules. */
async function exposed(lab: Lab): Promise<string> {
  const file = join(lab.folder, 'rules.nft');
  writeFileSync(file, await lab.does('web1', 'nft list ruleset'));
  return must([process.execPath, MAIN, 'exposure', file]);
}

async function refusesBesideIt(lab: Lab, variant: string): Promise<void> {
  const { stack } = await plan(lab, { variant });
  const before = await everything(lab);
  const { out, err } = await failsToApply(stack);
  const said = (out + err).replace(/^\S+ \(local-exec\): /gm, '').replace(/\s+/g, ' ');
  match(said, /The device has ufw enabled/);
  match(
    said,
    /"ufw" in "replaces" on platform nftables or firewalld: it gives way in the delivery\. Or ufw disable first/,
  );
  match(said, /nothing was loaded/);
  strictEqual(await everything(lab), before, variant);
}

/** Tests in the order of one server's life: Debian with ufw, as most guides set it up. */
export const ufw: LabSuite = {
  name: 'a server with ufw',
  tests: [
    {
      name: 'while ufw is enabled, deliveries for iptables and firewalld are refused by name and change nothing',
      run: async (lab) => {
        await lab.does('web1', `${INSTALLED} && ufw allow 22/tcp && ufw --force enable`);
        match(await lab.does('web1', 'ufw status'), /Status: active/);
        for (const variant of ['on iptables', 'on firewalld']) await refusesBesideIt(lab, variant);
        strictEqual(await reachable(lab), 'none');
      },
    },
    {
      name: 'beside an nft table both have to allow a packet: delivery, verify and exposure name ufw',
      run: async (lab) => {
        const { output } = await deploy(lab, { variant: 'server as before' });
        match(output, /Others' rules close to most what it opens/);
        strictEqual(await reachable(lab), 'none');
        const narrower = await types(lab, 'verify', 'web1');
        strictEqual(narrower.status, 3, narrower.out);
        match(narrower.out, /narrowed: [^]*by the policy drop of chain INPUT of table ip filter \(ufw\)/);
        match(
          await exposed(lab),
          /ports\/two-filters: [^\n]*chain INPUT of table ip filter \(ufw\) and chain c_input of table inet cpanel_edge_hosting_host/,
        );
        const doctor = await types(lab, 'doctor', ADDRESS.publicWeb1);
        strictEqual(doctor.status, 1, doctor.out);
        match(doctor.out, /Most likely: the rules of web1 refuse [^\n]*\(ufw\) has policy drop/);
        await lab.does('web1', 'ufw allow 443/tcp && ufw allow 3306/tcp');
        strictEqual(await reachable(lab), '443');
      },
    },
    {
      name: 'a disabled ufw prevents no delivery; enabled again it is reported and leaves our rules in place',
      run: async (lab) => {
        await lab.does('web1', 'ufw disable');
        await deploy(lab, { variant: 'on iptables' });
        await serves(lab, 'on iptables, ufw disabled');
        await lab.does('web1', 'ufw --force enable');
        strictEqual(await reachable(lab), '443');
        const differs = await types(lab, 'verify', 'web1');
        strictEqual(differs.status, 1, differs.out);
        match(differs.out, /differs: ufw runs or starts with the device beside this release[^]*narrowed: [^]*ufw/);
        await lab.does('web1', 'ufw reload; ufw disable');
        await serves(lab, 'ufw disabled again', LAB_PORTS);
        strictEqual((await types(lab, 'verify', 'web1', '--quiet')).status, 0);
      },
    },
  ],
};
