import { mergeNumbers } from '../../net/axis-nodes';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { toSingleRange } from '../../net/range';
import { printList } from '../addresses';
import { getFacts } from '../server-facts';
import { createTargetFinder } from '../open-services';
import { LintRule } from '../lint-rule';
import { FIREWALL_PAGE } from '../source-documents';
import { LintTarget, getOpenSources } from '../lint-targets';

/** Finds a captured passive FTP range that is open in part to the sources that reach port 21. Some transfers hang. */
export const ftpPassiveMismatch: LintRule = {
  code: 'ports/ftp-passive-mismatch',
  severity: 'warning',
  title: 'Some passive ports of the FTP server are closed',
  decidedBy: 'facts',
  explanation: {
    why: 'The server picks any port of its passive range for a listing or a transfer: with some of them closed, some transfers hang, by chance.',
    when: 'Found where 21 is open to a source for which some of `PassivePortRange`, as it was captured, is open and some is not. Where none is, `ports/ftp-passive-closed` says so.',
    remedy: 'Open the whole range, or set another one: `passiveFtp` of `cpnat` does.',
    source: FIREWALL_PAGE,
  },
  find: createTargetFinder(findClosedPassivePorts, (closedPorts, addressText) => ({
    what: `FTP (tcp 21) is open at ${addressText}, and of its passive ports tcp ${printList(closedPorts)} are closed to some who reach it.`,
    instead: 'The whole range in the profile, for the same sources; or a smaller PassivePortRange.',
  })),
};

function findClosedPassivePorts(target: LintTarget): readonly string[] {
  const range = getFacts(target.owner).passiveFtp;
  const clients = getOpenSources(target, PROTOCOL.tcp, 21);
  if (!range || clients.length === 0) return [];
  const passivePackets = PacketMap.createSet({
    source: clients,
    protocol: [toSingleRange(PROTOCOL.tcp)],
    port: [range],
  });
  if (target.openPackets.intersect(passivePackets).isEmpty) return [];
  return mergeNumbers([...passivePackets.subtract(target.openPackets).listCells()].map(({ port }) => port)).map(
    printPorts,
  );
}

const printPorts = ({ first, last }: NumberRange): string => (first === last ? `${first}` : `${first}-${last}`);
