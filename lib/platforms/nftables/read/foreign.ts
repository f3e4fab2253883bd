import { Foreign } from '../../../reading/foreign';
import { rulesOf } from '../../../reading/stages/reading';
import { lowered } from './reader';
import { recognises } from './recognise';

const called = 'nftables';
const limits = [
  'rules that nft does not show (iptables-legacy, eBPF, docker’s userland proxy) are not judged',
  'routing by marks or sources (ip rule) is not asked: where a packet goes, the addresses and routes of the interfaces say',
];

/** Texts of devices that this package doesn't manage. */
export const foreign: Foreign = {
  called,
  printedBy: 'nft list ruleset',
  limits,
  recognises,
  parsed: (text) => ({ called, limits, assumed: [], ...rulesOf('nftables', lowered(text)) }),
};
