// Says which of a server's files are APF's, by path (/etc/apf-firewall, /etc/apf), and how they are selected from a
// folder or an archive for the exposure report.

import { FileLayout } from '../../../parse/config-format';
import { ProgramFileLayout, createFileSelector } from '../../../parse/select-server-files';
import { PACKAGED_VERSION, VERSIONS } from './apf-version';

/** Files of APF's own folder that decide which rules it loads. */
const APF_FILE =
  /^(conf\.apf|VERSION|apf|firewall|[^/]+\.(rules|sh)|internals\/(internals\.conf|functions\.apf|cports\.common|rab\.ports|[^/]+\.(networks|sh))|vnet\/([^/]+\.rules|main\.vnet|vnetgen|vnetgen\.def))$/s;
const OTHER_FILES = ['/etc/resolv.conf', '/etc/default/apf-firewall'];

const BY_FOLDER = /(^|\/)etc\/(apf|apf-firewall)\/(internals\/|vnet\/)?[^/]+$|(^|\/)etc\/default\/apf-firewall$/;
const BY_NAME = /(^|\/)(conf\.apf|(allow|deny)_hosts\.rules|glob_(allow|deny)\.rules)$/;

/** Returns whether a file is APF's by its path: in its folder, or with a name that only APF uses. */
export const isApfPath = (path: string): boolean => BY_FOLDER.test(path) || BY_NAME.test(path);

export const program: ProgramFileLayout = {
  configuration: /^(?:(.*\/)?(etc\/(?:apf|apf-firewall)\/)|(.*\/)?)conf\.apf$/s,
  getHomeFolder: (folder) => (VERSIONS.find((version) => version.folder === `/${folder}`) ?? PACKAGED_VERSION).folder,
  isRead: (path) =>
    OTHER_FILES.includes(path) ||
    VERSIONS.some(({ folder }) => path.startsWith(folder) && APF_FILE.test(path.slice(folder.length))),
  instead: /(^|\/)etc\/(apf|apf-firewall)(\/conf\.apf)?$/,
};

/** The files of APF among those of a server. */
export const fileLayout: FileLayout = {
  label: 'APF’s files',
  packCommand: 'ssh root@server "tar -chf - /etc/apf-firewall /etc/default/apf-firewall /etc/resolv.conf" > server.tar',
  folders: ['etc/apf-firewall', 'etc/apf'],
  mayHold: (path) => /(^|\/)(etc\/(apf|apf-firewall)(\/(internals|vnet))?|etc\/default)$/.test(path),
  among: createFileSelector(program),
};
