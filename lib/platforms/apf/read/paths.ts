import { Spread } from '../../../reading/foreign';

/** Files of APF's own folder that decide which rules it loads. */
const OWN =
  /^(conf\.apf|VERSION|firewall|[^/]+\.rules|internals\/(internals\.conf|functions\.apf|cports\.common|rab\.ports|[^/]+\.networks)|vnet\/([^/]+\.rules|main\.vnet|vnetgen|vnetgen\.def))$/s;
const ELSEWHERE = ['/etc/resolv.conf', '/etc/default/apf-firewall'];

/** Of Debian's package, and as its authors install it. */
export const ETC = '/etc/apf-firewall/';
export const UPSTREAM = '/etc/apf/';

const BY_FOLDER = /(^|\/)etc\/(apf|apf-firewall)\/(internals\/|vnet\/)?[^/]+$|(^|\/)etc\/default\/apf-firewall$/;
const BY_NAME = /(^|\/)(conf\.apf|(allow|deny)_hosts\.rules|glob_(allow|deny)\.rules)$/;

/** Whether a file is APF's by its path: in its folder, or of a name that nothing else has. */
export const isNameOfOwn = (path: string): boolean => BY_FOLDER.test(path) || BY_NAME.test(path);

const CONF = /^(?:(.*\/)?(etc\/(?:apf|apf-firewall)\/)|(.*\/)?)conf\.apf$/s;

/** Where a server's files begin, by the path of its conf.apf: `root` is before `etc/`; undefined where APF's folder was given alone. */
export interface Root {
  readonly root: string | undefined;
  readonly etc: string;
  readonly home: string;
}

export function rootBy(path: string): Root | undefined {
  const found = CONF.exec(path);
  if (!found) return undefined;
  const [, before = '', etc, alone = ''] = found;
  return etc === undefined
    ? { root: undefined, etc: alone, home: ETC }
    : { root: before, etc: before + etc, home: etc.includes('-') ? ETC : UPSTREAM };
}

/** A path as the server has it: `/etc/apf-firewall/conf.apf`. Undefined for what isn't of that server. */
export function onServer({ root, etc, home }: Root, path: string): string | undefined {
  if (path.startsWith(etc)) return home + path.slice(etc.length);
  return root !== undefined && path.startsWith(root) ? `/${path.slice(root.length).replace(/^\//, '')}` : undefined;
}

const isRead = (path: string | undefined): boolean =>
  path !== undefined &&
  (ELSEWHERE.includes(path) || [ETC, UPSTREAM].some((etc) => path.startsWith(etc) && OWN.test(path.slice(etc.length))));

/** The files of APF among those of a server. */
export const spread: Spread = {
  called: 'APF’s files',
  packedBy: 'ssh root@server "tar -chf - /etc/apf-firewall /etc/default/apf-firewall /etc/resolv.conf" > server.tar',
  folders: ['etc/apf-firewall', 'etc/apf'],
  mayHold: (path) => /(^|\/)(etc\/(apf|apf-firewall)(\/(internals|vnet))?|etc\/default)$/.test(path),
  among(entries) {
    const roots = entries.flatMap(({ path, isFile }) => (isFile ? (rootBy(path) ?? []) : []));
    const isOf = (path: string): boolean => roots.some((root) => isRead(onServer(root, path)));
    const isInstead = (path: string): boolean => /(^|\/)etc\/(apf|apf-firewall)(\/conf\.apf)?$/.test(path) || isOf(path);
    return new Set(entries.filter(({ path, isFile }) => (isFile ? isOf(path) : isInstead(path))).map(({ path }) => path));
  },
};
