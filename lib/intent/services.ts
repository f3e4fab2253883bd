import { NumberRange } from '../net/device';
import { Problem } from '../problems/problem';
import { Opening } from '../policy/policy';
import { PRESETS } from './data/presets';
import { SERVICES, ServicePort } from './data/services';
import { edits } from '../problems/nearest';
import { Fields, Place, isToken, textOf } from './fields';
import { KEYS } from './keys';
import {
  PORT_PROTOCOLS,
  PROTOCOLS,
  haveProtocols,
  portsByProtocol,
  portsOf,
  printPorts,
  rangeOfText,
  refuseLocalPorts,
} from './ports';
import { joinedNumbers } from '../net/axes';
import * as say from './problems/openings';
import * as shape from './problems/shape';
import { protocolOpening } from './protocols';
import { For, Sets, SettledSources, sourcesOf } from './sources';

/** Who is meant where a service doesn't say it. `problem`: it was said, wrongly, and is reported already. */
export type Meant = SettledSources | 'unset' | 'problem';

interface Surroundings {
  readonly sets: Sets;
  readonly sources: Meant;
  /** Sources of the management; `unset` where there is none, as on a mapping. */
  readonly management: Meant;
}

const ASKED =
  'A service ("https"), a port ("8443/tcp"), or an object such as { ports: [8443], protocol: "tcp", from: "anywhere" }';

/** What one entry of `services`, `extra`, `open` or `answers` opens. Empty when something was wrong. */
function openingsOf(value: unknown, place: Place, around: Surroundings): readonly Opening[] {
  if (typeof value === 'string' || isToken(value)) {
    const text = textOf(value, place, ASKED);
    return text === undefined ? [] : named(text, place, around, undefined);
  }
  const fields = Fields.of(value, place, ASKED, KEYS.opening);
  if (!fields) return [];
  const own = fields.has('from')
    ? (sourcesOf(fields.raw('from'), fields.at('from'), around.sets, usersOf(fields.raw('service'))) ?? 'problem')
    : undefined;
  if (fields.has('service')) {
    for (const other of ['ports', 'protocol', 'types', 'because']) {
      if (fields.has(other)) place.add(shape.exactlyOne(place.where, 'service', other, true));
    }
    const name = fields.text('service', 'the name of a service');
    return name === undefined ? [] : named(name, place, around, own);
  }
  const because = fields.optionalText('because', 'a few words', 120);
  const sources = own ?? (around.sources === 'unset' ? unset(place, describe(fields), around) : around.sources);
  if (!fields.has('ports')) return protocolOpening(fields, place, sources, because);
  if (fields.has('types')) place.add(say.withoutEffect(place.where, 'types', 'an entry with ports'));
  return (writtenPorts(fields) ?? []).flatMap(([protocol, ports]): Opening[] => {
    if (refuseLocalPorts(ports, fields.at('ports')) || sources === 'problem') return [];
    const own = { protocol: PROTOCOLS[protocol], ports, sources: sources as SettledSources, management: false };
    return [{ ...own, because: because ?? `${printPorts(ports)}/${protocol}` }];
  });
}

/** Ports beside their `protocol`, or each with its own. */
function writtenPorts(fields: Fields): ReturnType<typeof portsByProtocol> {
  const [value, place] = [fields.raw('ports'), fields.at('ports')];
  if (!fields.has('protocol') && haveProtocols(value)) return portsByProtocol(value, place);
  const protocol = fields.choice('protocol', PORT_PROTOCOLS);
  const ports = portsOf(value, place);
  return protocol === undefined || ports === undefined ? undefined : [[protocol, ports]];
}

const usersOf = (name: unknown): For =>
  typeof name === 'string' &&
  (SERVICES.get(name)?.administrative || PRESETS.get(name)?.inbound.every(([, part]) => part.administrative))
    ? 'listed'
    : 'everybody';

const describe = (fields: Fields): string => {
  const ports = fields.raw('ports');
  return typeof ports === 'string' || typeof ports === 'number' ? `${ports}` : 'these ports';
};

const ADMINISTRATIVE = [...SERVICES.values()].flatMap(({ administrative, ports }) => (administrative ? ports : []));

/** `22/tcp`, `20-25`: a port that would be for administrators by its name. */
function isForOperators(service: string): boolean {
  const [, first, last = first] = /^(\d+)(?:-(\d+))?/.exec(service) ?? [];
  return first !== undefined && ADMINISTRATIVE.some((port) => Number(first) <= port.last && port.first <= Number(last));
}

function unset(place: Place, service: string, around: Surroundings): 'problem' {
  const whom = isForOperators(service) ? 'operators' : around.management !== 'unset' ? 'profile' : 'mapping';
  place.add(say.sourcesUnset(place.where, service, whom));
  return 'problem';
}

function named(
  name: string,
  place: Place,
  around: Surroundings,
  own: SettledSources | 'problem' | undefined,
): readonly Opening[] {
  const service = SERVICES.get(name);
  const preset = PRESETS.get(name);
  // Where a name is both, as dns and ftp are, both open the same.
  if (service) {
    const sources = own ?? (service.administrative ? administrators(place, name) : everybody(place, name, around));
    return sources === 'problem' ? [] : portOpenings(service.ports, sources, name);
  }
  if (!preset) return raw(name, place, around, own);
  const onlyAdministrative = preset.inbound.every(([, part]) => part.administrative);
  const forOthers = onlyAdministrative ? 'problem' : (own ?? everybody(place, name, around));
  const forAdministrators = !preset.inbound.some(([, part]) => part.administrative)
    ? 'problem'
    : onlyAdministrative && own
      ? own
      : preset.administrators === 'listed' || around.management === 'unset'
        ? administrators(place, name)
        : around.management;
  return preset.inbound.flatMap(([part, { ports, administrative }]) => {
    const sources = administrative ? forAdministrators : forOthers;
    return sources === 'problem' ? [] : portOpenings(ports, sources, `${name}: ${part}`);
  });
}

function administrators(place: Place, name: string): 'problem' {
  place.add(say.administratorsUnset(place.where, name));
  return 'problem';
}

const everybody = (place: Place, name: string, around: Surroundings): SettledSources | 'problem' =>
  around.sources === 'unset' ? unset(place, name, around) : around.sources;

function raw(
  text: string,
  place: Place,
  around: Surroundings,
  own: SettledSources | 'problem' | undefined,
): readonly Opening[] {
  const [ports = '', protocol, ...more] = text.split('/');
  if (/^\d+(-\d+)?$/.test(text))
    return place.add(say.protocolMissing(place.where, text, `"${text}/tcp" or "${text}/udp".`)) ?? [];
  if (protocol === undefined || more.length > 0 || !/^\d+(-\d+)?$/.test(ports)) {
    const meant = portWrittenOtherwise(text);
    if (meant !== undefined) return place.add(say.protocolMissing(place.where, text, `"${meant}".`)) ?? [];
    if (/^(ping|icmp|icmpv6|gre|esp|ah)$/i.test(text)) return place.add(say.withoutPorts(place.where, text)) ?? [];
    return place.add(meantOtherwise(text, place) ?? say.unknownService(place.where, text, near(text))) ?? [];
  }
  const known = PORT_PROTOCOLS.find((one) => one === protocol);
  if (!known) {
    const lower = PORT_PROTOCOLS.find((one) => one === protocol.toLowerCase());
    return (
      place.add(
        say.protocolMissing(place.where, text, lower ? `"${ports}/${lower}".` : `"${ports}/tcp" or "${ports}/udp".`),
      ) ?? []
    );
  }
  const range = rangeOfText(ports, place);
  if (!range || refuseLocalPorts([range], place, `/${known}`)) return [];
  const sources = own ?? everybody(place, text, around);
  return sources === 'problem'
    ? []
    : [{ protocol: PROTOCOLS[known], ports: [range], sources, management: false, because: text }];
}

/** `tcp/443`, `tcp 443` as a review prints it, `443 /tcp`, `443tcp`. */
function portWrittenOtherwise(text: string): string | undefined {
  const [, first, second] = /^(tcp|udp|[\d-]+)\s*\/?\s*(tcp|udp|[\d-]+)$/.exec(text.trim().toLowerCase()) ?? [];
  const found = [`${first}/${second}`, `${second}/${first}`];
  return found.find((one) => /^\d+(-\d+)?\/(tcp|udp)$/.test(one));
}

/** Several in one text, and ranges as iptables and csf write them. */
function meantOtherwise(text: string, place: Place): Problem | undefined {
  if (text.includes(',')) return say.severalServices(place.where, text);
  const [, first, last, behind] = /^(\d+):(\d+)(\/[a-z]+)?$/.exec(text) ?? [];
  return first === undefined
    ? undefined
    : say.unknownService(place.where, text, [`${first}-${last}${behind ?? '/tcp'}`]);
}

/** Names of protocols and programs that run by a service of another name. */
const RUNS_BY: Readonly<Record<string, string>> = {
  sftp: 'ssh',
  scp: 'ssh',
  rsync: 'ssh',
  mariadb: 'mysql',
  ftps: 'ftp',
  ssl: 'https',
  tls: 'https',
};

function portOpenings(ports: readonly ServicePort[], sources: SettledSources, because: string): readonly Opening[] {
  return (['tcp', 'udp'] as const).flatMap((protocol): Opening[] => {
    const ranges: readonly NumberRange[] = joinedNumbers(ports.filter((port) => port.protocol === protocol));
    return ranges.length === 0
      ? []
      : [{ protocol: PROTOCOLS[protocol], ports: ranges, sources, management: false, because }];
  });
}

/** Names that begin alike, and those of few mistakes: `imap` means imaps or imap-plain, and only the person knows which. The nearest first. */
export function near(
  text: string,
  names: Iterable<string> = [...SERVICES.keys(), ...PRESETS.keys()],
): readonly string[] {
  const wanted = text.toLowerCase().replace(/[^a-z0-9]/g, '');
  if (wanted.length < 3) return [];
  const by = Object.hasOwn(RUNS_BY, wanted) ? RUNS_BY[wanted]! : undefined;
  if (by !== undefined && [...names].includes(by)) return [by];
  const same = [...new Set(names)].filter((name) => name.toLowerCase() === text.trim().toLowerCase());
  if (same.length > 0) return same;
  const most = wanted.length < 6 ? 1 : 2;
  return [...new Set(names)]
    .map((name) => {
      const bare = name.replace(/[^a-z0-9]/g, '');
      const away = edits(bare, wanted);
      return { name, away, isNear: bare.startsWith(wanted) || wanted.startsWith(bare) || away <= most };
    })
    .filter(({ isNear }) => isNear)
    .sort((a, b) => a.away - b.away)
    .map(({ name }) => name);
}

/** Several entries; the same text twice is a mistake. */
export function openingListOf(entries: readonly unknown[], place: Place, around: Surroundings): readonly Opening[] {
  const seen = new Set<string>();
  return entries
    .map((entry, index) => {
      if (typeof entry === 'string') {
        if (seen.has(entry)) return place.add(say.twice(place.at(index).where, entry)) ?? [];
        seen.add(entry);
      }
      return openingsOf(entry, place.at(index), around);
    })
    .flat();
}
