import { Live, OwnText } from '../../../reading/live';
import { live as rules } from '../../iptables/read/live';
import { EVERY_TABLE } from './reader';

const UNIT = (owner: string): string => `apf ca-${owner}`;

const unitOf = ({ text }: OwnText): string | undefined => {
  const owner = /^==> \/etc\/apf-firewall\/conf\.apf <==\n# cpanel-edge:([a-z0-9-]+)$/m.exec(text)?.[1];
  return owner === undefined ? undefined : UNIT(owner);
};

/**
 * What runs is one set of rules that APF makes of the owner's keys and lines and of whatever else its files have: no name tells which rule came
 * of which. None is called ours, and without APF there is nothing to compare with.
 */
export const live: Live = {
  places: rules.places,
  unitOf,
  isOf: (touched) => touched === EVERY_TABLE,
  apart: (text) => ({ whole: text, rest: text }),
  // A server has one owner: APF's keys can't be shared.
  asDelivered: (releases) => releases.map(({ text }) => text).join('\n'),
  decides: (line) => rules.decides(line) || / -j (RESET|PROHIBIT)$/.test(line),
  shown: (unit) => {
    const owner = /^apf ca-([a-z0-9-]+)$/.exec(unit ?? '')?.[1];
    const marks = `/cpanel-edge:${owner} begin/,/cpanel-edge:${owner} end/p`;
    return owner === undefined ? rules.shown(unit) : `sed -n '${marks}' /etc/apf-firewall/allow_hosts.rules`;
  },
};
