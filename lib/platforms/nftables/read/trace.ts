import { Device, Vantage } from '../../../net/device';
import { Packet } from '../../../net/packet';
import { Explanation } from '../../../reading/reader';
import { Understood } from './understood';

export function trace(_ruleset: Understood, _device: Device, _vantage: Vantage, packet: Packet): Explanation {
  return { verdict: 'unknown', lines: [], because: 'not traced', leaves: packet };
}
