import { Foreign } from '../../../reading/foreign';
import { rulesOf } from '../../../reading/stages/reading';
import { configurationOf } from './configuration';
import { Files, OWN_HOOKS, STATE, beginsWithFile, filesOf } from './files';
import { spread } from './paths';
import { lowered } from './reader';

const called = 'csf';
const limits = [
  'rules that others add to what csf loaded (lfd, Docker, fail2ban, an administrator), and tables of nft, are in none of its files: what runs decides (`iptables-save; ip6tables-save; ipset save`)',
  'csf does not start while firewalld runs, and then everything is open',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Nobody reads more of a report. */
const MOST_NAMED = 12;

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'tail -v -n +1 /etc/csf/csf.* /etc/csf/*.allow /etc/resolv.conf',
  reads: 'the files of csf as `tail -v -n +1 /etc/csf/csf.* /etc/csf/*.allow /etc/resolv.conf` prints them',
  limits,
  spread,
  recognises: beginsWithFile,
  parsed: (text) => {
    const files = filesOf(text);
    const { saved, stops, skipped, withoutIpv6, savedBefore } = configurationOf(files, text);
    const told = stops.map(({ line, what }) => `line ${line}: ${what} Everything is open`);
    const lost = skipped.map(({ line, what }) => `line ${line}: ${what} It is as if it were not there`);
    const kept =
      savedBefore === undefined
        ? []
        : [
            `line ${savedBefore}: the server was shut down, and starts with the rules that it had then, whatever csf.conf, csf.allow and csf.deny say now`,
          ];
    const ipv6 = withoutIpv6 === undefined ? [] : [`line ${withoutIpv6}: IPV6 is off, so csf keeps nothing out that comes by IPv6`];
    return {
      called,
      assumed: [
        ...told.slice(0, MOST_NAMED),
        ...(stops.length === 0 ? [...kept, ...ipv6, ...lost.slice(0, MOST_NAMED), ...notTold(files)] : []),
        'it is read as csf 15.10 loads it at its start',
        `lines are counted through all files: ${begins(files)}`,
      ],
      ...rulesOf('csf', lowered(saved), limits),
    };
  },
};

const begins = ({ all }: Files): string =>
  [...all]
    .slice(0, MOST_NAMED)
    .map(([path, { line }]) => `${path} begins with line ${line}`)
    .join(', ');

function notTold(files: Files): readonly string[] {
  const { others } = files;
  return [
    ...(files.isTold(STATE) ? [] : ['who is let in or kept out for a while is not in the text: /var/lib/csf']),
    ...(files.isTold(OWN_HOOKS) ? [] : ['no csfpre.sh and no csfpost.sh is in /usr/local/csf/bin, which is not in the text']),
    ...(files.isTold('/etc/resolv.conf')
      ? []
      : ['resolvers reach port 53, and from port 53 everything: which they are is not in the text']),
    ...(others.length === 0 ? [] : [`files of others are not read: ${others.slice(0, MOST_NAMED).join(', ')}`]),
  ];
}
