import { Foreign } from '../../../reading/foreign';
import { mentioned } from '../../../reading/stages/mentions';
import { parseRuleset } from './parse';
import { recognises } from './recognise';
import { understand } from './understand';

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called: 'nftables',
  printedBy: 'nft list ruleset',
  limits: [
    'rules that nft does not show (iptables-legacy, eBPF, docker’s userland proxy) are not judged',
    'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
  ],
  recognises,
  mentions: (text) => mentioned(understand(parseRuleset(text))),
};
