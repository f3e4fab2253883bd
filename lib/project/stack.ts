import { HOST_KEYS, construct, fields, remark, stackSource } from '../printing/stack-source';
import { Problem, printable } from '../problems/problem';
import { platforms } from '../registry';
import { GATEWAY, SERVER, Settled } from './intents';

/** `edge.ts`: the stack, with what a person changes in it said beside it. */
export function stackText({ intents, withoutPing, withoutReflection }: Settled): string {
  const { gateway, gatewayConnection, server, serverConnection, profile, virtualIp, mapping } = intents;
  const routed = gateway.interfaces.some(({ publicPrefixes }) => publicPrefixes !== undefined);
  const statements = [
    ...remark(4, 'The firewall that has the public addresses. Owner and names of devices stay: what is on the devices is found by them.'),
    ...construct('const gateway = ', 'Gateway', GATEWAY, [
      ...fields(6, { owner: gateway.owner, platform: gateway.platform }),
      ...remark(6, versionRemark(gateway.platform)),
      ...fields(6, { version: gateway.version }),
      ...remark(6, HOST_KEYS),
      ...fields(6, { connection: gatewayConnection }),
      ...remark(6, `The name of an interface is ${interfacesOf(gateway.platform)}.`),
      ...(routed
        ? remark(
            6,
            'The public address is in no network of the gateway, so it is taken for one that the provider routes to it: write the whole prefix that is.',
          )
        : []),
      ...fields(6, { interfaces: gateway.interfaces }),
    ]),
    '',
    ...remark(4, 'What is reachable. Nothing else is.'),
    ...construct('const profile = ', 'CpanelFirewallProfile', profile.name, [
      ...remark(6, 'Names of services and presets, or ports: 8443/tcp.'),
      ...fields(6, { services: profile.services, sources: profile.sources }),
      ...remark(6, "The operators' networks. They alone reach SSH, and WHM where a preset has it."),
      ...fields(6, { management: profile.management }),
      ...(profile.ping === undefined ? [] : [...refused(withoutPing), ...fields(6, { ping: profile.ping })]),
    ]),
    '',
    ...remark(4, 'The cPanel & WHM server, with a firewall of its own that opens the same.'),
    ...construct('const server = ', 'CpanelServer', SERVER, [
      ...fields(6, { owner: server.owner, platform: server.platform }),
      ...remark(6, versionRemark(server.platform)),
      ...fields(6, { version: server.version }),
      ...remark(6, 'Where it is reached by way of another host: jump: { host, hostKeys }.'),
      ...fields(6, { connection: serverConnection }),
      ...remark(6, 'All addresses that it has.'),
      ...fields(6, { addresses: server.addresses }),
      ...remark(6, "Networks whose connections stay as they are: backup, monitoring. 'none' closes to them, too, what is not a service."),
      ...fields(6, { inside: server.inside }),
      '      profile,',
    ]),
    '',
    ...remark(4, 'The public address, and that it and the server stand for each other, both ways.'),
    ...construct('const virtualIp = ', 'VirtualIp', virtualIp.name, ['      gateway,', ...fields(6, { ...virtualIp, name: undefined })]),
    ...construct('', 'OneToOneNat', mapping.name, [
      '      virtualIp,',
      '      inside: server,',
      ...(mapping.reflection === undefined ? [] : [...refused(withoutReflection), ...fields(6, { reflection: mapping.reflection })]),
    ]),
  ];
  const about = 'One gateway, one cPanel & WHM server behind it, and the public address that it gets.';
  return stackSource({
    ...{ name: 'edge', about, statements },
    uses: ['CpanelFirewallProfile', 'CpanelServer', 'Gateway', 'OneToOneNat', 'VirtualIp'],
  });
}

const refused = (problems: readonly Problem[]): readonly string[] =>
  problems.flatMap(({ what, instead }) => remark(6, printable(`${what} What can be said: ${instead}`)));

const interfacesOf = (platform: string): string => platforms[platform as keyof typeof platforms].capabilities.gateway!.interfaces.are;
const versionRemark = (platform: string): string =>
  `As "${platforms[platform as keyof typeof platforms].capabilities.versionBy}" prints it there. A delivery is refused where its first two numbers are others.`;
