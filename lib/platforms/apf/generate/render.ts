import { familyOf, printPrefix } from '../../../net/address';
import { NumberRange } from '../../../net/device';
import { between, portsText, printedFile } from '../../../generate/netfilter/files';
import { Format } from './format';
import { Line, Types, Written } from './model';

/** Files as `tail -v -n +1` prints them: of conf.apf and of what starts it the owner's keys, of the others the owner's lines. */
export function render(
  owner: string,
  { interface: device, tcp, udp, types, types6, lines }: Written,
  { folder, keys, besides }: Format,
): string {
  const mark = `# cpanel-edge:${owner}`;
  const ports = (all: readonly NumberRange[]): string => all.map(ranged).join(',');
  const all = keys({ device, tcp: ports(tcp), udp: ports(udp), types: typesText(types), types6: typesText(types6) });
  return [
    printedFile(`${folder}/conf.apf`, [mark, ...Object.entries(all).map(([key, value]) => `${key}="${value}"`)]),
    printedFile(`${folder}/allow_hosts.rules`, between(mark, lines.map(lineText))),
    ...besides(mark),
  ].join('\n');
}

const typesText = (types: Types): string => (types === 'all' ? types : types.join(','));

const ranged = (ports: NumberRange): string => portsText(ports, '_');

const lineText = ({ protocol, ports, peer }: Line): string => `${protocol}:in:d=${ranged(ports)}:s=${peerText(peer)}`;

const peerText = (peer: Line['peer']): string =>
  familyOf(peer.first) === 'ip' ? printPrefix(peer) : `[${printPrefix(peer)}]`;
