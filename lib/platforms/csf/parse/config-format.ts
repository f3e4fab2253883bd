// The config format of csf: how its files are printed and recognised, what a text can't state, and how it is parsed.

import { ConfigFormat } from '../../../parse/config-format';
import { describeUnreadFiles, createExternalRulesHint, describeLines } from '../../../parse/select-server-files';
import { createUnmanagedRules } from '../../../evaluator/evaluate-config';
import { loadConfiguration } from './configuration';
import { CsfFiles, HOOK_FOLDERS, STATE_FOLDER, beginsWithFile } from './csf-files';
import { fileLayout } from './csf-paths';
import { lowerSaved } from './parser';

const platformName = 'csf';
const limits = [
  'rules that others add to what csf loaded (lfd, Docker, fail2ban, an administrator), and tables of nft, are in none of its files: what runs decides (`iptables-save; ip6tables-save; ipset save`)',
  'csf does not start while firewalld runs, and then everything is open',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** `csf*`, not `csf.*`: it also matches csfpre.sh and csfpost.sh. */
const printCommand = 'tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf';

/** The format of unmanaged config. */
export const configFormat: ConfigFormat = {
  label: platformName,
  printCommand,
  externalRules: createExternalRulesHint(
    /^TCP6?_IN\s*=\s*"/m,
    'csf.conf',
    'csf.allow and csf.deny',
    '/etc/csf',
    fileLayout,
  ),
  limits,
  fileLayout,
  recognises: beginsWithFile,
  parsed: (text) => {
    const files = new CsfFiles(text);
    const { saved, stops, skipped, notes } = loadConfiguration(files, text);
    const lost = describeLines(skipped, ' It is as if it were not there');
    return {
      label: platformName,
      assumptions: [
        ...(stops.length > 0
          ? describeLines(stops, ' Everything is open')
          : [...describeLines(notes, ''), ...noteFirewalld(files), ...lost, ...listMissing(files)]),
        'it is read as csf 15.10 loads it at its start',
      ],
      ...createUnmanagedRules('csf', lowerSaved(saved), limits),
    };
  },
};

const FIREWALLD_PATH = /(^|\/)(etc|usr\/lib)\/firewalld\//;

/** Returns a note if files of firewalld are in the text, too. */
function noteFirewalld({ files: filesByPath, otherFiles }: CsfFiles): readonly string[] {
  const file = [...filesByPath].find(([path]) => FIREWALLD_PATH.test(path))?.[1];
  if (!file && !otherFiles.some((path) => FIREWALLD_PATH.test(path))) return [];
  const where = file ? `line ${file.line}: ` : '';
  return [
    `${where}firewalld’s files are in the text, too, and are not read: while firewalld runs, csf does not start, and everything is open`,
  ];
}

function listMissing(files: CsfFiles): readonly string[] {
  const foldersWithoutHook = HOOK_FOLDERS.filter(
    (folder) => !['csfpre.sh', 'csfpost.sh'].some((name) => files.files.has(`${folder}/${name}`)),
  );
  const notes = [
    files.hasFolder(STATE_FOLDER) ? '' : 'who is let in or kept out for a while is not in the text: /var/lib/csf',
    foldersWithoutHook.length === 0
      ? ''
      : `no csfpre.sh and no csfpost.sh of ${foldersWithoutHook.join(' and ')} is in the text: one could change any rule`,
    files.hasFolder('/etc/resolv.conf')
      ? ''
      : 'resolvers reach port 53, and from port 53 everything: which they are is not in the text',
  ];
  return [...notes.filter((note) => note !== ''), ...describeUnreadFiles(files.otherFiles)];
}
