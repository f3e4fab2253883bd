import { BehindGateway, composed } from '../../exposure/compose';
import { Exposure } from '../../exposure/exposure';
import { cutTo, entryOf } from '../../exposure/print';
import { Device, vantageKey } from '../../net/device';
import { Policy } from '../../policy/policy';
import { decodePolicy } from '../../proving/policy-codec';
import { deviceOf, expectationOf, platformOf, scopeOf, writtenAgain } from '../../proving/prove';
import { Reading } from '../../reading/reader';
import { Told } from './shown';

/** A release of this package, as a stack or a plan has it. */
export interface OwnRelease {
  readonly text: string;
  /** As the policy's codec writes it. */
  readonly policy: string;
}

interface Read {
  readonly policy: Policy;
  readonly device: Device;
  readonly reading: Reading;
  /** Cut to what its policy speaks of. */
  readonly exposure: Exposure;
  readonly scope: ReturnType<typeof scopeOf>;
}

/** What releases expose: each device alone, then each gateway with the servers behind it. Throws Refusal where one can't be read. */
export function toldOfReleases(releases: readonly OwnRelease[]): readonly Told[] {
  const all = releases.map(readRelease);
  const servers = all.filter(({ policy }) => policy.kind === 'server');
  const behind: readonly BehindGateway[] = servers.map(({ device, reading }) => ({ device, exposure: reading.exposure }));
  const alone = all.map(({ policy, device, exposure, reading }): Told => ({
    about: 'device',
    title: `${policy.kind} ${policy.device}, owner ${policy.owner}`,
    exposure,
    device,
    explain: (vantage, packet) => explainAnyWay(reading, vantage, packet),
  }));
  if (servers.length === 0) return alone;
  const together = all
    .filter(({ policy }) => policy.kind === 'gateway')
    .map(({ policy, device, reading, scope }): Told => ({
      about: 'end to end',
      title: `end to end through ${policy.device}`,
      exposure: { views: composed(reading.exposure, device, behind).map(({ view }) => cutTo(view, scope(view.vantage))) },
      device,
      explain: (vantage, packet) => explainAnyWay(reading, vantage, packet),
    }));
  return [...together, ...alone];
}

function readRelease({ text, policy: encoded }: OwnRelease): Read {
  const policy = decodePolicy(encoded);
  const { reader } = platformOf(policy);
  const written = writtenAgain(policy, text);
  const device = deviceOf(policy, written);
  const reading = reader.read(text, device);
  const scope = scopeOf(expectationOf(policy, written));
  return { policy, device, reading, scope, exposure: { views: reading.exposure.views.map((view) => cutTo(view, scope(view.vantage))) } };
}

/** A vantage that stands for every way out is explained by the first. */
const explainAnyWay = (reading: Reading, ...[vantage, packet]: Parameters<Reading['explain']>): ReturnType<Reading['explain']> => {
  const view = reading.exposure.views.find((one) => vantageKey(one.vantage) === vantageKey(vantage));
  const first = view ?? reading.exposure.views.find((one) => vantageKey(entryOf(one.vantage)) === vantageKey(vantage));
  return reading.explain(first?.vantage ?? vantage, packet);
};
