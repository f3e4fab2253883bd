// Renders an owner's entries as APF's files (conf.apf, allow_hosts.rules; for 9.7 also postroute.rules and
// /etc/default/apf-firewall), each under its path as `tail -v -n +1` prints it.
import { getFamily, printPrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { wrapInMarks, printPortRange, printFile } from '../../../generate/netfilter/config-files';
import { ApfFormat } from './apf-format';
import { ApfLine, ApfIcmpTypes, ApfEntries } from './apf-entries';

/**
 * Renders the files like `tail -v -n +1`: the owner's keys of conf.apf and of the start file, the owner's lines of the
 * others.
 */
export function render(
  owner: string,
  { interface: device, tcp, udp, types, types6, lines }: ApfEntries,
  { folder, keys, besides }: ApfFormat,
): string {
  const mark = `# cpanel-edge:${owner}`;
  const printPorts = (keyValues: readonly NumberRange[]): string => keyValues.map(printRange).join(',');
  const keyValues = keys({
    device,
    tcp: printPorts(tcp),
    udp: printPorts(udp),
    types: printTypes(types),
    types6: printTypes(types6),
  });
  return [
    printFile(`${folder}/conf.apf`, [mark, ...Object.entries(keyValues).map(([key, value]) => `${key}="${value}"`)]),
    printFile(`${folder}/allow_hosts.rules`, wrapInMarks(mark, lines.map(printLine))),
    ...besides(mark),
  ].join('\n');
}

const printTypes = (types: ApfIcmpTypes): string => (types === 'all' ? types : types.join(','));

const printRange = (ports: NumberRange): string => printPortRange(ports, '_');

const printLine = ({ protocol, ports, peer }: ApfLine): string =>
  `${protocol}:in:d=${printRange(ports)}:s=${printPeer(peer)}`;

const printPeer = (peer: ApfLine['peer']): string =>
  getFamily(peer.first) === 'ip' ? printPrefix(peer) : `[${printPrefix(peer)}]`;
