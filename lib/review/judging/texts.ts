import { Device } from '../../net/device';
import { keyText } from '../../net/interned';
import { Policy } from '../../policy/policy';
import { Meant, meantBy, platformOf } from '../../verifier/prove';
import { Reader, Reading } from '../../parse/reader';
import { RecordedRelease } from '../plan';
import { Outcome, Policies, once, outcome } from '../policies';
import { OwnText, Shapes, textOn } from '../../verifier/shapes';

/** Everything that was read for owners that are judged together: equal texts are read once, and parsed once for all devices. */
export class Texts {
  private readonly meant = new Map<Meant['written'], Outcome<Meant>>();
  private readonly read = new Map<string, Map<string, Outcome<Reading>>>();
  private readonly readers = new Map<Reader, Reader>();

  constructor(
    private readonly policies = new Policies(),
    readonly shapes = new Shapes(),
  ) {}

  meaning(release: Pick<RecordedRelease, 'policy' | 'text'>): Outcome<Meant> {
    const [policy, written] = [this.policies.of(release.policy), this.policies.written(release)];
    if (!('value' in policy)) return policy;
    if (!('value' in written)) return written;
    return once(this.meant, written.value, () => outcome(() => meantBy(policy.value, written.value)));
  }

  /** What a text says on a device, by the reader of a policy's platform. */
  reading(text: string, device: Device, policy: Policy): Outcome<Reading> {
    return this.readOnce(text, device, policy, ({ read }) => read());
  }

  /** The same of what this version writes for a policy, or of the device without it. */
  written(meant: Meant, of: 'release' | 'rest'): Outcome<Reading> {
    const { device, policy, written } = meant;
    const { text } = of === 'release' ? written : written.surroundings;
    return this.readOnce(text, device, policy, (own) => this.shapes.reading(meant, of, own));
  }

  private readOnce(text: string, device: Device, policy: Policy, how: (own: OwnText) => Reading): Outcome<Reading> {
    const its = platformOf(policy).reader;
    const reader = once(this.readers, its, () => its.keeping?.() ?? its);
    const onDevices = once(this.read, text, () => new Map<string, Outcome<Reading>>());
    return once(onDevices, `${policy.platform}\n${keyText(device)}`, () =>
      outcome(() => how(textOn(reader, text, device))),
    );
  }
}
