// Tests that values of wrong types in an intent (numbers, promises, class instances, inherited fields) are refused,
// each with code and place.

import { Wrong, refuses } from '../samples';

const WRONG: readonly Wrong[] = [
  [
    'numbers and nothing for text',
    (w) => {
      w.gateway.device = 7;
      w.gateway.owner = null;
      w.gateway.platform = {};
      w.gateway.version = 1.0;
    },
    `intent/wrong-type at gateway device: This is the number 7.
  instead: A name such as "web-1".`,
    `intent/wrong-type at gateway owner: This is null.
  instead: A name such as "web-1".`,
    `intent/wrong-type at gateway platform: This is an object.
  instead: The name of a platform.`,
    `intent/wrong-type at gateway version: This is the number 1.
  instead: The version of the platform, such as "1.0.6".`,
  ],
  [
    'promises',
    (w) => {
      w.gateway.device = Promise.resolve('edge1');
      w.servers[0].profile = Promise.resolve({});
    },
    `intent/wrong-type at gateway device: This is a promise, which has to be awaited.
  instead: A name such as "web-1".`,
    `intent/wrong-type at servers[0] profile: This is a promise, which has to be awaited.
  instead: An object with name, services and management.`,
  ],
  [
    'text for lists',
    (w) => {
      w.gateway.interfaces = 'eth0';
      w.servers[0].profile.services = 'web';
      w.servers[0].profile.blocked = '192.0.2.1';
    },
    `intent/wrong-type at gateway interfaces: This is the text "eth0".
  instead: A list of interfaces.`,
    `intent/wrong-type at servers[0] profile services: This is the text "web".
  instead: A list of services: ["web"].`,
    `intent/wrong-type at servers[0] profile blocked: This is the text "192.0.2.1".
  instead: A list of prefixes and names of source sets: ["192.0.2.1"].`,
  ],
  [
    'text for a flag',
    (w) => {
      w.mappings[0].enabled = 'false';
      w.mappings[0].inboundOnly = 0;
    },
    `intent/wrong-type at mappings[0] inboundOnly: This is the number 0.
  instead: The value true or false.`,
    `intent/wrong-type at mappings[0] enabled: This is the text "false".
  instead: The value true or false.`,
  ],
  [
    'numbers in lists',
    (w) => {
      w.servers[0].server.addresses = [1, null, undefined, true];
    },
    `intent/wrong-type at servers[0] addresses[0]: This is the number 1.
  instead: An address with its length, as text: 203.0.113.2/28.`,
    `intent/wrong-type at servers[0] addresses[1]: This is null.
  instead: An address with its length, as text: 203.0.113.2/28.`,
    `intent/wrong-type at servers[0] addresses[2]: This is not set.
  instead: An address with its length, as text: 203.0.113.2/28.`,
    `intent/wrong-type at servers[0] addresses[3]: This is the value true.
  instead: An address with its length, as text: 203.0.113.2/28.`,
  ],
  [
    'symbols, functions and bigints',
    (w) => {
      w.servers[0].profile.services = [Symbol('web'), () => 'web', 443n];
    },
    `intent/wrong-type at servers[0] profile services[0]: This is a symbol.
  instead: A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }.`,
    `intent/wrong-type at servers[0] profile services[1]: This is a function.
  instead: A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }.`,
    `intent/wrong-type at servers[0] profile services[2]: This is a bigint.
  instead: A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }.`,
  ],
  [
    'a mistyped field',
    (w) => {
      w.mappings[0].destinaton = ['192.0.2.0/24'];
      w.servers[0].profile.Sources = 'anywhere';
      w.servers[0].profile.port = 1;
    },
    `intent/unknown-key at mappings[0]: There is no "destinaton" here, so it would have no effect.
  instead: destination, if that was meant.`,
    `intent/unknown-key at servers[0] profile: There is no "Sources" here, so it would have no effect.
  instead: sources, if that was meant.`,
    `intent/unknown-key at servers[0] profile: There is no "port" here, so it would have no effect.
  instead: It belongs in connection: { port: … }, or in management: { port: … }. Here there are name, services, sources, management, blocked, outbound, ping, extra, sourceSets, cpanelVersion.`,
  ],
  [
    'a class instance',
    (w) => {
      class Mapping {
        name = 'web';
        virtualIp = 'web';
        internal = '10.0.0.10';
      }
      w.mappings[0] = new Mapping();
    },
    `intent/not-plain at mappings[0]: This object is an instance of a class or inherits fields, so what it says could change after it was checked.
  instead: A plain object that has its fields itself: { … }.`,
  ],
  [
    'inherited fields',
    (w) => (w.servers[0].profile = Object.assign(Object.create({ sources: 'anywhere' }), w.servers[0].profile)),
    `intent/not-plain at servers[0] profile: This object is an instance of a class or inherits fields, so what it says could change after it was checked.
  instead: A plain object that has its fields itself: { … }.`,
  ],
  [
    'own __proto__',
    (w) =>
      (w.mappings[0] = JSON.parse(
        '{"__proto__": {"open": []}, "name": "web", "virtualIp": "web", "internal": "10.0.0.10"}',
      )),
    `intent/unknown-key at mappings[0]: There is no "__proto__" here, so it would have no effect.
  instead: One of name, virtualIp, external, internal, destination, exclude, open, profile, inboundOnly, reflection, description, enabled, gateway.`,
  ],
  [
    'a getter that throws',
    (w) =>
      Object.defineProperty(w.mappings[0], 'internal', {
        enumerable: true,
        get: () => {
          throw new Error('secret');
        },
      }),
    `intent/unreadable at mappings[0]: Reading this value threw an error, so it has code behind it (a getter or a proxy) and cannot be checked.
  instead: Plain data.`,
  ],
  [
    'a proxy that throws',
    (w) =>
      (w.gateway = new Proxy(
        {},
        {
          ownKeys: () => {
            throw new TypeError('no');
          },
        },
      )),
    `intent/unreadable at gateway: Reading this value threw an error, so it has code behind it (a getter or a proxy) and cannot be checked.
  instead: Plain data.`,
  ],
  [
    'a revoked proxy',
    (w) => {
      const { proxy, revoke } = Proxy.revocable({}, {});
      revoke();
      w.servers[0].profile = proxy;
    },
    `intent/unreadable at servers[0] profile: Reading this value threw an error, so it has code behind it (a getter or a proxy) and cannot be checked.
  instead: Plain data.`,
  ],
  [
    'names of objects',
    (w) => {
      w.mappings[0].virtualIp = 'constructor';
      w.servers[0].profile.services = ['constructor', 'tostring'];
      w.servers[0].profile.outbound = ['valueOf'];
      w.virtualIps[0].kind = 'toString';
    },
    `intent/unknown-choice at virtualIps[0] kind: "toString" is not one of the choices.
  instead: "ip-alias" or "carp" or "proxy-arp" or "other".`,
    `intent/unknown-virtual-ip at mappings[0] virtualIp: There is no virtual IP "constructor".
  instead: Add the virtual IP first, before what names it.`,
    `intent/unknown-service at servers[0] profile services[0]: "constructor" is not a service, a preset, or a port with its protocol.
  instead: A name such as "https"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile services[1]: "tostring" is not a service, a preset, or a port with its protocol.
  instead: A name such as "https"; or the port itself, such as "8443/tcp".`,
    `intent/unknown-service at servers[0] profile outbound[0]: "valueOf" is not a service, a preset, or a port with its protocol.
  instead: A name such as "licence"; or the port itself, such as "8443/tcp".`,
  ],
  [
    'holes in a list',
    (w) => (w.servers[0].profile.services = new Array(2)),
    `intent/wrong-type at servers[0] profile services[0]: This is not set.
  instead: A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }.`,
    `intent/wrong-type at servers[0] profile services[1]: This is not set.
  instead: A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }.`,
  ],
  [
    'a huge list',
    (w) => {
      w.servers[0].profile.services = new Array(4_000_000_000);
      w.gateway.interfaces = new Array(300);
    },
    `intent/too-large at gateway interfaces: There are 300 entries; the most is 256.
  instead: Less of it: split it over several owners or profiles, or write larger prefixes.`,
    `intent/too-large at servers[0] profile services: There are 4000000000 entries; the most is 1000.
  instead: Less of it: split it over several owners or profiles, or write larger prefixes.`,
  ],
  [
    'a huge text',
    (w) => {
      w.mappings[0].description = 'x'.repeat(10_000_000);
      w.mappings[0].name = 'x'.repeat(1_000_000);
    },
    `intent/text-too-long at mappings[0] name: The text has 1000000 characters; the most is 300.
  instead: A shorter text.`,
    `intent/text-too-long at mappings[0] description: The text has 10000000 characters; the most is 200.
  instead: A shorter text.`,
  ],
  [
    'a list for an object',
    (w) => {
      w.mappings[0] = [w.mappings[0]];
      w.virtualIps[0] = null;
      w.gateway.sourceSets = ['office'];
    },
    `intent/wrong-type at gateway sourceSets: This is a list.
  instead: An object of lists: { office: ["198.51.100.0/24"] }.`,
    `intent/wrong-type at virtualIps[0]: This is null.
  instead: An object with name and address.`,
    `intent/wrong-type at mappings[0]: This is a list.
  instead: An object with name, virtualIp or external, and internal.`,
  ],
  [
    'nothing at all',
    (w) => {
      w.gateway = 'edge';
      w.servers[0].server = 7;
      w.servers[0].profile = 8;
      w.virtualIps = [];
      w.mappings = [];
    },
    `intent/wrong-type at gateway: This is the text "edge".
  instead: An object with device, owner, platform, version and interfaces.`,
    `intent/wrong-type at servers[0]: This is the number 7.
  instead: An object with device, owner, platform, version, addresses and trustedNetworks.`,
    `intent/wrong-type at servers[0] profile: This is the number 8.
  instead: An object with name, services and management.`,
  ],
];

refuses('types', WRONG);
