// Tests on a real kernel that the questions of `doctor` change nothing on a device.

import { TestDevice, canHaveDevice } from '../../agent/machine';
import { temporaryFolder } from '../../temporary-folder';
import { describeWhere } from '../../where-possible';

const folder = temporaryFolder();

describeWhere(
  canHaveDevice,
  'doctor on a device',
  'root on Linux',
)('questions to a device', () => {
  let device: TestDevice;
  beforeAll(async () => (device = await TestDevice.start(folder)));
  afterAll(() => device.stop());

  test('look sends ARP requests for the two addresses and nothing else', () => {
    const arping =
      '#!/bin/sh\n[ "$1" != -V ] || { echo arping from iputils; exit 0; }\necho "$*" >>/run/cpanel-edge/asked\n';
    // arping isn't installed here, and the agent looks in /usr/bin only.
    device.run('cd /run/cpanel-edge; mkdir over; cat >over/arping; chmod 755 over/arping', arping);
    device.run(
      'mount -t overlay none -o lowerdir=/run/cpanel-edge/over:/usr/bin /usr/bin; cpanel-edge-device look',
      'public 203.0.113.10\ninside 203.0.113.77\nsource 192.0.2.1\nport 443\narrives wan0\nwire wan0\n',
    );
    expect(device.run('cat /run/cpanel-edge/asked')).toBe(
      '-D -c 2 -w 2 -I wan0 203.0.113.10\n-q -f -c 3 -w 3 -I wan0 203.0.113.77\n',
    );
  });

  test('status, read and look reset no counter', () => {
    device.run(
      "nft 'add table ip c; add chain ip c i { type filter hook input priority 0; }; add rule ip c i counter packets 7 bytes 700'",
    );
    for (const word of ['status', 'read', 'look']) device.program(word);
    expect(device.run('nft list table ip c')).toContain('counter packets 7 bytes 700');
  });
});
