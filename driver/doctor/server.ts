import { Address, familyOf, parseAddress, printAddress } from '../../lib/net/address';
import { PROTOCOL, Packet } from '../../lib/net/packet';
import { ServerPolicy } from '../../lib/policy/policy';
import { printable } from '../../lib/problems/problem';
import { Case, Part, onWire } from './case';
import { REFUSING_ROUTES, devOf, isRefusedByRoute, passes, refusedByRoute, routeWords } from './gateway';
import { Looked, Seen } from './look';
import { Decided, decidedAt } from './rules';
import { Step, notAsked, right, unknown, wrong } from './step';
import { At } from './words';

export const SERVER_RULES = 'the server lets it through';
export const LISTENS = 'something listens on the port';
export const WAY_BACK = 'its answers go back by the gateway';

export function serverRules(
  one: Case,
  server: Part<ServerPolicy>,
  seen: Seen,
  arriving: Decided | undefined,
  at: At,
): Step {
  const { question, inside, source } = one;
  const entry = interfaceOf(server.policy, inside);
  const packet: Packet = {
    // With hairpin the server sees another source than the client.
    source: arriving?.leaves.destination === inside ? arriving.leaves.source : source,
    destination: inside,
    protocol: PROTOCOL[question.protocol],
    port: question.port,
    sourcePort: arriving?.leaves.sourcePort ?? 40_000,
  };
  const decided = decidedAt(server.policy, server.holder, seen.look, entry, packet);
  if (typeof decided === 'string') return unknown(SERVER_RULES, decided);
  return passes(
    SERVER_RULES,
    decided,
    `what ${printAddress(packet.source)} sends to ${question.protocol} ${question.port}`,
    at,
  );
}

const interfaceOf = ({ interfaces }: ServerPolicy, inside: Address): string =>
  (interfaces.find(({ addresses }) => addresses.some(({ address }) => address === inside)) ?? interfaces[0])?.name ??
  'lo';

/** One socket that listens: for whom, and whether a connection by IPv4 to the inside address reaches it. */
interface Socket {
  readonly on: string;
  readonly reached: 'yes' | 'no' | 'unsaid';
}

/**
 * `LISTEN 0 511 0.0.0.0:443 0.0.0.0:*`, `UNCONN 0 0 [::]%eth0:53 [::]:* … v6only:1`, `*:80`. Of `[::]` only v6only says whether it is for
 * IPv4, too: ss before 4.15 prints both so.
 */
function socketOf(line: string, inside: Address, entry: string): readonly Socket[] {
  const local = line.split(/\s+/)[3];
  if (local === undefined) return [];
  const [, name = '', device] =
    /^(.*?)(?:%(.*))?$/.exec(
      local
        .slice(0, local.lastIndexOf(':'))
        .replace(/^\[|\]$/g, '')
        .replace(/\]%/, '%'),
    ) ?? [];
  const only = /\bv6only:([01])/.exec(line)?.[1];
  const anybody =
    name === '*' ||
    name === '0.0.0.0' ||
    parseAddress(name.replace(/^::ffff:/, '')) === inside ||
    (name === '::' && only === '0');
  const reached =
    device !== undefined && device !== entry
      ? 'no'
      : anybody
        ? 'yes'
        : name === '::' && only === undefined
          ? 'unsaid'
          : 'no';
  return [
    {
      on: `${name}${device === undefined ? '' : ` of ${device}`}${name === '::' && only === '1' ? ' (IPv6 alone)' : ''}`,
      reached,
    },
  ];
}

export function listenStep({ question, inside }: Case, { policy }: Part<ServerPolicy>, { looked }: Seen, at: At): Step {
  if (!looked) return notAsked(LISTENS, at.notAskable);
  if (!looked.listening) return notAsked(LISTENS, `${at.device} has no ss (iproute2)`);
  const service = `${question.protocol} ${question.port}`;
  const entry = interfaceOf(policy, inside);
  const sockets = looked.listening.flatMap((line) => socketOf(line, inside, entry));
  if (sockets.length === 0)
    return wrong(
      LISTENS,
      [`nothing listens on ${service}`],
      `nothing listens on ${service} of ${at.device}: the service is stopped or uses another port.`,
      at.shell(`systemctl --failed; ss -lnp${question.protocol === 'tcp' ? 't' : 'u'}; start the service`),
    );
  const on = printable([...new Set(sockets.map((socket) => socket.on))].join(', '));
  if (sockets.some(({ reached }) => reached === 'yes')) return right(LISTENS, `on ${on}`);
  if (sockets.some(({ reached }) => reached === 'unsaid'))
    return unknown(LISTENS, `on ${on}, and ${at.device} does not say whether for IPv4, too`);
  return wrong(
    LISTENS,
    [`it listens on ${on} only`],
    `the service of ${service} on ${at.device} listens on ${on} only, not on ${printAddress(inside)}.`,
    `in the service's own configuration: listen on ${printAddress(inside)} or on every address`,
  );
}

/** An answer that takes another way out is not translated back, and the client drops it. */
export function wayBack(
  one: Case,
  server: Part<ServerPolicy>,
  { looked }: Seen,
  arriving: Decided | undefined,
  at: At,
): Step {
  const { inside, gateway, source } = one;
  if (!looked) return notAsked(WAY_BACK, at.notAskable);
  const client = arriving?.leaves.destination === inside ? arriving.leaves.source : source;
  const who = printAddress(client);
  const towards = gateway.policy.interfaces.find((entry) => onWire(entry, inside));
  const gateways =
    towards?.addresses.flatMap(({ address }) =>
      familyOf(address) === familyOf(inside) ? [printAddress(address)] : [],
    ) ?? [];
  // The device was asked for the client's address; a translated source is the gateway's own, which is on the wire.
  if (client !== source && gateways.includes(who))
    return right(WAY_BACK, `it answers ${who}, which is ${gateway.holder.device} itself`);
  const by = devOf(looked.back);
  if (isRefusedByRoute(looked.back))
    return wrong(
      WAY_BACK,
      [printable(looked.back)],
      refusedByRoute(at.device, who, looked.back),
      at.shell(REFUSING_ROUTES),
    );
  if (by === undefined)
    return wrong(
      WAY_BACK,
      [printable(looked.back)],
      `${at.device} has no route back to ${who}: its default route is gone.`,
      at.shell(defaultRoute(server, inside, gateways)),
    );
  const seen = `to ${who}: ${routeWords(looked.back)}`;
  const via = /\bvia (\S+)/.exec(looked.back)?.[1];
  if (gateways.length > 0 && (via === undefined || !gateways.includes(via)))
    return wrong(
      WAY_BACK,
      [seen],
      `${at.device} answers ${who} ${via === undefined ? `directly by ${by}` : `by ${printable(via)} on ${by}`}, not by ${gateway.holder.device} (${gateways.join(', ')}): the answer leaves untranslated, and the client drops it.`,
      at.shell(
        via === undefined
          ? `ip route add ${who} via ${gateways[0]}, or a routing table of its own for what ${printAddress(inside)} sends: ip rule add from ${printAddress(inside)} table 100; ip route add default via ${gateways[0]} table 100`
          : defaultRoute(server, inside, gateways),
      ),
    );
  const dropped = droppedBy(looked);
  if (dropped)
    return wrong(
      WAY_BACK,
      [seen, printable(looked.through)],
      `rp_filter of ${at.device} drops what comes from ${who}: its own route to that client is another one.`,
      at.shell(`sysctl -w net.ipv4.conf.${by}.rp_filter=2; ip route get ${who}`),
    );
  return right(WAY_BACK, seen);
}

const droppedBy = ({ through }: Looked): boolean => /Invalid (argument|cross-device link)/.test(through);

const defaultRoute = (server: Part<ServerPolicy>, inside: Address, [gateway]: readonly string[]): string =>
  gateway === undefined
    ? 'ip route show'
    : `ip route replace default via ${gateway} dev ${interfaceOf(server.policy, inside)}; for good: in its network configuration`;
