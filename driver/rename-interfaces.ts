// Renames interfaces in a device's answers to the names that the intent has: a pfSense box has two names for each,
// `wan` and `igb0`.
import { Policy } from '../lib/policy/policy';
import { DeviceAnswers } from './doctor/device-look';
import { DeviceStatus } from './device-status';
import { LiveFacts } from './verification';

export const listInterfaceNames = ({ interfaces }: Policy): readonly string[] => interfaces.map(({ name }) => name);

const DEVICE_LINE = /^\d+: (\S+): <[^>]*> device (\S+)/gm;

/** Returns the new name of each interface whose device is one of these names. */
function mapDeviceNames({ links }: LiveFacts, names: readonly string[]): ReadonlyMap<string, string> {
  const keys = [...links.matchAll(DEVICE_LINE)].map(([, key, device]): [string, string] => [key!, device!]);
  return new Map(keys.filter(([key, device]) => key !== device && names.includes(device) && !names.includes(key)));
}

/**
 * Returns facts with the intent's names of the interfaces. A box of pfSense has two names for each, `wan` and `igb0`,
 * and reports both in its links. Everything else uses the first one.
 */
export function renameFacts(facts: LiveFacts, names: readonly string[]): LiveFacts {
  const newNames = mapDeviceNames(facts, names);
  if (newNames.size === 0) return facts;
  const renameFirstWords = (text: string): string =>
    text.replace(
      /^(\d+: )([^:\s]+)/gm,
      (_, lineStart: string, name: string) => lineStart + (newNames.get(name) ?? name),
    );
  return {
    ...facts,
    addresses: renameFirstWords(facts.addresses),
    links: renameFirstWords(facts.links),
    routes: renameInText(facts.routes, newNames),
  };
}

/** Returns all answers of a device with the intent's names of the interfaces. */
export function renameDeviceStatus(deviceStatus: DeviceStatus, names: readonly string[]): DeviceStatus {
  const newNames = mapDeviceNames(deviceStatus.facts, names);
  if (newNames.size === 0) return deviceStatus;
  return {
    ...deviceStatus,
    facts: renameFacts(deviceStatus.facts, names),
    ...(deviceStatus.proxies ? { proxies: deviceStatus.proxies.map((line) => renameInText(line, newNames)) } : {}),
  };
}

export function renameAnswers({ deviceStatus, lookAnswer }: DeviceAnswers, names: readonly string[]): DeviceAnswers {
  const newNames = mapDeviceNames(deviceStatus.facts, names);
  if (newNames.size === 0 || !lookAnswer)
    return { deviceStatus: renameDeviceStatus(deviceStatus, names), ...(lookAnswer ? { lookAnswer } : {}) };
  const settings = [...lookAnswer.settings].map(([name, value]): [string, string] => {
    const [setting, interfaceKey] = name.split(' ');
    return [`${setting} ${newNames.get(interfaceKey ?? '') ?? interfaceKey}`, value];
  });
  const { inside, through, back, neighbour } = lookAnswer;
  return {
    deviceStatus: renameDeviceStatus(deviceStatus, names),
    lookAnswer: {
      ...lookAnswer,
      settings: new Map(settings),
      inside: renameInText(inside, newNames),
      through: renameInText(through, newNames),
      back: renameInText(back, newNames),
      neighbour: neighbour.map((line) => renameInText(line, newNames)),
    },
  };
}

const renameInText = (text: string, newNames: ReadonlyMap<string, string>): string =>
  text.replace(
    /\b(dev|answers|silent) (\S+)/g,
    (_, word: string, name: string) => `${word} ${newNames.get(name) ?? name}`,
  );
