// Sample answers of devices for the tests of reviews, as `cpanel-edge verify --json` prints them: a device's facts, and
// a whole answer.

/** Answers as `cpanel-edge verify --json` prints them. */
export const facts = {
  addresses: '2: wan0    inet 203.0.113.2/24 scope global wan0\n3: lan0    inet 10.0.0.1/24 scope global lan0\n',
  links: '2: wan0: <BROADCAST,UP> mtu 1500\n3: lan0: <BROADCAST,UP> mtu 1500\n',
  routes: 'default via 203.0.113.254 dev wan0\n',
  forwarding: { ip: true, ip6: false },
  legacyTables: [] as string[],
  version: 'nftables v1.0.6',
};
export const answer = {
  schema: 2,
  device: 'edge1',
  matches: true,
  owners: [{ owner: 'hosting', role: 'gateway', state: 'confirmed' }],
  ruleset: '',
  facts,
};
