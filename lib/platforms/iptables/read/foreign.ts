import { Foreign } from '../../../reading/foreign';
import { mentioned } from '../../../reading/stages/mentions';
import { lower, untold } from './lower';
import { parseSaved } from './parse';
import { recognises } from './recognise';
import { CALLED } from './saved';

const called = 'iptables';
const limits = [
  'rules that iptables-save does not show (tables that nft made, the other back end, eBPF, docker’s userland proxy) are not judged',
  'sets of ipset are judged as they were when they were printed: programs change them',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'iptables-save; ip6tables-save; ipset save',
  limits,
  recognises,
  mentions: (text) => mentioned(lower(parseSaved(text))),
  holds: (text) => {
    const { tables, sets } = parseSaved(text);
    return [...tables.map(({ family, name }) => `${family} ${name}`), ...(sets.size > 0 ? ['sets'] : [])];
  },
  kindOf: (text) => {
    const { tables, hidden } = parseSaved(text);
    const missing = untold(tables).map((family) => `the rules of ${CALLED[family]} are not in the text: ${family}tables-save prints them`);
    return { called, limits, assumed: [...missing, ...hidden.map(({ line, what }) => `line ${line}: ${what}`)] };
  },
};
