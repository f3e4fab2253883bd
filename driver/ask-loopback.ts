// Asks a server to connect to its own public address, and describes the result for the operator.

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
import { DeviceStatus } from './device-status';
import { Remote } from './ssh';
import { OwnershipRecord } from './synthesized-stack';

/** Asks a server about its public addresses; on the device this takes ten seconds at most. Never throws. */
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

/** Returns a sentence for each public address of a delivered server; none if its release has no public addresses. */
export async function askAfterDelivery(remote: Remote, { cpnat, policy }: Release): Promise<readonly string[]> {
  if (!cpnat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  const pairs = filterTranslated(listPairs(server, () => []));
  return pairs.length === 0
    ? []
    : describePairs(await askLoopback(remote, server), pairs).map(({ observation }) => observation);
}

/**
 * Adds the server's answer about its public addresses, if its file has one of them in agreement with the releases here.
 */
export async function addLoopback(
  deviceStatus: DeviceStatus,
  remote: Remote,
  ownershipRecords: readonly OwnershipRecord[],
  gateways: () => readonly GatewayPolicy[],
): Promise<DeviceStatus> {
  const nat = deviceStatus.facts.cpanelNat;
  if (nat?.file !== 'there') return deviceStatus;
  for (const { role, release } of ownershipRecords) {
    if (role !== 'server' || !release) continue;
    const server = decodePolicy(release.policy);
    if (
      server.kind !== 'server' ||
      filterTranslated(listPairs(server, gateways)).every((pair) => compareWithCpanel(nat, pair).status !== 'right')
    )
      continue;
    return { ...deviceStatus, loopback: await askLoopback(remote, server) };
  }
  return deviceStatus;
}

/** Returns the notes for the operator. A connection that comes back needs no note. */
export function listLoopbackNotes(
  { loopback, facts }: DeviceStatus,
  { policy }: Release,
  gateways: () => readonly GatewayPolicy[],
): readonly string[] {
  const nat = facts.cpanelNat;
  if (!loopback || !nat) return [];
  const server = decodePolicy(policy);
  if (server.kind !== 'server') return [];
  // Other notes report an entry of the file that differs.
  const pairs = filterTranslated(listPairs(server, gateways)).filter(
    (pair) => compareWithCpanel(nat, pair).status === 'right',
  );
  return describePairs(loopback, pairs).flatMap(({ status, observation }) => (status === 'right' ? [] : [observation]));
}

/** Returns the pairs that a gateway translates. */
const filterTranslated = (pairs: readonly CpnatPair[]): readonly CpnatPair[] =>
  pairs.filter((pair) => pair.local !== pair.public);

/** Limit of printed sentences. */
const MAX_SENTENCES = 10;

function describePairs(loopback: LoopbackResult, pairs: readonly CpnatPair[]): readonly LoopbackVerdict[] {
  const verdicts = pairs.map((pair) => judgeLoopback(loopback, pair));
  // One reason for all addresses is printed once.
  const distinctVerdicts = verdicts.filter(
    ({ observation }, index) => verdicts.findIndex((verdict) => verdict.observation === observation) === index,
  );
  return distinctVerdicts.length > MAX_SENTENCES
    ? [
        ...distinctVerdicts.slice(0, MAX_SENTENCES),
        { status: 'unknown', observation: `and ${distinctVerdicts.length - MAX_SENTENCES} more like these` },
      ]
    : distinctVerdicts;
}
