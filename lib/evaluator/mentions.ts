import { joined, Range } from '../net/range';
import { Mentions } from '../parse/foreign';
import { Field } from './fields';
import { chainsOf, End, LoweredChain, LoweredRuleset, Target, Value } from './model';

/** What the rules of a text ask of their device, by walking each chain once. */
export function mentioned({ bases }: LoweredRuleset): Mentions {
  const found = new Found();
  const seen = new Set<LoweredChain>();
  for (const base of bases) {
    for (const device of base.devices) found.interfaces.add(device);
    const through = base.hook === 'forward' || base.hook === 'postrouting';
    const before = found.forwards;
    const waiting = [base.chain];
    for (let chain = waiting.pop(); chain; chain = waiting.pop()) {
      if (through && chain.rules.some(({ end }) => end !== undefined && !goesOn(end))) found.forwards = true;
      if (seen.has(chain)) continue;
      seen.add(chain);
      for (const { conditions, end } of chain.rules) {
        for (const one of conditions) {
          if (one.is === 'member') for (const { values } of one.members.tuples) found.compared(one.fields, values);
          else if (one.is !== 'packets')
            for (const field of one.is === 'fact' ? [one.field] : one.fields) found.asked(field);
        }
        found.ending(end);
        waiting.push(...chainsOf(end).filter((next) => !seen.has(next)));
      }
    }
    // A chain for what leaves is passed by the device's own packets, too.
    if (base.hook === 'postrouting' && base.type !== 'nat') found.forwards = before;
  }
  return found.all();
}

class Found {
  readonly interfaces = new Set<string>();
  private readonly destinations: Range[] = [];
  private readonly targets: Range[] = [];
  private redirects = false;
  private sourceTypes = false;
  private returns = false;
  private here = false;
  forwards = false;

  compared(fields: readonly Field[], values: readonly Value[]): void {
    fields.forEach((field, i) => {
      const value = values[i];
      this.asked(field);
      if (namesInterface(field, value)) this.interfaces.add(value.wild ? `${value.name}*` : value.name);
      if (field.looksAt.is === 'address' && field.looksAt.axis !== 'source' && value?.is === 'addresses')
        this.destinations.push(value.range);
    });
  }

  asked({ looksAt }: Field): void {
    if (looksAt.is === 'routed' && looksAt.axis === 'source') this.sourceTypes = true;
    if (looksAt.is === 'routed' && looksAt.axis === 'destination' && looksAt.here) this.here = true;
    if (looksAt.is === 'returns') this.returns = true;
  }

  ending(end: End | undefined): void {
    if (!end) return;
    if (end.is === 'choose') for (const { values } of end.choices) this.compared(end.fields, values);
    if (end.is === 'look up') {
      for (const { values, to } of end.entries) {
        this.compared(end.fields, values);
        this.translated(end.kind, to);
      }
    }
    if (end.is === 'translate') this.translated(end.kind, end.to);
    if (end.is === 'redirect') this.redirects = true;
    if (end.is === 'masquerade') this.forwards = true;
  }

  private translated(kind: 'dnat' | 'snat', { addresses }: Target): void {
    if (kind === 'dnat' && addresses) this.targets.push(addresses);
    // What is led to 127.0.0.0/8 stays on the device.
    if (addresses && addresses.first >> 24n !== 0x7fn) this.forwards = true;
  }

  all(): Mentions {
    const { redirects, sourceTypes, returns, here, forwards } = this;
    const interfaces = [...this.interfaces].filter((name) => name !== 'lo').sort();
    return {
      interfaces,
      destinations: joined(this.destinations),
      targets: joined(this.targets),
      redirects,
      sourceTypes,
      returns,
      here,
      forwards,
    };
  }
}

/** `fib saddr . iif oif "wan0"` asks for the interface that a packet came by, as `iif "wan0"` does. */
const namesInterface = ({ looksAt }: Field, value: Value | undefined): value is Extract<Value, { is: 'name' }> =>
  value?.is === 'name' &&
  (looksAt.is === 'interface' || (looksAt.is === 'returns' && value.name !== 'exists' && value.name !== 'missing'));

/** To what follows on a setting. */
const goesOn = (end: End): boolean =>
  end.is === 'verdict' && end.verdict.is === 'goto' && end.verdict.chain.leads !== undefined;
