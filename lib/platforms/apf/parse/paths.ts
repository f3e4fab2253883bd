import { Spread } from '../../../parse/foreign';
import { FileProgram, filesAmong } from '../../../parse/server-files';
import { PACKAGED, VERSIONS } from './version';

/** Files of APF's own folder that decide which rules it loads. */
const OWN =
  /^(conf\.apf|VERSION|apf|firewall|[^/]+\.(rules|sh)|internals\/(internals\.conf|functions\.apf|cports\.common|rab\.ports|[^/]+\.(networks|sh))|vnet\/([^/]+\.rules|main\.vnet|vnetgen|vnetgen\.def))$/s;
const ELSEWHERE = ['/etc/resolv.conf', '/etc/default/apf-firewall'];

const BY_FOLDER = /(^|\/)etc\/(apf|apf-firewall)\/(internals\/|vnet\/)?[^/]+$|(^|\/)etc\/default\/apf-firewall$/;
const BY_NAME = /(^|\/)(conf\.apf|(allow|deny)_hosts\.rules|glob_(allow|deny)\.rules)$/;

/** Whether a file is APF's by its path: in its folder, or of a name that nothing else has. */
export const isNameOfOwn = (path: string): boolean => BY_FOLDER.test(path) || BY_NAME.test(path);

export const program: FileProgram = {
  configuration: /^(?:(.*\/)?(etc\/(?:apf|apf-firewall)\/)|(.*\/)?)conf\.apf$/s,
  homeOf: (folder) => (VERSIONS.find((one) => one.folder === `/${folder}`) ?? PACKAGED).folder,
  isRead: (path) =>
    ELSEWHERE.includes(path) ||
    VERSIONS.some(({ folder }) => path.startsWith(folder) && OWN.test(path.slice(folder.length))),
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
