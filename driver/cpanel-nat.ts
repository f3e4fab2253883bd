// Compares the public addresses in cPanel's NAT file of a server with the mappings of the gateway or with the release.
// Returns verdicts for `doctor`, and for `verify` notes, or drift if the release manages the file.
import { Release } from '../lib/agent-protocol/release';
import { CpnatLine, evaluateCpnat } from '../lib/cpnat/evaluate-cpnat';
import { CpnatPair, listPublicPairs } from '../lib/policy/cpnat-pairs';
import { printAddress } from '../lib/net/address';
import { subtractNumbers } from '../lib/net/axis-nodes';
import { NumberRange } from '../lib/net/device';
import { ALL_PORTS, PROTOCOL } from '../lib/net/packet';
import { CpnatPolicy, GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { Refusal } from '../lib/problems/problem';
import { decodePolicy } from '../lib/verifier/policy-codec';
import { OwnershipRecord } from './synthesized-stack';

/** cPanel's files, parsed by the agent. */
export interface CpanelNat {
  /** `unknown`: not a file of the expected size, or an unreadable one. */
  readonly file: 'there' | 'absent' | 'empty' | 'unknown';
  readonly lines: readonly CpnatLine[];
  /** Host that build_cpnat asks, `?` if it isn't told; undefined if cpsources.conf names none. */
  readonly asks?: string;
  /** Settings of Pure-FTPd; undefined without its configuration. */
  readonly ftp?: {
    readonly passive?: { readonly first: number; readonly last: number };
    /** The address that it tells clients of passive connections; `?` for a name. */
    readonly announced?: string;
  };
}

/** Source: cPanel's page on 1:1 NAT. */
const MYIP_HOST = 'myip.cpanel.net';
const CPNAT_PATH = '/var/cpanel/cpnat';
const FILE_STATES = ['there', 'absent', 'empty', 'unknown'] as const;

/**
 * Returns the parsed files; undefined without cPanel, from an agent that doesn't report them, and from a newer one with
 * another form.
 */
export function parseCpanelNat(lines: readonly string[] = []): CpanelNat | undefined {
  const words = lines.map((line) => line.split(' '));
  const [fileState, ...moreWords] = words.filter(([key]) => key === 'cpnat').map(([, word]) => word);
  const file = FILE_STATES.find((state) => state === fileState);
  // The contents of lines beyond the agent's limit aren't known.
  if (!file || moreWords.some((word) => word !== 'more')) return undefined;
  const getValue = (key: string): string | undefined => words.find((line) => line[0] === key)?.[1];
  const [, first, last] = words.find(([key]) => key === 'passiveportrange')?.map(Number) ?? [];
  const announced = getValue('forcepassiveip');
  const myipAddress = getValue('myip');
  return {
    file: moreWords.length > 0 ? 'unknown' : file,
    lines: words.flatMap(([key, number, localText, outside]) =>
      key === 'line' && localText !== undefined && outside !== undefined
        ? [{ line: Number(number), local: parseWord(localText, number), public: outside === '-' ? '' : outside }]
        : [],
    ),
    ...(myipAddress === undefined || myipAddress === '' ? {} : { asks: myipAddress }),
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

/** Two hidden words count as different. */
const parseWord = (localText: string, line: string | undefined): string =>
  localText === '-' ? '' : localText === '?' ? `?${line}` : localText;

const isPort = (value: number | undefined): value is number =>
  value !== undefined && Number.isInteger(value) && value > 0 && value < 65_536;

/** Returns the public addresses of IPv4 addresses that exactly one mapping has. */
function listMappedPairs({ localAddresses }: ServerPolicy, gateways: readonly GatewayPolicy[]): readonly CpnatPair[] {
  const mappings = gateways.flatMap((gateway) => gateway.mappings);
  return localAddresses.flatMap((localAddress) => {
    const [firstPair, ...morePairs] = listPublicPairs(localAddress, mappings);
    return firstPair && morePairs.length === 0 ? [firstPair] : [];
  });
}

/** Returns the pairs that cPanel of a server has to know: those of its release, else those of its gateways. */
export const listPairs = (server: ServerPolicy, gateways: () => readonly GatewayPolicy[]): readonly CpnatPair[] =>
  server.cpnat?.pairs ?? listMappedPairs(server, gateways());

/**
 * Returns the policies of gateways. A stack of another version adds nothing here; questions about its own devices are
 * refused.
 */
export const listGatewayPolicies = (ownershipRecords: readonly OwnershipRecord[]): readonly GatewayPolicy[] =>
  ownershipRecords.flatMap(({ role, release }) => {
    if (role !== 'gateway' || !release) return [];
    try {
      const policy = decodePolicy(release.policy);
      return policy.kind === 'gateway' ? [policy] : [];
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return [];
    }
  });

/** Whether cPanel knows the public address of one address, with the contents of its file. */
interface CpanelVerdict {
  readonly status: 'right' | 'wrong' | 'unknown';
  readonly observation: string;
}

export function compareWithCpanel(
  nat: CpanelNat,
  { local, public: outside }: CpnatPair,
  cpnat = evaluateCpnat(nat.lines),
): CpanelVerdict {
  const [localText, externalText] = [printAddress(local), printAddress(outside)];
  if (nat.file === 'unknown') return { status: 'unknown', observation: `${CPNAT_PATH} can't be read whole` };
  if (nat.file !== 'there')
    return {
      status: 'wrong',
      observation: `${CPNAT_PATH} is ${nat.file === 'empty' ? 'empty' : 'not there'}, so cPanel takes ${localText} for its public address`,
    };
  const entry = cpnat.of(local);
  switch (entry.is) {
    case 'public':
      return entry.address === outside
        ? { status: 'right', observation: `${CPNAT_PATH} has ${externalText} for ${localText} (line ${entry.line})` }
        : {
            status: 'wrong',
            observation: `${CPNAT_PATH} has ${printAddress(entry.address)} for ${localText} (line ${entry.line}), not ${externalText}`,
          };
    case 'shadowed':
      return {
        status: 'wrong',
        observation: `line ${entry.line} of ${CPNAT_PATH} has no effect, as line ${entry.by.line} has ${printAddress(entry.address)} for ${entry.by.local || 'no address'} first: cPanel takes ${localText} for its public address`,
      };
    case 'nothing':
      return {
        status: 'wrong',
        observation: `line ${entry.line} of ${CPNAT_PATH} has no public address for ${localText}: build_cpnat had no answer when it asked from there`,
      };
    case 'no line':
      return {
        status: 'wrong',
        observation: `${CPNAT_PATH} has no line for ${localText}, so cPanel takes it for its public address`,
      };
    default:
      return entry satisfies never;
  }
}

/**
 * Returns the command that repairs the file. Source: cPanel's page on 1:1 NAT, which advises it for new installations.
 */
export const describeRebuild = ({ asks }: CpanelNat): string =>
  `/usr/local/cpanel/scripts/build_cpnat, which asks ${asks === '?' ? 'the page of /etc/cpsources.conf' : (asks ?? MYIP_HOST)} from each address; on a server with accounts read cPanel's page on 1:1 NAT first`;

/** Returns the notes for the operator on a server that runs its release. */
export function listNatNotes(
  nat: CpanelNat | undefined,
  { policy }: Release,
  gateways: () => readonly GatewayPolicy[],
): readonly string[] {
  if (!nat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  const cpnat = evaluateCpnat(nat.lines);
  const pairs = listPairs(server, gateways);
  const wrongPairs = server.cpnat ? [] : listWrongPairs(nat, pairs);
  const lines = cpnat.mistakes.map(({ code, line, what }) => `line ${line} of ${CPNAT_PATH}: ${what} (${code})`);
  return [
    ...limitLines(wrongPairs).map((wrongPair, index) =>
      index === 0 ? `${wrongPair}; as root there: ${describeRebuild(nat)}` : wrongPair,
    ),
    ...limitLines(lines),
    ...listPassiveNotes(nat, server, pairs),
  ];
}

/** Returns the differences between the file and a release that says its contents. */
export function listNatDifferences(nat: CpanelNat | undefined, { policy, cpnat }: Release): readonly string[] {
  if (!nat || !cpnat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server' || !server.cpnat) return [];
  const { natMode, pairs, myip, passiveFtp } = server.cpnat;
  const page = myip === undefined || nat.asks === '?' ? undefined : /^https?:\/\/([^:/]+)/.exec(myip)?.[1];
  return [
    ...(natMode === 'on' ? limitLines(listWrongPairs(nat, pairs)) : []),
    ...(natMode === 'on' && nat.file === 'unknown'
      ? [`${CPNAT_PATH} can't be read whole: whether it has the pairs of the release is not known`]
      : []),
    ...(natMode === 'off' && nat.file !== 'absent' ? [`${CPNAT_PATH} is there, and the release has NAT mode off`] : []),
    ...(passiveFtp && nat.ftp ? listPassiveDifferences(nat.ftp, passiveFtp) : []),
    ...(page === undefined || page === nat.asks
      ? []
      : [`/etc/cpsources.conf has ${nat.asks ?? 'no host'} for MYIP, not ${page}`]),
  ];
}

function listPassiveDifferences(
  { announced, passive }: FtpSettings,
  { address, ports }: NonNullable<CpnatPolicy['passiveFtp']>,
): readonly string[] {
  const expectedAddress = printAddress(address);
  const range = passive ? `${passive.first}-${passive.last}` : 'no range';
  return [
    ...(announced === expectedAddress || announced === '?'
      ? []
      : [`Pure-FTPd has ${announced ?? 'no address'} for passive connections, not ${expectedAddress}`]),
    ...(!ports || (passive?.first === ports.first && passive.last === ports.last)
      ? []
      : [`Pure-FTPd has ${range} for passive ports, not ${ports.first}-${ports.last}`]),
  ];
}

const listWrongPairs = (nat: CpanelNat, pairs: readonly CpnatPair[]): readonly string[] => {
  const cpnat = evaluateCpnat(nat.lines);
  return pairs.flatMap((pair) => {
    const verdict = compareWithCpanel(nat, pair, cpnat);
    return verdict.status === 'wrong' ? [verdict.observation] : [];
  });
};

/** Limit of printed lines of one kind. */
const MAX_SHOWN_LINES = 10;
const limitLines = (lines: readonly string[]): readonly string[] =>
  lines.length > MAX_SHOWN_LINES
    ? [...lines.slice(0, MAX_SHOWN_LINES), `and ${lines.length - MAX_SHOWN_LINES} more like it`]
    : lines;

type FtpSettings = NonNullable<CpanelNat['ftp']>;
const FTP_PORT = 21;

/** Returns notes on passive FTP: Pure-FTPd tells the client the port and the address of a passive connection. */
function listPassiveNotes(
  { ftp }: CpanelNat,
  { allowRules }: ServerPolicy,
  pairs: readonly CpnatPair[],
): readonly string[] {
  const tcp = allowRules.entries.flatMap(({ protocol, ports }) =>
    protocol !== PROTOCOL.tcp ? [] : ports === 'all' ? [ALL_PORTS] : ports,
  );
  if (!ftp || !tcp.some(({ first, last }) => first <= FTP_PORT && FTP_PORT <= last)) return [];
  return [...listRangeNotes(ftp, tcp), ...listAnnouncedNotes(ftp, pairs)];
}

function listRangeNotes({ passive }: FtpSettings, tcp: readonly NumberRange[]): readonly string[] {
  if (!passive) return [];
  const [closedPorts] = subtractNumbers([passive], tcp);
  if (!closedPorts) return [];
  return [
    `Pure-FTPd has passive ports ${passive.first}-${passive.last}, of which the profile does not open ${closedPorts.first}: transfers fail (ports/ftp-passive-mismatch); one range in both, ${describePersistent(`PassivePortRange: FIRST LAST`)}`,
  ];
}

function listAnnouncedNotes({ announced }: FtpSettings, pairs: readonly CpnatPair[]): readonly string[] {
  const [onlyPair] = pairs;
  if (!onlyPair || announced === '?' || pairs.some((pair) => printAddress(pair.public) === announced)) return [];
  const [address, reason] =
    announced === undefined
      ? [printAddress(onlyPair.local), 'it has no ForcePassiveIP']
      : [announced, 'no mapping has that address'];
  return [
    `Pure-FTPd sends clients to ${address} for passive transfers, and ${reason}: ${describePersistent(`ForcePassiveIP: ${printAddress(onlyPair.public)}`)}`,
  ];
}

/** Source: cPanel's page on the configuration of FTP servers. */
const describePersistent = (line: string): string =>
  `${line} in /var/cpanel/conf/pureftpd/local, then /usr/local/cpanel/scripts/setupftpserver pure-ftpd --force`;
