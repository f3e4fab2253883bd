// Says which of a server's files are csf's, by path (/etc/csf, /var/lib/csf, /usr/local/csf/bin), and how they are
// selected from a folder or an archive for the exposure report.

import { FileLayout } from '../../../parse/config-format';
import { ProgramFileLayout, createFileSelector } from '../../../parse/select-server-files';

/** Files of csf's own folder: those that it reads by name, and the forms of names that its lists include. */
const ETC_FILE =
  /^(version\.txt|csf(pre|post)\.sh|[^/]+\.(conf|allow|deny|redirect|sips|blocklists|disable|error|list|ips)|[^/.]+)$/s;
const OTHER_FILE =
  /^(etc\/resolv\.conf|usr\/local\/csf\/bin\/csf(pre|post)\.sh|var\/lib\/csf\/(csf\.(tempban|tempallow|tempdyn|tempgdyn|gallow|gdeny|[46]\.saved|4\.ipsets|block\.\w+)|zone\/\w+\.zone6?))$/s;

const CSF_FOLDER_FILE = /(^|\/)(etc\/csf|var\/lib\/csf(\/zone)?|usr\/local\/csf\/bin)\/[^/]+$/;
const CSF_SUFFIXES =
  `conf allow deny redirect sips blocklists disable error ignore dirwatch dyndns cloudflare fignore logfiles logignore mignore
  pignore rblconf resellers rignore signore smtpauth suignore syslogs syslogusers uidignore`.split(/\s+/);
const CSF_FILE_NAME = new RegExp(`(^|/)csf(pre\\.sh|post\\.sh|\\.(${CSF_SUFFIXES.join('|')}))$`);

/** Returns whether a file is csf's by its path: in one of its folders, or with a name that only csf uses. */
export const isCsfPath = (path: string): boolean => CSF_FOLDER_FILE.test(path) || CSF_FILE_NAME.test(path);

const CSF_FOLDER = /(^|\/)(etc\/csf|usr\/local\/csf(\/bin)?|var\/lib\/csf(\/zone)?)$/;
const HOME_FOLDER = '/etc/csf/';

export const program: ProgramFileLayout = {
  configuration: /^(?:(.*\/)?(etc\/csf\/)|(.*\/)?)csf\.conf$/s,
  getHomeFolder: () => HOME_FOLDER,
  isRead: (path) =>
    path.startsWith(HOME_FOLDER) ? ETC_FILE.test(path.slice(HOME_FOLDER.length)) : OTHER_FILE.test(path.slice(1)),
  instead: /(^|\/)etc\/csf(\/csf\.conf)?$/,
};

/** The files of csf among those of a server. */
export const fileLayout: FileLayout = {
  label: 'csf’s files',
  packCommand: 'ssh root@server "tar -chf - /etc/csf /var/lib/csf /usr/local/csf/bin /etc/resolv.conf" > server.tar',
  folders: ['etc/csf'],
  mayHold: (path) => CSF_FOLDER.test(path),
  among: createFileSelector(program),
};
