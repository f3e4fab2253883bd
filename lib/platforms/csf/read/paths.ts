import { Spread } from '../../../reading/foreign';

/** Files of csf's own folder: those that it reads by name, and what others are called that its lists include. */
const ETC = /^(version\.txt|csf(pre|post)\.sh|[^/]+\.(conf|allow|deny|redirect|sips|blocklists|disable|error|list|ips)|[^/.]+)$/s;
const ELSEWHERE =
  /^(etc\/resolv\.conf|usr\/local\/csf\/bin\/csf(pre|post)\.sh|var\/lib\/csf\/(csf\.(tempban|tempallow|tempdyn|tempgdyn|gallow|gdeny|[46]\.saved|4\.ipsets|block\.\w+)|zone\/\w+\.zone6?))$/s;

const FOLDERS = /(^|\/)(etc\/csf|var\/lib\/csf(\/zone)?|usr\/local\/csf\/bin)\/[^/]+$/;
const NAMES = `conf allow deny redirect sips blocklists disable error ignore dirwatch dyndns cloudflare fignore logfiles logignore mignore
  pignore rblconf resellers rignore signore smtpauth suignore syslogs syslogusers uidignore`.split(/\s+/);
const NAME = new RegExp(`(^|/)csf(pre\\.sh|post\\.sh|\\.(${NAMES.join('|')}))$`);

/** Whether a file is csf's by its path: in one of its folders, or of a name that nothing else has. */
export const isNameOfOwn = (path: string): boolean => FOLDERS.test(path) || NAME.test(path);

const CONF = /^(?:(.*\/)?(etc\/csf\/)|(.*\/)?)csf\.conf$/s;
const FOLDER = /(^|\/)(etc\/csf|usr\/local\/csf(\/bin)?|var\/lib\/csf(\/zone)?)$/;

/** Where a server's files begin, by the path of its csf.conf: `root` is before `etc/csf/`; undefined where that folder was given alone. */
export interface Root {
  readonly root: string | undefined;
  readonly etc: string;
}

export function rootBy(path: string): Root | undefined {
  const found = CONF.exec(path);
  if (!found) return undefined;
  const [, before = '', etc, alone = ''] = found;
  return etc === undefined ? { root: undefined, etc: alone } : { root: before, etc: before + etc };
}

/** A path as the server has it: `/etc/csf/csf.allow`. Undefined for what isn't of that server. */
export function onServer({ root, etc }: Root, path: string): string | undefined {
  if (path.startsWith(etc)) return `/etc/csf/${path.slice(etc.length)}`;
  return root !== undefined && path.startsWith(root) ? `/${path.slice(root.length).replace(/^\//, '')}` : undefined;
}

const isRead = (path: string | undefined): boolean =>
  path !== undefined && (path.startsWith('/etc/csf/') ? ETC.test(path.slice('/etc/csf/'.length)) : ELSEWHERE.test(path.slice(1)));

/** The files of csf among those of a server. */
export const spread: Spread = {
  called: 'csf’s files',
  packedBy: 'ssh root@server "tar -chf - /etc/csf /var/lib/csf /usr/local/csf/bin /etc/resolv.conf" > server.tar',
  folders: ['etc/csf'],
  mayHold: (path) => FOLDER.test(path),
  among(entries) {
    const roots = entries.flatMap(({ path, isFile }) => (isFile ? (rootBy(path) ?? []) : []));
    const isOf = (path: string): boolean => roots.some((root) => isRead(onServer(root, path)));
    const read = entries.filter(({ path, isFile }) => (isFile ? isOf(path) : /(^|\/)etc\/csf(\/csf\.conf)?$/.test(path) || isOf(path)));
    return new Set(read.map(({ path }) => path));
  },
};
