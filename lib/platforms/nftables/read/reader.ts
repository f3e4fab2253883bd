import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { Explanation, Reader, Reading } from '../../../reading/reader';
import { evaluate } from './evaluate';
import { parseRuleset } from './parse';
import { trace } from './trace';
import { understand } from './understand';

/** Reads whole rulesets: what `nft list ruleset` prints, and files that define everything they use. */
export const reader: Reader = {
  read(text: string, device: Device): Reading {
    const ruleset = understand(parseRuleset(text));
    return {
      exposure: evaluate(ruleset, device),
      explain: (vantage: Vantage, packet: Packet): Explanation => trace(ruleset, device, vantage, packet),
    };
  },
};
