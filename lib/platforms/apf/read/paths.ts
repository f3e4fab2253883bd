import { Spread } from '../../../reading/foreign';
import { FileProgram, filesAmong } from '../../../reading/server-files';

/** Files of APF's own folder that decide which rules it loads. */
const OWN =
  /^(conf\.apf|VERSION|apf|firewall|[^/]+\.(rules|sh)|internals\/(internals\.conf|functions\.apf|cports\.common|rab\.ports|[^/]+\.(networks|sh))|vnet\/([^/]+\.rules|main\.vnet|vnetgen|vnetgen\.def))$/s;
const ELSEWHERE = ['/etc/resolv.conf', '/etc/default/apf-firewall'];

/** Of Debian's package, and as its authors install it. */
export const ETC = '/etc/apf-firewall/';
export const UPSTREAM = '/etc/apf/';

const BY_FOLDER = /(^|\/)etc\/(apf|apf-firewall)\/(internals\/|vnet\/)?[^/]+$|(^|\/)etc\/default\/apf-firewall$/;
const BY_NAME = /(^|\/)(conf\.apf|(allow|deny)_hosts\.rules|glob_(allow|deny)\.rules)$/;

/** Whether a file is APF's by its path: in its folder, or of a name that nothing else has. */
export const isNameOfOwn = (path: string): boolean => BY_FOLDER.test(path) || BY_NAME.test(path);

export const program: FileProgram = {
  configuration: /^(?:(.*\/)?(etc\/(?:apf|apf-firewall)\/)|(.*\/)?)conf\.apf$/s,
  homeOf: (folder) => (folder === 'etc/apf/' ? UPSTREAM : ETC),
  isRead: (path) => ELSEWHERE.includes(path) || [ETC, UPSTREAM].some((etc) => path.startsWith(etc) && OWN.test(path.slice(etc.length))),
  instead: /(^|\/)etc\/(apf|apf-firewall)(\/conf\.apf)?$/,
};

/** The files of APF among those of a server. */
export const spread: Spread = {
  called: 'APF’s files',
  packedBy: 'ssh root@server "tar -chf - /etc/apf-firewall /etc/default/apf-firewall /etc/resolv.conf" > server.tar',
  folders: ['etc/apf-firewall', 'etc/apf'],
  mayHold: (path) => /(^|\/)(etc\/(apf|apf-firewall)(\/(internals|vnet))?|etc\/default)$/.test(path),
  among: filesAmong(program),
};
