import { joinedNumbers } from '../../net/axes';
import { NumberRange } from '../../net/device';
import { PROTOCOL } from '../../net/packet';
import { PacketMap } from '../../net/packet-map';
import { point } from '../../net/range';
import { some } from '../addresses';
import { factsOf } from '../facts';
import { whereSome } from '../open-services';
import { LintRule } from '../rule';
import { FIREWALL_PAGE } from '../sources';
import { Target, openTo } from '../targets';

export const ftpPassiveMismatch: LintRule = {
  code: 'ports/ftp-passive-mismatch',
  severity: 'warning',
  title: 'Some passive ports of the FTP server are closed',
  decidedBy: 'facts',
  explanation: {
    why: 'The server picks any port of its passive range for a listing or a transfer: with some of them closed, some transfers hang, and nobody can say which.',
    when: 'Found where 21 is open to a source for which some of `PassivePortRange`, as it was captured, is open and some is not. Where none is, `ports/ftp-passive-closed` says so.',
    remedy: 'Open the whole range, or set another one: `passiveFtp` of `cpnat` does.',
    source: FIREWALL_PAGE,
  },
  find: whereSome(closed, (found, at) => ({
    what: `FTP (tcp 21) is open at ${at}, and of its passive ports tcp ${some(found)} are closed to some who reach it.`,
    instead: 'The whole range in the profile, for the same sources; or a smaller PassivePortRange.',
  })),
};

function closed(target: Target): readonly string[] {
  const range = factsOf(target.owner).passiveFtp;
  const clients = openTo(target, PROTOCOL.tcp, 21);
  if (!range || clients.length === 0) return [];
  const wanted = PacketMap.set({ source: clients, protocol: [point(PROTOCOL.tcp)], port: [range] });
  if (target.open.within(wanted).isEmpty) return [];
  return joinedNumbers([...wanted.apartFrom(target.open).cells()].map(({ port }) => port)).map(spelled);
}

const spelled = ({ first, last }: NumberRange): string => (first === last ? `${first}` : `${first}-${last}`);
