import { listed } from '../../reachability/listing';
import { EVERYTHING } from '../../reachability/words';
import { OTHERS } from '../facts/facts';
import { DeviceReport } from './report';
import { Told, WideOpen, interfaceWords, wordingOf } from './shown';

/** More interfaces are told together. */
const MOST = 16;

/** `told`: what comes to the device itself. Undefined where no interface is unlike the others in that way. */
export function wideOpen(told: Told | undefined, supposedOutside: readonly string[]): WideOpen | undefined {
  const outside = (told?.device.interfaces ?? []).filter(({ role }) => role === 'outside').map(({ name }) => name);
  if (!told || supposedOutside.length === 0 || outside.length < 2 || outside.length > MOST) return undefined;
  const wide = supposedOutside.filter((name) => letsInEverything(told, name));
  const others = outside.filter((name) => !wide.includes(name));
  if (wide.length === 0 || others.length === 0) return undefined;
  const called = (name: string): string => interfaceWords({ kind: 'interface', name }, told.device);
  const listing = (names: readonly string[]): string => names.map(called).join(names.length === 2 ? ' and ' : ', ');
  return {
    names: new Set(wide),
    words: `${listing(wide)}, if ${wide.length > 1 ? 'they lead' : 'it leads'} to the internet`,
    // Those that the rules don't name are others than these.
    others: others.every((name) => name === OTHERS) ? `any interface but ${listing(wide)}` : listing(others),
  };
}

function letsInEverything(told: Told, name: string): boolean {
  const views = told.exposure.views.filter(({ vantage }) => vantage.kind === 'interface' && vantage.name === name);
  return listed({ views }, wordingOf(told)).some(
    ({ verdict, from, service, becomes }) =>
      verdict === 'allowed' && from.startsWith('anywhere') && service === EVERYTHING && becomes === '',
  );
}

/** Without what comes by the interfaces that let in everything, or that alone. */
export const byOthers = <T extends Pick<Told, 'exposure'>>(told: T, { names }: WideOpen, isWide = false): T => ({
  ...told,
  exposure: {
    views: told.exposure.views.filter(
      ({ vantage }) => (vantage.kind === 'interface' && names.has(vantage.name)) === isWide,
    ),
  },
});

type Remarks = DeviceReport['remarks'];

/** What is worth a look by the other interfaces; of the rest, by which interface it is. */
export function remarksApart(all: Remarks, others: Remarks, { words }: WideOpen): Remarks {
  const isSaid = ({ code, what }: Remarks[number]): boolean =>
    others.some((one) => one.code === code && one.what === what);
  const more = all.filter((one) => !isSaid(one)).map((one) => ({ ...one, what: `${one.what} By ${words}.` }));
  return [
    ...more.filter(({ severity }) => severity === 'error'),
    ...others,
    ...more.filter(({ severity }) => severity !== 'error'),
  ];
}
