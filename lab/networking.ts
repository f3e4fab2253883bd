// Writes the systemd unit that configures the interfaces and routes of a lab's device when it boots.
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { networkOf } from './namespace';
import { Node } from './topology';

/** Like Debian's ifupdown: it starts after units that want to precede the network, above all a firewall. */
const NETWORKING = `[Unit]
Description=The lab's network
DefaultDependencies=no
After=network-pre.target local-fs.target systemd-sysctl.service
Before=network.target shutdown.target
Wants=network.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/ip -batch /etc/network.batch
`;

/** Writes the unit that brings the node's network up when its machine boots. */
export function bringUpAtBoot(root: string, node: Node): void {
  const units = join(root, 'etc/systemd/system');
  mkdirSync(join(units, 'multi-user.target.wants'), { recursive: true });
  writeFileSync(join(root, 'etc/network.batch'), `${networkOf(node).join('\n')}\n`);
  writeFileSync(join(units, 'networking.service'), NETWORKING);
  symlinkSync('../networking.service', join(units, 'multi-user.target.wants/networking.service'));
}
