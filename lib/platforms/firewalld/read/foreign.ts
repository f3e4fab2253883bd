import { Foreign } from '../../../reading/foreign';
import { SERVICE_OF_CPANEL } from '../../../reading/programs';
import { rulesOf } from '../../../reading/stages/reading';
import { filesOf, isHeader } from './files';
import { spread } from './paths';
import { lowered } from './reader';

const called = 'firewalld';
const limits = [
  'what is told to firewalld while it runs, and zones that NetworkManager gives to interfaces, are in no file: what runs decides (`nft list ruleset`)',
  'rules of other programs beside firewalld are not in its files',
  'sets are as the files have them: programs change them',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

const STOCK_SERVICE = /^\s*<service name="cpanel"\s*\/?>/;
/** Servers have a handful of their own. */
const MOST_NAMED = 12;

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'tail -v -n +1 /etc/firewalld/*.* /etc/firewalld/*/*.xml /usr/lib/firewalld/*/*.xml',
  unread: [
    {
      looks: /^\w[\w-]* \((active|default)(, \w+)?\)\n {2}target: /m,
      called: 'firewall-cmd --list-all',
      instead: 'what runs there: `nft list ruleset`.',
    },
  ],
  limits,
  spread,
  recognises: (text) => isHeader(/\S[^\n]*/.exec(text)?.[0].trimEnd() ?? ''),
  parsed: (text) => {
    const files = filesOf(text);
    const lines = text.split('\n');
    const own = [files.conf!, ...Object.values(files.in).flatMap((some) => [...some.values()])].filter(({ isStock }) => !isStock);
    const begins = own.sort((a, b) => a.line - b.line).map(({ path, line }) => `${path} begins with line ${line}`);
    return {
      called,
      assumed: [
        'nothing in it is of firewalld 2 or later: it is read as firewalld 1.3 loads it with nftables, at its start',
        `lines are counted through all files: ${begins.slice(0, MOST_NAMED).join(', ')}`,
      ],
      ...rulesOf('firewalld', lowered(files), limits),
      madeBy: (line) => (STOCK_SERVICE.test(lines[line - 1] ?? '') ? SERVICE_OF_CPANEL : undefined),
    };
  },
};
