import { Release } from '../lib/agent-protocol/release';
import { Pair } from '../lib/policy/cpnat';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import {
  Loopback,
  ODD,
  UNKNOWN_QUESTION,
  Witnessed,
  loopbackOf,
  loopbackPorts,
  noPort,
  witnessed,
} from './cpanel-loopback';
import { knownAs, pairsFor } from './cpanel-nat';
import { Look } from './look';
import { Remote } from './ssh';
import { Holder } from './synthesized';

/** Asks a server; some ten seconds at most on the device. Never throws. */
async function askLoopback(remote: Remote, server: ServerPolicy): Promise<Loopback> {
  const none = noPort(server);
  if (none) return none;
  const { result, sections } = await remote.run(['look'], {
    input: `loopback ${loopbackPorts(server).join(',')}\n`,
    seconds: 60,
  });
  if (!result) return { notAsked: 'it did not answer' };
  if (result.is === 'refused' && result.word === 'unknown-command') return UNKNOWN_QUESTION;
  return result.is === 'ok' && result.word === 'look' ? loopbackOf(sections.get('loopback')) : ODD;
}

/** What its own public addresses said to a server that was delivered, a sentence each; none where its release says nothing of them. */
export async function heardAfter(remote: Remote, { cpnat, policy }: Release): Promise<readonly string[]> {
  if (!cpnat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  const pairs = askedFor(pairsFor(server, () => []));
  return pairs.length === 0 ? [] : sentences(await askLoopback(remote, server), pairs).map(({ seen }) => seen);
}

/** What a server has says, and what it heard, where its file has a public address of it as the releases here have it. */
export async function withLoopback(
  look: Look,
  remote: Remote,
  holders: readonly Holder[],
  gateways: () => readonly GatewayPolicy[],
): Promise<Look> {
  const nat = look.facts.cpanelNat;
  if (nat?.file !== 'there') return look;
  for (const { role, release } of holders) {
    if (role !== 'server' || !release) continue;
    const server = decodePolicy(release.policy);
    if (
      server.kind !== 'server' ||
      askedFor(pairsFor(server, gateways)).every((pair) => knownAs(nat, pair).is !== 'right')
    )
      continue;
    return { ...look, loopback: await askLoopback(remote, server) };
  }
  return look;
}

/** What a person should know of it. That all comes back is no news. */
export function loopbackNotes(
  { loopback, facts }: Look,
  { policy }: Release,
  gateways: () => readonly GatewayPolicy[],
): readonly string[] {
  const nat = facts.cpanelNat;
  if (!loopback || !nat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  // What the file says otherwise is told as that.
  const pairs = askedFor(pairsFor(server, gateways)).filter((pair) => knownAs(nat, pair).is === 'right');
  return sentences(loopback, pairs).flatMap(({ is, seen }) => (is === 'right' ? [] : [seen]));
}

/** An address that is its own public one needs nobody. */
const askedFor = (pairs: readonly Pair[]): readonly Pair[] => pairs.filter((pair) => pair.local !== pair.public);

/** How many are said. */
const MOST = 10;

function sentences(loopback: Loopback, pairs: readonly Pair[]): readonly Witnessed[] {
  const all = pairs.map((pair) => witnessed(loopback, pair));
  // One reason for all of them is one.
  const said = all.filter(({ seen }, at) => all.findIndex((one) => one.seen === seen) === at);
  return said.length > MOST
    ? [...said.slice(0, MOST), { is: 'unknown', seen: `and ${said.length - MOST} more like these` }]
    : said;
}
