import { GatewayIntentWhole, ServerIntent } from '../intent/intent';
import { HOST_KEYS, construct, fields, remark, stackSource, stacksSource } from '../report/stack-source';
import { quoted } from '../report/typescript';
import { Problem, printable } from '../problems/problem';
import { platforms } from '../registry';
import { Stacks } from './files';
import { GATEWAY, SERVER, Settled } from './intents';

/** `edge.ts`: the stacks, with what a person changes in them said beside it. */
export function stackText({ intents, withoutPing, withoutReflection }: Settled, stacks: Stacks): string {
  const { gateway, gatewayConnection, server, serverConnection, profile, virtualIp, mapping } = intents;
  const isAlike = gateway.platform === server.platform && gateway.version === server.version;
  const platform = (
    indent: number,
    { platform: its, version }: GatewayIntentWhole | ServerIntent,
  ): readonly string[] => [
    ...fields(indent, { platform: its }),
    ...remark(indent, versionRemark(its)),
    ...fields(indent, { version }),
  ];
  const routed = gateway.interfaces.some(({ publicPrefixes }) => publicPrefixes !== undefined);
  const [inGateways, inServers] = (stacks ?? []).map((one) => ({ scope: `this.${one}` }));
  const statements = [
    ...remark(4, 'What holds for all that stands here. What a construct says itself wins.'),
    `    Defaults.on(${stacks ? 'app' : 'this'}, {`,
    ...remark(
      6,
      'Whose rules these are. It stays, as the names of devices do: what is on the devices is found by them.',
    ),
    ...fields(6, { owner: gateway.owner }),
    ...(isAlike ? platform(6, gateway) : []),
    ...remark(6, "The operators' networks. They alone reach SSH, and WHM where a preset has it."),
    ...fields(6, { management: profile.management }),
    '    });',
    '',
    ...remark(4, 'The firewall that has the public addresses.'),
    ...construct(
      'const gateway = ',
      'Gateway',
      GATEWAY,
      [
        ...(isAlike ? [] : platform(6, gateway)),
        ...remark(6, HOST_KEYS),
        ...fields(6, { connection: gatewayConnection }),
        ...remark(
          6,
          `Of each the name, the role and its own addresses. The name is ${interfacesOf(gateway.platform)}.`,
        ),
        ...(routed
          ? remark(
              6,
              'The public address is in no network of the gateway, so it is taken for one that the provider routes to it: write the whole prefix that is.',
            )
          : []),
        ...fields(6, { interfaces: gateway.interfaces.map(inShort) }),
      ],
      inGateways,
    ),
    '',
    ...remark(4, 'What is reachable. Nothing else is.'),
    ...construct(
      'const profile = ',
      'CpanelFirewallProfile',
      profile.name,
      [
        ...remark(6, 'Names of services and presets, or ports: 8443/tcp.'),
        ...fields(6, { services: profile.services, sources: profile.sources }),
        ...(profile.ping === undefined ? [] : [...refused(withoutPing), ...fields(6, { ping: profile.ping })]),
      ],
      inServers,
    ),
    '',
    ...remark(4, 'The cPanel & WHM server, with a firewall of its own that opens the same.'),
    ...construct(
      'const server = ',
      'CpanelServer',
      SERVER,
      [
        ...(isAlike ? [] : platform(6, server)),
        ...remark(6, 'SSH reaches it at its own address; by way of another host: jump: { host, hostKeys }.'),
        ...fields(6, { connection: serverConnection }),
        ...remark(6, 'All addresses that it has.'),
        ...fields(6, { addresses: server.addresses }),
        ...remark(
          6,
          "Networks whose connections stay as they are: backup, monitoring. 'none' closes to them, too, what is not a service.",
        ),
        ...fields(6, { inside: server.inside }),
        '      profile,',
      ],
      inServers,
    ),
    '',
    ...remark(4, 'It gets a public address: that and its own stand for each other, both ways.'),
    ...(mapping.reflection === undefined
      ? [`    gateway.publish(server, ${quoted(virtualIp.address)});`]
      : [
          `    gateway.publish(server, ${quoted(virtualIp.address)}, {`,
          ...refused(withoutReflection),
          ...fields(6, { reflection: mapping.reflection }),
          '    });',
        ]),
  ];
  const about = 'One gateway, one cPanel & WHM server behind it, and the public address that it gets.';
  const uses = ['CpanelFirewallProfile', 'CpanelServer', 'Defaults', 'Gateway'];
  return stacks
    ? stacksSource(
        { name: 'edge', about: `${about} Each side is a stack: neither waits for the other.`, statements, uses },
        stacks,
      )
    : stackSource({ name: 'edge', about, statements, uses });
}

/** `wan: outside 203.0.113.2/24`, where nothing else is said of it. */
const inShort = ({ name, role, addresses, ...more }: GatewayIntentWhole['interfaces'][number]): object | string =>
  Object.keys(more).length === 0 ? `${name}: ${role} ${addresses.join(' ')}` : { name, role, addresses, ...more };

const refused = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap(({ what, instead }) => remark(6, printable(`${what} What can be said: ${instead}`)));

const interfacesOf = (platform: string): string =>
  platforms[platform as keyof typeof platforms].capabilities.gateway!.interfaces.are;
const versionRemark = (platform: string): string =>
  `As "${platforms[platform as keyof typeof platforms].capabilities.versionBy}" prints it there. A delivery is refused where its first two numbers are others.`;
