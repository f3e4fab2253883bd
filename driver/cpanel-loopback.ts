// Lists the ports by which a cPanel server connects to its own public address, parses the agent's answer, and judges
// it.

import { printAddress } from '../lib/net/address';
import { ALL_PORTS, PROTOCOL } from '../lib/net/packet';
import { CpnatPair } from '../lib/policy/cpnat-pairs';
import { ServerPolicy } from '../lib/policy/policy';

// A server with cPanel connects to its own public addresses, like cPanel before it signs certificates. The driver
// reports the result. It keeps or rolls back no release because of it, because it depends on others: on the gateway,
// which may be delivered later, and on what listens.

const CHECK_RESULTS = ['itself', 'answered', 'silent', 'refused', 'unreachable'] as const;
const SKIP_REASONS = ['unheard', 'foreign'] as const;

/** The result of a check of one line of /var/cpanel/cpnat, in the words of `agent/system/cpanel-loopback.sh`. */
interface LoopbackCheck {
  readonly local: string;
  readonly public: string;
  readonly is: (typeof CHECK_RESULTS)[number] | (typeof SKIP_REASONS)[number];
  /** TCP port. */
  readonly port?: number;
}

/** `more`: the file has further lines that weren't checked. */
export type LoopbackResult =
  { readonly heard: readonly LoopbackCheck[]; readonly more: boolean } | { readonly notAsked: string };

/**
 * Ports for the check, the best first. cPanel uses 53. A change of the file restarts neither the service on 53 nor
 * those on the next ports. A connection without a login to FTP or SSH counts as an attack there. Source:
 * Cpanel::SSL::Auto::Run::NAT of cPanel & WHM (2022).
 */
const LOOPBACK_PORTS = [53, 2083, 2096, 2087, 993, 995, 143, 110, 443, 80, 465, 587, 25];

/**
 * Returns the ports that a server opens to every source: other allow rules don't show whether they include the source
 * after the gateway's translation.
 */
export function listLoopbackPorts({ allowRules }: ServerPolicy): readonly number[] {
  const openPorts = allowRules.entries.flatMap(({ protocol, ports, sources }) =>
    protocol !== PROTOCOL.tcp || sources !== 'anywhere' ? [] : ports === 'all' ? [ALL_PORTS] : ports,
  );
  return LOOPBACK_PORTS.filter((port) => openPorts.some(({ first, last }) => first <= port && port <= last));
}

export const UNKNOWN_QUESTION: LoopbackResult = {
  notAsked: 'its agent is too old for it: what cpanel-edge bootstrap prints updates it',
};
export const ODD_ANSWER: LoopbackResult = { notAsked: 'what its agent answered is not understood' };
const FAILURE_REASONS: Readonly<Record<string, string>> = {
  'no-perl': 'it has no Perl, which cPanel brings',
  failed: 'its Perl failed',
};

/**
 * Parses the section `loopback`; it is undefined if the agent has none. One odd line makes the whole section unknown.
 */
export function parseLoopback(lines: readonly string[] | undefined): LoopbackResult {
  if (!lines) return UNKNOWN_QUESTION;
  const [first = ''] = lines;
  if (lines.length === 1 && Object.hasOwn(FAILURE_REASONS, first)) return { notAsked: FAILURE_REASONS[first]! };
  const pairs = lines.filter((line) => line !== 'more');
  const checks = pairs.flatMap((line) => parseCheck(line) ?? []);
  const distinctPairs = new Set(
    checks.map(({ local: localAddress, public: publicAddress }) => `${localAddress} ${publicAddress}`),
  );
  if (distinctPairs.size !== pairs.length || pairs.length > MAX_PAIRS || pairs.length < lines.length - 1)
    return ODD_ANSWER;
  return { heard: checks, more: pairs.length < lines.length };
}

const MAX_PAIRS = 16;

function parseCheck(line: string): LoopbackCheck | undefined {
  const [, localAddress, publicAddress, port, word] =
    /^pair (\d[\d.]{6,14}) (\d[\d.]{6,14}) (-|[1-9]\d{0,4}) ([a-z]{1,20})$/.exec(line) ?? [];
  if (localAddress === undefined || publicAddress === undefined) return undefined;
  if (port === '-') {
    const skipReason = SKIP_REASONS.find((knownWord) => knownWord === word);
    return skipReason && { local: localAddress, public: publicAddress, is: skipReason };
  }
  const checkResult = CHECK_RESULTS.find((knownWord) => knownWord === word);
  return checkResult && LOOPBACK_PORTS.includes(Number(port))
    ? { local: localAddress, public: publicAddress, is: checkResult, port: Number(port) }
    : undefined;
}

/** Returns why no port can be used; undefined if one can. */
export const explainNoPort = (server: ServerPolicy): LoopbackResult | undefined =>
  listLoopbackPorts(server).length > 0
    ? undefined
    : { notAsked: `it opens none of tcp ${LOOPBACK_PORTS.join(', ')} to any source` };

/** Returns the result for a server that was asked together with other questions. */
export const getLoopback = (server: ServerPolicy, loopbackResult: LoopbackResult | undefined): LoopbackResult =>
  explainNoPort(server) ?? loopbackResult ?? UNKNOWN_QUESTION;

export interface LoopbackVerdict {
  readonly status: 'right' | 'wrong' | 'unknown';
  readonly observation: string;
}

/** Returns the verdict on one address. */
export function judgeLoopback(loopback: LoopbackResult, pair: CpnatPair): LoopbackVerdict {
  const [localText, publicText] = [printAddress(pair.local), printAddress(pair.public)];
  const createUnknown = (reason: string): LoopbackVerdict => ({
    status: 'unknown',
    observation: `not asked from there, because ${reason}`,
  });
  if ('notAsked' in loopback) return createUnknown(loopback.notAsked);
  const addressCheck = loopback.heard.find((check) => check.local === localText && check.public === publicText);
  if (!addressCheck)
    return createUnknown(
      loopback.more
        ? `${publicText} is not among the first ${MAX_PAIRS} lines of /var/cpanel/cpnat`
        : `/var/cpanel/cpnat does not have ${publicText} for ${localText}`,
    );
  const portText = `tcp ${addressCheck.port ?? ''} of ${publicText}`;
  const createWrong = (observation: string): LoopbackVerdict => ({
    status: 'wrong',
    observation: `asked from there, ${observation}, though something listens at ${localText}: cPanel needs its own public address (cpnat/hairpin-missing)`,
  });
  switch (addressCheck.is) {
    case 'itself':
      return { status: 'right', observation: `asked from there, ${portText} comes back to it` };
    case 'answered':
      return {
        status: 'unknown',
        observation: `asked from there, a host answers at ${portText}: that it is the server itself was not seen`,
      };
    case 'silent':
      return createWrong(`${portText} does not answer`);
    case 'refused':
      return createWrong(`${portText} refuses`);
    case 'unreachable':
      return createWrong(`${portText} is not reached`);
    case 'unheard':
      return createUnknown(`nothing listens at ${localText} on a port that it opens to any source`);
    case 'foreign':
      return createUnknown(`${localText} is no address of it`);
    default:
      return addressCheck.is satisfies never;
  }
}
