// Collects what a ruleset tests of its device: interfaces, groups, destinations, translation targets. An exposure
// report assumes or asks for only these facts.

import { mergeRanges, Range } from '../net/range';
import { DeviceReferences } from '../parse/config-format';
import { PacketField } from './packet-fields';
import {
  listJumpTargets,
  RuleAction,
  LoweredChain,
  LoweredRuleset,
  TranslationTarget,
  FieldValue,
} from './ruleset-model';

/** Returns what the rules of a text ask of their device, by walking each chain once. */
export function collectReferences({ baseChains }: LoweredRuleset): DeviceReferences {
  const collector = new ReferenceCollector();
  const visited = new Set<LoweredChain>();
  for (const base of baseChains) {
    for (const device of base.devices) collector.interfaces.add(device);
    const isForwardHook = base.hook === 'forward' || base.hook === 'postrouting';
    const forwardedBefore = collector.needsForwarding;
    const pending = [base.chain];
    for (let chain = pending.pop(); chain; chain = pending.pop()) {
      if (isForwardHook && chain.rules.some(({ action }) => action !== undefined && !isContinuation(action)))
        collector.needsForwarding = true;
      if (visited.has(chain)) continue;
      visited.add(chain);
      for (const { conditions, action } of chain.rules) {
        for (const condition of conditions) {
          if (condition.is === 'member')
            for (const { values } of condition.members.tuples) collector.addComparison(condition.fields, values);
          else if (condition.is !== 'packets')
            for (const field of condition.is === 'fact' ? [condition.field] : condition.fields)
              collector.addField(field);
        }
        collector.addAction(action);
        pending.push(...listJumpTargets(action).filter((next) => !visited.has(next)));
      }
    }
    // The device's own packets, too, pass a chain for packets that leave.
    if (base.hook === 'postrouting' && base.type !== 'nat') collector.needsForwarding = forwardedBefore;
  }
  return collector.getReferences();
}

class ReferenceCollector {
  readonly interfaces = new Set<string>();
  private readonly destinations: Range[] = [];
  private readonly targets: Range[] = [];
  private hasRedirects = false;
  private testsSourceTypes = false;
  private testsReversePath = false;
  private testsArrivalInterface = false;
  needsForwarding = false;

  addComparison(fields: readonly PacketField[], values: readonly FieldValue[]): void {
    fields.forEach((field, i) => {
      const value = values[i];
      this.addField(field);
      if (namesInterface(field, value)) this.interfaces.add(value.isPrefix ? `${value.name}*` : value.name);
      if (field.looksAt.is === 'address' && field.looksAt.axis !== 'source' && value?.is === 'addresses')
        this.destinations.push(value.range);
    });
  }

  addField({ looksAt }: PacketField): void {
    if (looksAt.is === 'routed' && looksAt.axis === 'source') this.testsSourceTypes = true;
    if (looksAt.is === 'routed' && looksAt.axis === 'destination' && looksAt.isPerInterface)
      this.testsArrivalInterface = true;
    if (looksAt.is === 'returns') this.testsReversePath = true;
  }

  addAction(end: RuleAction | undefined): void {
    if (!end) return;
    if (end.is === 'choose') for (const { values } of end.choices) this.addComparison(end.fields, values);
    if (end.is === 'look up') {
      for (const { values, to } of end.entries) {
        this.addComparison(end.fields, values);
        this.addTranslation(end.kind, to);
      }
    }
    if (end.is === 'translate') this.addTranslation(end.kind, end.to);
    if (end.is === 'redirect') this.hasRedirects = true;
    if (end.is === 'masquerade') this.needsForwarding = true;
  }

  private addTranslation(kind: 'dnat' | 'snat', { addresses }: TranslationTarget): void {
    if (kind === 'dnat' && addresses) this.targets.push(addresses);
    // A packet that is translated to 127.0.0.0/8 stays on the device.
    if (addresses && addresses.first >> 24n !== 0x7fn) this.needsForwarding = true;
  }

  getReferences(): DeviceReferences {
    const { hasRedirects, testsSourceTypes, testsReversePath, testsArrivalInterface, needsForwarding } = this;
    const interfaces = [...this.interfaces].filter((name) => name !== 'lo').sort();
    return {
      interfaces,
      destinations: mergeRanges(this.destinations),
      targets: mergeRanges(this.targets),
      hasRedirects,
      testsSourceTypes,
      testsReversePath,
      testsArrivalInterface,
      needsForwarding,
    };
  }
}

/**
 * Returns whether the value names an interface. `fib saddr . iif oif "wan0"` asks for the interface that a packet came
 * by, as `iif "wan0"` does.
 */
const namesInterface = (
  { looksAt }: PacketField,
  value: FieldValue | undefined,
): value is Extract<FieldValue, { is: 'name' }> =>
  value?.is === 'name' &&
  (looksAt.is === 'interface' || (looksAt.is === 'returns' && value.name !== 'exists' && value.name !== 'missing'));

/** Returns whether an action goes to what follows on a change (see splitChains). */
const isContinuation = (end: RuleAction): boolean =>
  end.is === 'verdict' && end.verdict.is === 'goto' && end.verdict.chain.noReturn !== undefined;
