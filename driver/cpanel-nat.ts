import { Release } from '../lib/agent-protocol/release';
import { CpnatLine, cpnatOf } from '../lib/cpnat/cpnat';
import { Pair, seenAs } from '../lib/policy/cpnat';
import { printAddress } from '../lib/net/address';
import { numbersWithout } from '../lib/net/axes';
import { NumberRange } from '../lib/net/device';
import { ALL_PORTS, PROTOCOL } from '../lib/net/packet';
import { CpnatWish, GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Refusal } from '../lib/problems/problem';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { Holder } from './synthesized';

// What cPanel takes for the public addresses of a server, beside what its gateway makes of them. It changes nothing of ours, and so no exit status.

/** As the device program read it from cPanel's files. */
export interface CpanelNat {
  /** `unknown`: something else than a file of its size, or one that can't be read. */
  readonly file: 'there' | 'absent' | 'empty' | 'unknown';
  readonly lines: readonly CpnatLine[];
  /** Host that build_cpnat asks, `?` where it isn't told; undefined where cpsources.conf names none. */
  readonly asks?: string;
  /** Of Pure-FTPd, where its configuration is there. */
  readonly ftp?: {
    readonly passive?: { readonly first: number; readonly last: number };
    /** The address that it tells clients of passive connections; `?` where it is a name. */
    readonly announced?: string;
  };
}

/** Source: cPanel's page on 1:1 NAT. */
const ASKED = 'myip.cpanel.net';
const FILE = '/var/cpanel/cpnat';
const FILES = ['there', 'absent', 'empty', 'unknown'] as const;

/** Undefined where there is no cPanel, from a program that doesn't say it, and where a newer one says it otherwise. */
export function cpanelNatOf(lines: readonly string[] = []): CpanelNat | undefined {
  const words = lines.map((line) => line.split(' '));
  const [is, ...others] = words.filter(([key]) => key === 'cpnat').map(([, word]) => word);
  const file = FILES.find((one) => one === is);
  // Of more lines than are read nobody knows what they say.
  if (!file || others.some((word) => word !== 'more')) return undefined;
  const value = (key: string): string | undefined => words.find((line) => line[0] === key)?.[1];
  const [, first, last] = words.find(([key]) => key === 'passiveportrange')?.map(Number) ?? [];
  const announced = value('forcepassiveip');
  const asks = value('myip');
  return {
    file: others.length > 0 ? 'unknown' : file,
    lines: words.flatMap(([key, number, local, outside]) =>
      key === 'line' && local !== undefined && outside !== undefined
        ? [{ line: Number(number), local: wordOf(local, number), public: outside === '-' ? '' : outside }]
        : [],
    ),
    ...(asks === undefined || asks === '' ? {} : { asks }),
    ...(words.some(([key]) => key === 'pure-ftpd')
      ? {
          ftp: {
            ...(isPort(first) && isPort(last) && first <= last ? { passive: { first, last } } : {}),
            ...(announced === undefined ? {} : { announced }),
          },
        }
      : {}),
  };
}

/** Two words that aren't shown are two. */
const wordOf = (local: string, line: string | undefined): string =>
  local === '-' ? '' : local === '?' ? `?${line}` : local;

const isPort = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value > 0 && value < 65_536;

/** Of IPv4 addresses that one mapping stands for. */
function pairsOf({ localAddresses }: ServerPolicy, gateways: readonly GatewayPolicy[]): readonly Pair[] {
  const mappings = gateways.flatMap((gateway) => gateway.mappings);
  return localAddresses.flatMap((local) => {
    const [one, ...others] = seenAs(local, mappings);
    return one && others.length === 0 ? [one] : [];
  });
}

/** What cPanel of a server has to know: as its release says it, else as its gateways make it. */
export const pairsFor = (server: ServerPolicy, gateways: () => readonly GatewayPolicy[]): readonly Pair[] =>
  server.cpnat?.pairs ?? pairsOf(server, gateways());

/** What releases of gateways map. A stack of another version says nothing here; asked about its own devices it is refused. */
export const gatewaysOf = (holders: readonly Holder[]): readonly GatewayPolicy[] =>
  holders.flatMap(({ role, release }) => {
    if (role !== 'gateway' || !release) return [];
    try {
      const policy = decodePolicy(release.policy);
      return policy.kind === 'gateway' ? [policy] : [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [];
    }
  });

/** Whether cPanel knows one address as what it is outside, and what its file says. */
interface Known {
  readonly is: 'right' | 'wrong' | 'unknown';
  readonly seen: string;
}

export function knownAs(nat: CpanelNat, { local, public: outside }: Pair, read = cpnatOf(nat.lines)): Known {
  const [here, there] = [printAddress(local), printAddress(outside)];
  if (nat.file === 'unknown') return { is: 'unknown', seen: `${FILE} can't be read whole` };
  if (nat.file !== 'there')
    return {
      is: 'wrong',
      seen: `${FILE} is ${nat.file === 'empty' ? 'empty' : 'not there'}, so cPanel takes ${here} for its public address`,
    };
  const taken = read.of(local);
  switch (taken.is) {
    case 'public':
      return taken.address === outside
        ? { is: 'right', seen: `${FILE} has ${there} for ${here} (line ${taken.line})` }
        : {
            is: 'wrong',
            seen: `${FILE} has ${printAddress(taken.address)} for ${here} (line ${taken.line}), not ${there}`,
          };
    case 'shadowed':
      return {
        is: 'wrong',
        seen: `line ${taken.line} of ${FILE} has no effect, as line ${taken.by.line} has ${printAddress(taken.address)} for ${taken.by.local || 'nobody'} first: cPanel takes ${here} for its public address`,
      };
    case 'nothing':
      return {
        is: 'wrong',
        seen: `line ${taken.line} of ${FILE} has no public address for ${here}: build_cpnat had no answer when it asked from there`,
      };
    case 'no line':
      return { is: 'wrong', seen: `${FILE} has no line for ${here}, so cPanel takes it for its public address` };
    default:
      return taken satisfies never;
  }
}

/** What mends it. Source: cPanel's page on 1:1 NAT, which wants it done on new installations. */
export const rebuilt = ({ asks }: CpanelNat): string =>
  `/usr/local/cpanel/scripts/build_cpnat, which asks ${asks === '?' ? 'the page of /etc/cpsources.conf' : (asks ?? ASKED)} from each address; on a server with accounts read cPanel's page on 1:1 NAT first`;

/** What a person should know beside a server that runs its release. */
export function natNotes(
  nat: CpanelNat | undefined,
  { policy }: Release,
  gateways: () => readonly GatewayPolicy[],
): readonly string[] {
  if (!nat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  const read = cpnatOf(nat.lines);
  const pairs = pairsFor(server, gateways);
  const wrong = server.cpnat ? [] : wrongOf(nat, pairs);
  const lines = read.mistakes.map(({ code, line, what }) => `line ${line} of ${FILE}: ${what} (${code})`);
  return [
    ...cut(wrong).map((seen, at) => (at === 0 ? `${seen}; as root there: ${rebuilt(nat)}` : seen)),
    ...cut(lines),
    ...passiveNotes(nat, server, pairs),
  ];
}

/** Where a release says what the file is to hold, how it differs from that. */
export function natDiffers(nat: CpanelNat | undefined, { policy, cpnat }: Release): readonly string[] {
  if (!nat || !cpnat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server' || !server.cpnat) return [];
  const { natMode, pairs, myip, passiveFtp } = server.cpnat;
  const page = myip === undefined || nat.asks === '?' ? undefined : /^https?:\/\/([^:/]+)/.exec(myip)?.[1];
  return [
    ...(natMode === 'on' ? cut(wrongOf(nat, pairs)) : []),
    ...(natMode === 'on' && nat.file === 'unknown'
      ? [`${FILE} can't be read whole: whether it has the pairs of the release is not known`]
      : []),
    ...(natMode === 'off' && nat.file !== 'absent' ? [`${FILE} is there, and the release has NAT mode off`] : []),
    ...(passiveFtp && nat.ftp ? passiveDiffers(nat.ftp, passiveFtp) : []),
    ...(page === undefined || page === nat.asks
      ? []
      : [`/etc/cpsources.conf has ${nat.asks ?? 'no host'} for MYIP, not ${page}`]),
  ];
}

function passiveDiffers(
  { announced, passive }: Ftp,
  { address, ports }: NonNullable<CpnatWish['passiveFtp']>,
): readonly string[] {
  const told = printAddress(address);
  const range = passive ? `${passive.first}-${passive.last}` : 'no range';
  return [
    ...(announced === told || announced === '?'
      ? []
      : [`Pure-FTPd has ${announced ?? 'no address'} for passive connections, not ${told}`]),
    ...(!ports || (passive?.first === ports.first && passive.last === ports.last)
      ? []
      : [`Pure-FTPd has ${range} for passive ports, not ${ports.first}-${ports.last}`]),
  ];
}

const wrongOf = (nat: CpanelNat, pairs: readonly Pair[]): readonly string[] => {
  const read = cpnatOf(nat.lines);
  return pairs.flatMap((pair) => {
    const known = knownAs(nat, pair, read);
    return known.is === 'wrong' ? [known.seen] : [];
  });
};

/** How many lines are shown of one kind. */
const MOST = 10;
const cut = (lines: readonly string[]): readonly string[] =>
  lines.length > MOST ? [...lines.slice(0, MOST), `and ${lines.length - MOST} more like it`] : lines;

type Ftp = NonNullable<CpanelNat['ftp']>;
const FTP = 21;

/** Passive connections go to ports and an address of which Pure-FTPd tells the client. */
function passiveNotes({ ftp }: CpanelNat, { openings }: ServerPolicy, pairs: readonly Pair[]): readonly string[] {
  const tcp = openings.entries.flatMap(({ protocol, ports }) =>
    protocol !== PROTOCOL.tcp ? [] : ports === 'all' ? [ALL_PORTS] : ports,
  );
  if (!ftp || !tcp.some(({ first, last }) => first <= FTP && FTP <= last)) return [];
  return [...rangeNote(ftp, tcp), ...announcedNote(ftp, pairs)];
}

function rangeNote({ passive }: Ftp, tcp: readonly NumberRange[]): readonly string[] {
  if (!passive) return [];
  const [closed] = numbersWithout([passive], tcp);
  if (!closed) return [];
  return [
    `Pure-FTPd has passive ports ${passive.first}-${passive.last}, of which the profile does not open ${closed.first}: transfers fail (ports/ftp-passive-mismatch); one range in both, ${PERSISTENT(`PassivePortRange: FIRST LAST`)}`,
  ];
}

function announcedNote({ announced }: Ftp, pairs: readonly Pair[]): readonly string[] {
  const [only] = pairs;
  if (!only || announced === '?' || pairs.some((pair) => printAddress(pair.public) === announced)) return [];
  const [address, why] =
    announced === undefined
      ? [printAddress(only.local), 'it has no ForcePassiveIP']
      : [announced, 'no mapping has that address'];
  return [
    `Pure-FTPd sends clients to ${address} for passive transfers, and ${why}: ${PERSISTENT(`ForcePassiveIP: ${printAddress(only.public)}`)}`,
  ];
}

/** Source: cPanel's page on the configuration of FTP servers. */
const PERSISTENT = (line: string): string =>
  `${line} in /var/cpanel/conf/pureftpd/local, then /usr/local/cpanel/scripts/setupftpserver pure-ftpd --force`;
