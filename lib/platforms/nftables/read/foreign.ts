import { Foreign } from '../../../reading/foreign';
import { rulesOf } from '../../../reading/stages/reading';
import { including } from './includes';
import { oneListing } from './listings';
import { parseRuleset } from './parse';
import { loweredFrom } from './reader';
import { recognises } from './recognise';
import { withoutElements } from './without-elements';

const called = 'nftables';
const limits = [
  'rules that nft does not show (iptables-legacy, eBPF, docker’s userland proxy) are not judged',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'nft list ruleset',
  reads: 'what `nft list ruleset` prints (whole, or one table), an nft script',
  unread: [
    { looks: /^\s*\{\s*"nftables"\s*:/m, called: 'nft -j (JSON)', instead: 'the same without -j: nft list ruleset.' },
    {
      looks: /^[\w-]+ \((default|active|default, active)\)\s*$/m,
      called: 'firewall-cmd --list-all',
      instead: 'as root: nft list ruleset.',
    },
  ],
  shell: { programs: 'nft', typed: /^(sudo\s+)?(\/usr)?\/?(sbin\/)?nft (-\S+ )*list / },
  whenEmpty:
    'on Linux nft list ruleset. Where it prints nothing, and iptables-legacy-save and ip6tables-legacy-save don’t either, nothing filters.',
  limits,
  recognises,
  including,
  parsed: (text) => {
    oneListing(text);
    const ruleset = parseRuleset(text);
    const without = withoutElements(ruleset);
    return {
      ...{ called, assumed: [], untold: without.untold },
      ...rulesOf('nftables', loweredFrom(ruleset), [...limits, ...without.limits]),
    };
  },
};
