// Tests the Prometheus metrics of `verify`: each once with its type, with labels for device and owner that no name can
// break.

import { printMetrics } from '../../cli/verify-metrics';

it("labels devices and owners, with each metric's type once", () =>
  expect(
    printMetrics(
      [
        {
          device: 'edge',
          comparison: { matches: true, owners: [{ role: 'gateway', owner: 'shop', matches: true, narrowed: [] }] },
        },
        {
          device: 'web1',
          comparison: {
            matches: false,
            owners: [
              { role: 'server', owner: 'shop', matches: false, narrowed: ['tcp 443'] },
              { role: 'server', owner: 'mail', matches: true, narrowed: [] },
            ],
          },
        },
        { device: 'web2' },
      ],
      1_795_452_610,
    ),
  ).toBe(`# HELP cpanel_edge_device_asked Whether the device could be asked.
# TYPE cpanel_edge_device_asked gauge
cpanel_edge_device_asked{device="edge"} 1
cpanel_edge_device_asked{device="web1"} 1
cpanel_edge_device_asked{device="web2"} 0
# HELP cpanel_edge_device_as_delivered Whether the device runs what was delivered to it, confirmed and proven.
# TYPE cpanel_edge_device_as_delivered gauge
cpanel_edge_device_as_delivered{device="edge"} 1
cpanel_edge_device_as_delivered{device="web1"} 0
# HELP cpanel_edge_owner_as_delivered The same of one owner.
# TYPE cpanel_edge_owner_as_delivered gauge
cpanel_edge_owner_as_delivered{device="edge",role="gateway",owner="shop"} 1
cpanel_edge_owner_as_delivered{device="web1",role="server",owner="shop"} 0
cpanel_edge_owner_as_delivered{device="web1",role="server",owner="mail"} 1
# HELP cpanel_edge_owner_narrower Whether others' rules close to most what the owner's release opens.
# TYPE cpanel_edge_owner_narrower gauge
cpanel_edge_owner_narrower{device="edge",role="gateway",owner="shop"} 0
cpanel_edge_owner_narrower{device="web1",role="server",owner="shop"} 1
cpanel_edge_owner_narrower{device="web1",role="server",owner="mail"} 0
# HELP cpanel_edge_verified_timestamp_seconds When the devices were asked.
# TYPE cpanel_edge_verified_timestamp_seconds gauge
cpanel_edge_verified_timestamp_seconds 1795452610
`));

it("a name can't end its label", () =>
  expect(printMetrics([{ device: 'a"} 1\nb\\' }], 1)).toContain(
    'cpanel_edge_device_asked{device="a\\"} 1\\nb\\\\"} 0\n',
  ));
