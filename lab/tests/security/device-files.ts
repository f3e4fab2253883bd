// Tests that all files of a delivery on a device belong to root and aren't writable by others, and that files which a
// user of the device has planted have no effect.
import { match, ok, strictEqual } from 'node:assert';
import { Lab } from '../../lab';
import { deploy, destroys, plan } from '../deployment';
import { LabTest } from '../test';
import { AGENT_PATH } from '../../../driver/agent-program';

const DEVICES = ['edge1', 'web1'] as const;

/**
 * Files in every folder that a user of the device may write to: names that a careless program would use, linking to
 * root's files.
 */
const PLANTED = `
set -e
mkdir -p ~/bin ~/.config
for place in /tmp /var/tmp /dev/shm /run/lock ~; do
  [ -w "$place" ] || continue
  for name in cpanel-edge cpanel-edge-device cpanel-edge.lock cpanel-edge-device.new release release.new coming-XXXXXXXXXX mutex delivering told; do
    ln -sfn /etc/nftables.conf "$place/$name"
  done
  mkdir -p "$place/cpanel-edge.d"
  for tool in nft ip sed awk sync mktemp systemctl; do
    printf '#!/bin/sh\\nid >/tmp/ran-%s\\n' "$tool" >"$place/cpanel-edge.d/$tool"
    chmod 755 "$place/cpanel-edge.d/$tool"
  done
done
cp /tmp/cpanel-edge.d/* ~/bin/
echo 'PATH=~/bin:/tmp/cpanel-edge.d:$PATH; export PATH ENV=/tmp/cpanel-edge.d/nft' >~/.profile
`;

const LOOK = `find /tmp /var/tmp /dev/shm /run/lock /home/deploy -xdev \\( -name 'cpanel-edge*' -o -name 'release*' -o -name 'coming-*' -o -name 'mutex*' -o -name 'delivering*' -o -name 'told*' -o -name 'ran-*' -o -path '*/bin/*' \\) -printf '%p %y %u %m %l %s %T@\\n' | sort; sha256sum /etc/nftables.conf /etc/passwd /etc/shadow`;

/** Returns `mode owner:group path` of every file of a delivery. */
const modes = (lab: Lab, device: string, where: string): Promise<string> =>
  lab.does(device, `find ${where} -printf '%m %u:%g %y %p\\n'`);

export const filesOfADevice: LabTest = {
  name: 'all files of a delivery belong to root, and files planted by a user have no effect',
  run: async (lab) => {
    const before = new Map<string, string>();
    for (const device of DEVICES) {
      // Ten seconds after a user's last session logind removes the user's files in /dev/shm.
      await lab.does(device, 'loginctl enable-linger deploy');
      const planted = await lab.ssh(device, PLANTED, { user: 'deploy' });
      strictEqual(planted.status, 0, planted.err);
      before.set(device, await lab.does(device, LOOK));
      match(before.get(device)!, /\/tmp\/cpanel-edge l deploy/);
    }
    await deploy(lab, { state: 'files' });
    for (const device of DEVICES) {
      strictEqual(await lab.does(device, LOOK), before.get(device), `what was planted on ${device}`);
      const own = (await modes(lab, device, '/etc/cpanel-edge /run/cpanel-edge')).trim().split('\n');
      ok(own.some((line) => /\/release$/.test(line)));
      for (const line of own) match(line, /^[67]00 root:root [df] /, `${device}: ${line}`);
      strictEqual(await modes(lab, device, AGENT_PATH), `755 root:root f ${AGENT_PATH}\n`);
      const units = await modes(lab, device, "/etc/systemd/system -name '*cpanel-edge*' -not -type l");
      strictEqual(units.match(/^644 root:root f /gm)?.length, 3, units);
      strictEqual(units.trim().split('\n').length, 3, units);
      // Only root may write to the program, to its files, and to the folders above them.
      const ways = [AGENT_PATH, '/etc/cpanel-edge', '/run/cpanel-edge', '/etc/systemd/system', '/etc/sudoers.d'];
      const writable = await lab.ssh(
        device,
        `for p in ${ways.join(' ')}; do while :; do [ -w "$p" ] && echo "$p"; [ "$p" = / ] && break; p=$(dirname "$p"); done; done`,
        {
          user: 'deploy',
        },
      );
      strictEqual(writable.out, '', `what deploy can write on ${device}`);
      const peek = await lab.ssh(device, 'ls /etc/cpanel-edge /run/cpanel-edge; cat /etc/cpanel-edge/*/release', {
        user: 'deploy',
      });
      strictEqual(peek.out, '', 'what deploy can read');
    }
    await destroys((await plan(lab, { state: 'files' })).stack);
    for (const device of DEVICES) {
      strictEqual(await lab.does(device, LOOK), before.get(device), `what was planted on ${device}, after destroy`);
      await lab.does(
        device,
        'loginctl disable-linger deploy; cd /home/deploy && rm -rf bin .profile cpanel-edge* release* coming-* mutex delivering told; rm -rf /tmp/* /var/tmp/* /dev/shm/*',
      );
    }
  },
};
