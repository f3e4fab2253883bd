import { Printer, Scope, printExposure } from '../exposure/print';
import { meaningOf } from '../meaning/meaning';
import { parseInterfaceAddress } from '../net/address';
import { Device, vantageKey } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { Policy } from '../policy/policy';
import { Problem, Refusal } from '../problems/problem';
import { Reading } from '../reading/reader';
import { Written } from '../writing/writer';
import { platforms } from '../registry';
import { closings } from './closings';
import { Difference, differences } from './compare';
import { Expectation } from '../meaning/bounds';

/** A policy, what was written for it, and what an independent reader found in that. */
export interface Proof {
  readonly policy: Policy;
  readonly written: Written;
  /** The device as synthesis knows it: the facts of the intent, and the addresses that the release adds. */
  readonly device: Device;
  readonly expected: Expectation;
  readonly reading: Reading;
  readonly differences: readonly Difference[];
}

/** Compiles, writes, reads back and compares. Throws Refusal where the platform can't meet a wish. */
export function prove(policy: Policy): Proof {
  const { writer, reader } = platformOf(policy);
  const written = writer.write(policy);
  const device = deviceOf(policy, written);
  const reading = reader.read(written.text, device);
  const expected = meaningOf(policy);
  const found = [...differences(expected, reading, device), ...closings(policy, expected, reading, reader.read('', device), device)];
  return { policy, written, device, expected, reading, differences: found };
}

/** The differences of a proof as problems: synthesis fails with them. */
export const proofProblems = ({ policy, differences: found }: Proof): readonly Problem[] =>
  found.map(({ kind, text }) => ({
    code: `proving/${kind}`,
    where: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    what: `the text that was written says something else than the policy: ${text}.`,
    instead: 'nothing in the intent: this is a mistake in the writer or in the reader; please report it with this text.',
  }));

/** The exposure of what was written, cut to what the policy speaks of: the table that a reviewer reads. */
export const exposureTable = (
  { reading, device, expected }: Pick<Proof, 'reading' | 'device' | 'expected'>,
  print: Printer = printExposure,
): string => print(reading.exposure, device, scopeOf(expected));

/** The packets that a policy speaks of. */
export function scopeOf({ views }: Expectation): Scope {
  const scopes = new Map(views.map(({ vantage, scope }) => [vantageKey(vantage), scope]));
  return (vantage) => scopes.get(vantageKey(vantage)) ?? PacketMap.NONE;
}

export function platformOf(policy: Policy): (typeof platforms)[keyof typeof platforms] {
  const found = Object.hasOwn(platforms, policy.platform) ? platforms[policy.platform as keyof typeof platforms] : undefined;
  if (found?.capabilities.roles.includes(policy.kind)) return found;
  throw new Refusal([
    {
      code: 'proving/unknown-platform',
      where: `${policy.kind} ${policy.device}`,
      what: `no platform "${policy.platform}" serves as ${policy.kind}.`,
      instead: Object.keys(platforms).join(', '),
    },
  ]);
}

/** What the release puts on the device besides rules is part of the device that the rules are read for. */
export function deviceOf(policy: Policy, written: Written): Device {
  const added = written.addresses.filter(({ kind }) => kind === 'alias').map(({ address }) => parseInterfaceAddress(address)!.address);
  if (policy.kind === 'gateway') return { interfaces: policy.interfaces, localAddresses: added, forwarding: true };
  return { interfaces: policy.interfaces, localAddresses: policy.localAddresses, forwarding: false };
}
