import { Printer, Scope, printExposure } from '../reachability/print';
import { meaningOf } from '../spec/meaning';
import { parseInterfaceAddress } from '../net/address';
import { Device, vantageKey } from '../net/device';
import { PacketMap } from '../net/packet-map';
import { OWN_WORK, withinWork } from '../net/work';
import { Policy } from '../policy/policy';
import { comparedVersions } from '../policy/versions';
import { tooMuchToCompare } from '../problems/more-work';
import { Problem, Refusal } from '../problems/problem';
import { Reading } from '../parse/reader';
import { Written } from '../generate/writer';
import { platforms } from '../registry';
import { Difference, differences } from './compare';
import { Fault, announcementFaults, formFaults } from './form';
import { letInFaults } from './let-in';
import { narrowedApart } from './narrowing';
import { decodePolicy } from './policy-codec';
import { Shapes, textOn } from './shapes';
import { Expectation } from '../spec/bounds';

/** A policy, and what was written for it. */
export interface Meant {
  readonly policy: Policy;
  readonly written: Written;
  /** The device as synthesis knows it: the facts of the intent, and the addresses that the release adds. */
  readonly device: Device;
  /** Of a device without others' rules it is made for those who ask. */
  readonly expected: Expectation;
}

/** What an independent reader found in what was written. */
export interface Proof extends Meant {
  readonly reading: Reading;
  readonly differences: readonly Difference[];
  /** What no packet shows: what it does to what a device holds, and what it announces. */
  readonly faults: readonly Fault[];
  /** What was captured narrows, and that is its owner's to decide: said, and not refused. Management is none of these. */
  readonly narrowed: readonly Difference[];
}

/**
 * Compiles, writes, reads back and compares. `captured`: what the device holds besides, where the platform's writer edits that. `shapes`: what was
 * proven before; a device that differs from one of those in nothing but its addresses, which lie alike in policy and text, isn't compared again.
 * Throws Refusal where the platform can't meet a wish.
 */
export const prove = (policy: Policy, captured?: string, shapes?: Shapes): Proof =>
  withinWork(
    OWN_WORK,
    () => proven(policy, platformOf(policy).writer.write(policy, captured), shapes),
    () => tooMuchToCompare('proving/too-much-to-prove', `${policy.device}/${policy.owner}`),
  );

/** The same for what was written, whoever wrote it: reads it back and compares. */
export function proven(policy: Policy, written: Written, shapes?: Shapes): Proof {
  const { reader } = platformOf(policy);
  const meant = meantBy(policy, written);
  const [{ text, surroundings }, on] = [written, wholly(meant.device)];
  const own = textOn(reader, text, on);
  const reading = shapes?.reading(meant, 'release', own) ?? own.read();
  const found = shapes?.isProven([meant])
    ? NOTHING_FOUND
    : compared(meant, text, reading, reader.read(surroundings.text, on));
  if (found.differences.length + found.faults.length === 0) shapes?.addProven([meant]);
  return {
    policy,
    written,
    device: meant.device,
    reading,
    ...found,
    get expected(): Expectation {
      return meant.expected;
    },
  };
}

type Found = Pick<Proof, 'differences' | 'faults' | 'narrowed'>;
const NOTHING_FOUND: Found = { differences: [], faults: [], narrowed: [] };

/** What a text for a policy does that it shouldn't, whoever wrote it. `reading`: of the text, `rest`: of what it was written around. */
export function compared(
  { policy, written, device, expected }: Meant,
  text: string,
  reading: Reading,
  rest: Reading,
): Found {
  const { reader, live } = platformOf(policy);
  const found = differences({ expected, reading, besides: { whole: reading, rest }, device });
  const { narrowed, outside } = written.surroundings.captured
    ? narrowedApart(found, { expected, policy, reading, device, places: live.places(text) })
    : { narrowed: [], outside: found };
  const isOwn = (touched: string): boolean => live.isOf(touched, policy.owner);
  const keptOut = written.surroundings.captured ? live.keptOut?.(text, policy.owner) : undefined;
  const faults = [
    ...formFaults(isOwn, reading, rest),
    ...announcementFaults(policy, written.addresses, reading, rest),
    ...(keptOut === undefined ? [] : letInFaults(reading, reader.read(keptOut, wholly(device)), device)),
  ];
  return { differences: outside, faults, narrowed };
}

/** What a policy means, by what was written for it. Throws Refusal. */
export function meantBy(policy: Policy, written: Written): Meant {
  let expected: Expectation | undefined;
  const meant: Meant = {
    policy,
    written,
    device: deviceOf(policy, written),
    get expected(): Expectation {
      return (expected ??= expectationOf(policy, written));
    },
  };
  // What can't be read of others' rules is refused here, not by whoever asks for it first.
  return written.surroundings.captured ? { ...meant } : meant;
}

/** What a release was to do, by what this version writes for its policy around what its text was written around. Throws Refusal. */
export const meantByRelease = (release: { readonly text: string; readonly policy: string }): Meant =>
  meantByText(decodePolicy(release.policy), release.text);

/** The same of a policy that was decoded. Throws Refusal. */
export const meantByText = (policy: Policy, text: string): Meant => meantBy(policy, writtenAgain(policy, text));

/** What is asked for of the device that a release is written for: the addresses that others have there don't leave it. */
function expectationOf(policy: Policy, { surroundings }: Written): Expectation {
  const { foreign, capabilities } = platformOf(policy);
  const around = surroundings.captured ? foreign.parsed(surroundings.text) : undefined;
  return meaningOf(policy, capabilities.excess, around?.is === 'configuration' ? around.device().localAddresses : []);
}

/** What this version writes for a policy around what an earlier text of it was written around. Throws Refusal. */
export function writtenAgain(policy: Policy, text: string): Written {
  const { writer } = platformOf(policy);
  const around = writer.without(text, policy.owner);
  return around.captured ? writer.write(policy, around.text) : writer.write(policy);
}

/** What its exposures rest on. */
export const evidenceOf = ({ written }: Pick<Proof, 'written'>): 'own text' | 'own text + captured surroundings' =>
  written.surroundings.captured ? 'own text + captured surroundings' : 'own text';

/** What a proof found as problems: synthesis fails with them. */
export const proofProblems = ({ policy, differences: found, faults, written }: Proof): readonly Problem[] =>
  [...found, ...faults].map(({ kind, text }) => ({
    code: `proving/${kind}`,
    where: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    ...(written.surroundings.captured
      ? {
          what: `with what was captured of the device, it would do something else than the policy asks for: ${text}.`,
          instead:
            'take away on the device what stands against it, then capture it again; where the lines named are ours, it is a mistake of this package: please report it.',
        }
      : {
          what: `the text that was written says something else than the policy: ${text}.`,
          instead:
            'nothing in the intent: this is a mistake in the writer or in the reader; please report it with this text.',
        }),
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
  const found = Object.hasOwn(platforms, policy.platform)
    ? platforms[policy.platform as keyof typeof platforms]
    : undefined;
  if (found?.capabilities[policy.kind]) {
    const own = found.versions?.find(({ version }) => comparedVersions(policy.version, version) === 0);
    return own ? { ...found, ...own } : found;
  }
  throw new Refusal([
    {
      code: 'proving/unknown-platform',
      where: `${policy.kind} ${policy.device}`,
      what: `no platform "${policy.platform}" serves as ${policy.kind}.`,
      instead: Object.keys(platforms).join(', '),
    },
  ]);
}

/**
 * What a proof looks at besides: what passes through a server (containers, a VPN), which isn't ours to touch, and the addresses that each
 * device with IPv6 gives itself.
 */
export const wholly = (device: Device): Device => ({ ...device, forwarding: true, linkLocal: true });

/** What the release puts on the device besides rules is part of the device that the rules are read for. */
export function deviceOf(policy: Policy, written: Written): Device {
  const added = written.addresses
    .filter(({ kind }) => kind === 'alias')
    .map(({ address }) => parseInterfaceAddress(address)!.address);
  if (policy.kind === 'gateway') return { interfaces: policy.interfaces, localAddresses: added, forwarding: true };
  return { interfaces: policy.interfaces, localAddresses: policy.localAddresses, forwarding: false };
}
