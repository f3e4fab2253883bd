import { Policy } from '../../../policy/policy';
import { Refusal } from '../../../problems/problem';
import { refused } from '../../../generate/refuse';
import { Surroundings, Writer, Written } from '../../../generate/writer';
import { capabilities } from '../capabilities';
import { assumed } from './assumed';
import { boxOf } from './box';
import { Configuration, opened } from './configuration';
import { edited } from './edit';
import { lower } from './lower';
import { NOTHING_OF } from './model';
import * as problems from './problems';
import * as ofBox from './problems-box';
import { agrees, releaseOf } from './version';
import { addressLines } from './virtual-ips';

export const writer: Writer = {
  write(policy: Policy, captured?: string): Written {
    const found = refused(policy, capabilities);
    if (policy.kind !== 'gateway') throw new Refusal(found);
    const release = releaseOf(policy.version);
    if (!release) throw new Refusal([...found, problems.version(policy.device, policy.version)]);
    const before = captured === undefined ? undefined : capturedBefore(policy.device, captured);
    const around = before ?? opened(assumed(policy, release.writes), `device ${policy.device}`);
    const box = boxOf(around, policy.owner);
    if (before && !agrees(release, box.version))
      throw new Refusal([ofBox.otherVersion(`device ${policy.device}`, policy.version, box.version)]);
    const entries = lower(policy, box, before !== undefined, found);
    return {
      text: edited(around, entries),
      surroundings: { text: edited(around, NOTHING_OF(policy.owner)), captured: before !== undefined },
      addresses: policy.virtualIps.flatMap(addressLines),
    };
  },
  without(text: string, owner: string): Surroundings {
    const configuration = opened(text, `the text of ${owner}`);
    const kind = configuration.mark?.kind;
    if (kind !== 'captured' && kind !== 'assumed') throw new Refusal([ofBox.notCaptured(`the text of ${owner}`)]);
    return { text: edited(configuration, NOTHING_OF(owner)), captured: kind === 'captured' };
  },
};

function capturedBefore(device: string, text: string): Configuration {
  const where = `surroundings of ${device}`;
  const configuration = opened(text, where);
  if (configuration.mark?.kind !== 'captured') throw new Refusal([ofBox.notCaptured(where)]);
  return configuration;
}
