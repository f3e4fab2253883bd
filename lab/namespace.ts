// Creates and removes the network namespaces and links of a lab with `ip`, and lists those that exist.

import { createHash } from 'node:crypto';
import { must, run } from './command';
import { Link, Node, SEGMENTS } from './topology';

/** Prefix of every name that the lab creates outside its own folder. The remains of a dead lab are found by it. */
export const PREFIX = 'cpe-';

export const namespaceOf = (lab: string, node: string): string => `${PREFIX}${lab}-${node}`;
const wireOf = (lab: string): string => namespaceOf(lab, 'wire');

/** Returns the name of a link's end in the wire's namespace. Interface names have at most 15 characters. */
export const portOf = (node: string, link: string): string => `${node}-${link}`;

export const inNamespace = (namespace: string, argv: readonly string[]): readonly string[] => [
  'ip',
  'netns',
  'exec',
  namespace,
  ...argv,
];

const batch = (namespace: string, lines: readonly string[]): Promise<string> =>
  must(['ip', '-n', namespace, '-batch', '-'], { input: `${lines.join('\n')}\n` });

export async function makeWire(lab: string): Promise<void> {
  await must(['ip', 'netns', 'add', wireOf(lab)]);
  await batch(
    wireOf(lab),
    SEGMENTS.flatMap((segment) => [
      `link add ${segment} type bridge forward_delay 0 mcast_snooping 0`,
      `link set ${segment} up`,
    ]),
  );
}

/** Returns the hardware address of a link. A machine keeps it when it is started again, like a real one. */
function hardwareAddress(node: string, link: string): string {
  const digest = createHash('sha256').update(`${node} ${link}`).digest('hex');
  return ['02', ...[0, 2, 4, 6, 8].map((at) => digest.slice(at, at + 2))].join(':');
}

/** Creates a namespace with its links. A client's network is up at once; a device brings its own up when it boots. */
export async function makeNode(lab: string, node: Node): Promise<void> {
  const namespace = namespaceOf(lab, node.name);
  await must(['ip', 'netns', 'add', namespace]);
  await must(['ip', '-n', wireOf(lab), '-batch', '-'], {
    input: node.links.map((link) => wireSide(namespace, node, link)).join('\n'),
  });
  await batch(namespace, ['link set lo up', ...(node.kind === 'client' ? networkOf(node) : [])]);
  if (node.kind === 'client' && node.forwards) {
    await must(
      inNamespace(namespace, [
        'sh',
        '-c',
        'echo 1 >/proc/sys/net/ipv4/ip_forward; echo 1 >/proc/sys/net/ipv6/conf/all/forwarding',
      ]),
    );
  }
}

/** Returns the commands for `ip -batch` that bring a node's network up. */
export const networkOf = ({ links, routes }: Node): readonly string[] => [
  ...links.flatMap(({ name, addresses }) => [
    `link set ${name} up`,
    ...addresses.map((address) => `addr add ${address} dev ${name}${address.includes(':') ? ' nodad' : ''}`),
  ]),
  ...routes.map(({ to, via }) => `route add ${to} via ${via}`),
];

const wireSide = (namespace: string, node: Node, link: Link): string => {
  const port = portOf(node.name, link.name);
  return [
    `link add ${port} type veth peer name ${link.name} address ${hardwareAddress(node.name, link.name)} netns ${namespace}`,
    `link set ${port} master ${link.segment}`,
    `link set ${port} up`,
  ].join('\n');
};

/**
 * Removes the node's links. The kernel removes them some time after their namespace, and until then their names are
 * taken.
 */
export async function unplug(lab: string, node: Node): Promise<void> {
  await run(['ip', '-n', wireOf(lab), '-force', '-batch', '-'], {
    input: node.links.map((link) => `link del ${portOf(node.name, link.name)}`).join('\n'),
  });
}

/** Removes a namespace, with all that the kernel keeps for it. */
export async function removeNamespace(namespace: string): Promise<void> {
  await run(['ip', 'netns', 'del', namespace]);
}

export async function processesIn(namespace: string): Promise<readonly number[]> {
  const { out } = await run(['ip', 'netns', 'pids', namespace]);
  return out.split('\n').filter(Boolean).map(Number);
}

export async function namespacesOf(lab: string): Promise<readonly string[]> {
  return (await allNamespaces()).filter((name) => name.startsWith(`${PREFIX}${lab}-`));
}

export async function allNamespaces(): Promise<readonly string[]> {
  const { out } = await run(['ip', 'netns', 'list']);
  return out
    .split('\n')
    .map((line) => line.split(' ')[0] ?? '')
    .filter((name) => name.startsWith(PREFIX));
}
