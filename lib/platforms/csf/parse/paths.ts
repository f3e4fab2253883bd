import { Spread } from '../../../parse/foreign';
import { FileProgram, filesAmong } from '../../../parse/server-files';

/** Files of csf's own folder: those that it reads by name, and what others are called that its lists include. */
const ETC =
  /^(version\.txt|csf(pre|post)\.sh|[^/]+\.(conf|allow|deny|redirect|sips|blocklists|disable|error|list|ips)|[^/.]+)$/s;
const ELSEWHERE =
  /^(etc\/resolv\.conf|usr\/local\/csf\/bin\/csf(pre|post)\.sh|var\/lib\/csf\/(csf\.(tempban|tempallow|tempdyn|tempgdyn|gallow|gdeny|[46]\.saved|4\.ipsets|block\.\w+)|zone\/\w+\.zone6?))$/s;

const FOLDERS = /(^|\/)(etc\/csf|var\/lib\/csf(\/zone)?|usr\/local\/csf\/bin)\/[^/]+$/;
const NAMES =
  `conf allow deny redirect sips blocklists disable error ignore dirwatch dyndns cloudflare fignore logfiles logignore mignore
  pignore rblconf resellers rignore signore smtpauth suignore syslogs syslogusers uidignore`.split(/\s+/);
const NAME = new RegExp(`(^|/)csf(pre\\.sh|post\\.sh|\\.(${NAMES.join('|')}))$`);

/** Whether a file is csf's by its path: in one of its folders, or of a name that nothing else has. */
export const isNameOfOwn = (path: string): boolean => FOLDERS.test(path) || NAME.test(path);

const FOLDER = /(^|\/)(etc\/csf|usr\/local\/csf(\/bin)?|var\/lib\/csf(\/zone)?)$/;
const HOME = '/etc/csf/';

export const program: FileProgram = {
  configuration: /^(?:(.*\/)?(etc\/csf\/)|(.*\/)?)csf\.conf$/s,
  homeOf: () => HOME,
  isRead: (path) => (path.startsWith(HOME) ? ETC.test(path.slice(HOME.length)) : ELSEWHERE.test(path.slice(1))),
  instead: /(^|\/)etc\/csf(\/csf\.conf)?$/,
};

/** The files of csf among those of a server. */
export const spread: Spread = {
  called: 'csf’s files',
  packedBy: 'ssh root@server "tar -chf - /etc/csf /var/lib/csf /usr/local/csf/bin /etc/resolv.conf" > server.tar',
  folders: ['etc/csf'],
  mayHold: (path) => FOLDER.test(path),
  among: filesAmong(program),
};
