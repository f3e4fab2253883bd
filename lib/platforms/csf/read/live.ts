import { Live, OwnText } from '../../../reading/live';
import { live as rules } from '../../iptables/read/live';
import { EVERY_TABLE } from './reader';

const UNIT = (owner: string): string => `csf cc-${owner}`;

const unitOf = ({ text }: OwnText): string | undefined => {
  const owner = /^==> \/etc\/csf\/csf\.conf <==\n# cpanel-edge:([a-z0-9-]+)$/m.exec(text)?.[1];
  return owner === undefined ? undefined : UNIT(owner);
};

/**
 * What runs is one set of rules that csf makes of the owner's keys and lines and of whatever else its files have: no name tells which rule came
 * of which. None is called ours, and without csf there is nothing to compare with.
 */
export const live: Live = {
  places: rules.places,
  unitOf,
  isOf: (touched) => touched === EVERY_TABLE,
  apart: (text) => ({ whole: text, rest: text }),
  // A server has one owner: csf's keys can't be shared.
  asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
  decides: (line) => rules.decides(line) || / -j LOGDROP(IN|OUT)$/.test(line),
  shown: (unit) => {
    const owner = /^csf cc-([a-z0-9-]+)$/.exec(unit ?? '')?.[1];
    return owner === undefined ? rules.shown(unit) : `sed -n '/cpanel-edge:${owner} begin/,/cpanel-edge:${owner} end/p' /etc/csf/csf.allow`;
  },
};
