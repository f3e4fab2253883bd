import { Release } from '../lib/agent-protocol/release';
import { CpnatPair } from '../lib/policy/cpnat-pairs';
import { GatewayPolicy, ServerPolicy } from '../lib/policy/policy';
import { decodePolicy } from '../lib/verifier/policy-codec';
import {
  LoopbackResult,
  ODD_ANSWER,
  UNKNOWN_QUESTION,
  LoopbackVerdict,
  parseLoopback,
  listLoopbackPorts,
  explainNoPort,
  judgeLoopback,
} from './cpanel-loopback';
import { compareWithCpanel, listPairs } from './cpanel-nat';
import { DeviceLook } from './device-status';
import { Remote } from './ssh';
import { OwnershipRecord } from './synthesized-stack';

/** Asks a server; some ten seconds at most on the device. Never throws. */
async function askLoopback(remote: Remote, server: ServerPolicy): Promise<LoopbackResult> {
  const noPortAnswer = explainNoPort(server);
  if (noPortAnswer) return noPortAnswer;
  const { result, sections } = await remote.run(['look'], {
    input: `loopback ${listLoopbackPorts(server).join(',')}\n`,
    seconds: 60,
  });
  if (!result) return { notAsked: 'it did not answer' };
  if (result.is === 'refused' && result.word === 'unknown-command') return UNKNOWN_QUESTION;
  return result.is === 'ok' && result.word === 'look' ? parseLoopback(sections.get('loopback')) : ODD_ANSWER;
}

/** What its own public addresses said to a server that was delivered, a sentence each; none where its release says nothing of them. */
export async function askAfterDelivery(remote: Remote, { cpnat, policy }: Release): Promise<readonly string[]> {
  if (!cpnat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  const pairs = filterTranslated(listPairs(server, () => []));
  return pairs.length === 0 ? [] : describePairs(await askLoopback(remote, server), pairs).map(({ seen }) => seen);
}

/** What a server has says, and what it heard, where its file has a public address of it as the releases here have it. */
export async function addLoopback(
  look: DeviceLook,
  remote: Remote,
  holders: readonly OwnershipRecord[],
  gateways: () => readonly GatewayPolicy[],
): Promise<DeviceLook> {
  const nat = look.facts.cpanelNat;
  if (nat?.file !== 'there') return look;
  for (const { role, release } of holders) {
    if (role !== 'server' || !release) continue;
    const server = decodePolicy(release.policy);
    if (
      server.kind !== 'server' ||
      filterTranslated(listPairs(server, gateways)).every((pair) => compareWithCpanel(nat, pair).is !== 'right')
    )
      continue;
    return { ...look, loopback: await askLoopback(remote, server) };
  }
  return look;
}

/** What a person should know of it. That all comes back is no news. */
export function listLoopbackNotes(
  { loopback, facts }: DeviceLook,
  { policy }: Release,
  gateways: () => readonly GatewayPolicy[],
): readonly string[] {
  const nat = facts.cpanelNat;
  if (!loopback || !nat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  // What the file says otherwise is told as that.
  const pairs = filterTranslated(listPairs(server, gateways)).filter(
    (pair) => compareWithCpanel(nat, pair).is === 'right',
  );
  return describePairs(loopback, pairs).flatMap(({ is, seen }) => (is === 'right' ? [] : [seen]));
}

/** An address that is its own public one needs nobody. */
const filterTranslated = (pairs: readonly CpnatPair[]): readonly CpnatPair[] =>
  pairs.filter((pair) => pair.local !== pair.public);

/** How many are said. */
const MAX_SENTENCES = 10;

function describePairs(loopback: LoopbackResult, pairs: readonly CpnatPair[]): readonly LoopbackVerdict[] {
  const verdicts = pairs.map((pair) => judgeLoopback(loopback, pair));
  // One reason for all of them is one.
  const distinctVerdicts = verdicts.filter(
    ({ seen }, at) => verdicts.findIndex((verdict) => verdict.seen === seen) === at,
  );
  return distinctVerdicts.length > MAX_SENTENCES
    ? [
        ...distinctVerdicts.slice(0, MAX_SENTENCES),
        { is: 'unknown', seen: `and ${distinctVerdicts.length - MAX_SENTENCES} more like these` },
      ]
    : distinctVerdicts;
}
