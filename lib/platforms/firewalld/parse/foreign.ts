import { shown } from '../../../problems/in-text';
import { Foreign } from '../../../parse/foreign';
import { SERVICE_OF_CPANEL } from '../../../parse/programs';
import { beginnings, firstPath } from '../../../parse/server-files';
import { rulesOf } from '../../../evaluator/reading';
import { Files, filesOf, isOwn } from './files/files';
import { keysIn } from './files/keys';
import { spread } from './files/paths';
import { PRINTED, PROGRAM } from './files/problems';
import { lowered } from './reader';
import { Told, atLeast, inWords } from './files/version';

const called = 'firewalld';
const limits = [
  'what is told to firewalld while it runs, and zones that NetworkManager gives to interfaces, are in no file: what runs decides (`nft list ruleset`)',
  'rules of other programs beside firewalld are not in its files',
  'sets are as the files have them: programs change them',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Whose behaviour, and what says so. */
const readAs = ({ versions, by }: Told): string => {
  const [one, ...more] = versions;
  const read = `it is read as firewalld ${inWords(versions)} ${more.length === 0 && by === 'the program' ? 'loads' : 'load'} it with nftables, at the start`;
  if (by === 'the program') return `${read}: its program is ${one.text}`;
  const how = by === undefined ? 'nothing says of which it is' : 'so the files of its package say';
  return `${read}: ${how}, and ${PROGRAM} beside them would say it`;
};

/** With an interface that isn't there nft refuses all of it. */
function speededUp({ conf, told }: Files): readonly string[] {
  const names = keysIn(conf!).get('NftablesFlowtable')?.value ?? 'off';
  return names === 'off' || !told.versions.some((one) => atLeast(one, '2.0'))
    ? []
    : [
        `all interfaces of NftablesFlowtable (${shown(names)}) are there: without one of them firewalld starts without any file of yours`,
      ];
}

const STOCK_SERVICE = /^\s*<service name="cpanel"\s*\/?>/;

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: PRINTED,
  unread: [
    {
      looks: /^\w[\w-]* \((active|default)(, \w+)?\)\n {2}target: /m,
      called: 'firewall-cmd --list-all',
      instead: 'what runs there: `nft list ruleset`.',
    },
  ],
  elsewhere: {
    looks: /^\s*(<\?xml[^>]*>\s*)?<(zone|policy)[\s/>]|(^|\n)DefaultZone=/,
    what: 'It is one file of firewalld: which zone an interface is in, and what services and zones of the package open, is in others.',
    instead: `the folder /etc/firewalld, whole, and beside it the files of its package: ${spread.packedBy}`,
  },
  limits,
  spread,
  recognises: (text) => isOwn(firstPath(text)),
  parsed: (text) => {
    const files = filesOf(text);
    const lines = text.split('\n');
    const own = [files.conf!, ...Object.values(files.in).flatMap((some) => [...some.values()])].filter(
      ({ isStock }) => !isStock,
    );
    const begins = own.sort((a, b) => a.line - b.line).map(({ path, line }) => [path, line] as const);
    return {
      called,
      assumed: [readAs(files.told), ...speededUp(files), beginnings(begins)],
      ...rulesOf('firewalld', lowered(files), limits),
      madeBy: (line) => (STOCK_SERVICE.test(lines[line - 1] ?? '') ? SERVICE_OF_CPANEL : undefined),
    };
  },
};
