// Renders `edge.ts` of a new project: the stacks, with comments on what to change in them.

import { ExpandedGatewayIntent, ServerIntent } from '../intent/intent';
import {
  HOST_KEYS_COMMENT,
  renderConstruct,
  renderFields,
  renderComment,
  renderStackSource,
  renderStacksSource,
} from '../report/render-stack-source';
import { quoteString } from '../report/print-typescript';
import { Problem, escapeForDisplay } from '../problems/problem';
import { platforms } from '../registry';
import { StackNames } from './project-files';
import { GATEWAY, SERVER, AcceptedIntents } from './project-intents';

/** Renders `edge.ts`: the stacks, with comments on what to change in them. */
export function renderStack(
  { intents, framework, withoutPing, withoutReflection }: AcceptedIntents,
  stacks: StackNames,
): string {
  const { gateway, gatewayConnection, server, serverConnection, profile, virtualIp, mapping } = intents;
  const isAlike = gateway.platform === server.platform && gateway.version === server.version;
  const platform = (
    indent: number,
    { platform: platformId, version }: ExpandedGatewayIntent | ServerIntent,
  ): readonly string[] => [
    ...renderFields(indent, { platform: platformId }),
    ...renderComment(indent, describeVersion(platformId)),
    ...renderFields(indent, { version }),
  ];
  const routed = gateway.interfaces.some(({ publicPrefixes }) => publicPrefixes !== undefined);
  const [gatewayScope, serverScope] = (stacks ?? []).map((stackName) => ({ scope: `this.${stackName}` }));
  const statements = [
    ...renderComment(4, 'What holds for all that stands here. What a construct says itself wins.'),
    `    Defaults.on(${stacks ? 'app' : 'this'}, {`,
    ...renderComment(
      6,
      'The owner of these rules. It stays, as the names of devices do: what is on the devices is found by them.',
    ),
    ...renderFields(6, { owner: gateway.owner }),
    ...(isAlike ? platform(6, gateway) : []),
    ...renderComment(6, "The operators' networks. They alone reach SSH, and WHM where a preset has it."),
    ...renderFields(6, { management: profile.management }),
    '    });',
    '',
    ...renderComment(4, 'The firewall that has the public addresses.'),
    ...renderConstruct(
      'const gateway = ',
      'Gateway',
      GATEWAY,
      [
        ...(isAlike ? [] : platform(6, gateway)),
        ...renderComment(6, HOST_KEYS_COMMENT),
        ...renderFields(6, { connection: gatewayConnection }),
        ...renderComment(
          6,
          `Of each the name, the role and its own addresses. The name is ${describeInterfaces(gateway.platform)}.`,
        ),
        ...(routed
          ? renderComment(
              6,
              'The public address is in no network of the gateway, so it is taken for one that the provider routes to it: write the whole prefix that is.',
            )
          : []),
        ...renderFields(6, { interfaces: gateway.interfaces.map(printInterface) }),
      ],
      gatewayScope,
    ),
    '',
    ...renderComment(4, 'What is reachable. Nothing else is.'),
    ...renderConstruct(
      'const profile = ',
      'CpanelFirewallProfile',
      profile.name,
      [
        ...renderComment(6, 'Names of services and presets, or ports: 8443/tcp.'),
        ...renderFields(6, { services: profile.services, sources: profile.sources }),
        ...(profile.ping === undefined
          ? []
          : [...renderRefused(withoutPing), ...renderFields(6, { ping: profile.ping })]),
      ],
      serverScope,
    ),
    '',
    ...renderComment(4, 'The cPanel & WHM server, with a firewall of its own that opens the same.'),
    ...renderConstruct(
      'const server = ',
      'CpanelServer',
      SERVER,
      [
        ...(isAlike ? [] : platform(6, server)),
        ...renderComment(6, 'SSH reaches it at its own address; by way of another host: jump: { host, hostKeys }.'),
        ...renderFields(6, { connection: serverConnection }),
        ...renderComment(6, 'All addresses that it has.'),
        ...renderFields(6, { addresses: server.addresses }),
        ...renderComment(
          6,
          "Networks whose connections stay as they are: backup, monitoring. 'none' closes to them, too, what is not a service.",
        ),
        ...renderFields(6, { trustedNetworks: server.trustedNetworks }),
        '      profile,',
      ],
      serverScope,
    ),
    '',
    ...renderComment(4, 'It gets a public address: that and its own stand for each other, both ways.'),
    ...(mapping.reflection === undefined
      ? [`    gateway.publish(server, ${quoteString(virtualIp.address)});`]
      : [
          `    gateway.publish(server, ${quoteString(virtualIp.address)}, {`,
          ...renderRefused(withoutReflection),
          ...renderFields(6, { reflection: mapping.reflection }),
          '    });',
        ]),
  ];
  const about = 'One gateway, one cPanel & WHM server behind it, and the public address that it gets.';
  const uses = ['CpanelFirewallProfile', 'CpanelServer', 'Defaults', 'Gateway'];
  return stacks
    ? renderStacksSource(
        {
          name: 'edge',
          about: `${about} Each side is a stack: neither waits for the other.`,
          statements,
          framework,
          uses,
        },
        stacks,
      )
    : renderStackSource({ name: 'edge', about, statements, framework, uses });
}

/** Returns `wan: outside 203.0.113.2/24` for an interface without further fields. */
const printInterface = ({
  name,
  role,
  addresses,
  ...extras
}: ExpandedGatewayIntent['interfaces'][number]): object | string =>
  Object.keys(extras).length === 0 ? `${name}: ${role} ${addresses.join(' ')}` : { name, role, addresses, ...extras };

const renderRefused = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap(({ what, instead }) => renderComment(6, escapeForDisplay(`${what} What can be said: ${instead}`)));

const describeInterfaces = (platform: string): string =>
  platforms[platform as keyof typeof platforms].capabilities.gateway!.interfaces.description;
const describeVersion = (platform: string): string =>
  `As "${platforms[platform as keyof typeof platforms].capabilities.versionCommand}" prints it there. A delivery is refused where its first two numbers are others.`;
