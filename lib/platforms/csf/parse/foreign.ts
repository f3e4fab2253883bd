import { Foreign } from '../../../parse/foreign';
import { beginnings, notRead, oneOfSeveral, toldOf } from '../../../parse/server-files';
import { rulesOf } from '../../../evaluator/reading';
import { configurationOf } from './configuration';
import { Files, HOOK_FOLDERS, STATE, beginsWithFile } from './files';
import { spread } from './paths';
import { lowered } from './reader';

const called = 'csf';
const limits = [
  'rules that others add to what csf loaded (lfd, Docker, fail2ban, an administrator), and tables of nft, are in none of its files: what runs decides (`iptables-save; ip6tables-save; ipset save`)',
  'csf does not start while firewalld runs, and then everything is open',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** `csf*`, and not `csf.*`: of csfpre.sh and csfpost.sh, too. */
const printedBy = 'tail -v -n +1 /etc/csf/csf* /etc/csf/*.allow /etc/resolv.conf';

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy,
  elsewhere: oneOfSeveral(/^TCP6?_IN\s*=\s*"/m, 'csf.conf', 'csf.allow and csf.deny', '/etc/csf', spread),
  limits,
  spread,
  recognises: beginsWithFile,
  parsed: (text) => {
    const files = new Files(text);
    const { saved, stops, skipped, notes } = configurationOf(files, text);
    const lost = toldOf(skipped, ' It is as if it were not there');
    return {
      called,
      assumed: [
        ...(stops.length > 0
          ? toldOf(stops, ' Everything is open')
          : [...toldOf(notes, ''), ...firewalld(files), ...lost, ...notTold(files)]),
        'it is read as csf 15.10 loads it at its start',
        beginnings([...files.all].map(([path, { line }]) => [path, line])),
      ],
      ...rulesOf('csf', lowered(saved), limits),
    };
  },
};

const OF_FIREWALLD = /(^|\/)(etc|usr\/lib)\/firewalld\//;

/** Both programs are on that server. */
function firewalld({ all, others }: Files): readonly string[] {
  const file = [...all].find(([path]) => OF_FIREWALLD.test(path))?.[1];
  if (!file && !others.some((path) => OF_FIREWALLD.test(path))) return [];
  const where = file ? `line ${file.line}: ` : '';
  return [
    `${where}firewalld’s files are in the text, too, and are not read: while firewalld runs, csf does not start, and everything is open`,
  ];
}

function notTold(files: Files): readonly string[] {
  const silent = HOOK_FOLDERS.filter(
    (folder) => !['csfpre.sh', 'csfpost.sh'].some((name) => files.all.has(`${folder}/${name}`)),
  );
  const said = [
    files.isTold(STATE) ? '' : 'who is let in or kept out for a while is not in the text: /var/lib/csf',
    silent.length === 0
      ? ''
      : `no csfpre.sh and no csfpost.sh of ${silent.join(' and ')} is in the text: one could change any rule`,
    files.isTold('/etc/resolv.conf')
      ? ''
      : 'resolvers reach port 53, and from port 53 everything: which they are is not in the text',
  ];
  return [...said.filter((one) => one !== ''), ...notRead(files.others)];
}
