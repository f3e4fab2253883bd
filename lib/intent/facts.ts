import { NumberRange } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { Listening, ServerFacts } from '../policy/policy';
import { Fields, Place, listOf, recordOf, textOf } from './fields';
import { rangeOfText } from './ports';
import * as say from './problems/server';
import * as shape from './problems/shape';

const FLAGS = ['hasAccounts', 'serviceSubdomains', 'redirectsToTls', 'eximOldTls'] as const;
const WORDS = ['system', 'cpanel', 'autossl', 'myip'] as const;
const LISTS = ['rolesOff', 'firewalls', 'plans'] as const;
const MOST_LISTENING = 5000;

/** Facts of a server as they were captured, or as a person knows them. */
export function factsOf(value: unknown, place: Place): ServerFacts | undefined {
  const known = [...FLAGS, ...WORDS, ...LISTS, 'listens', 'passiveFtp', 'cpnat'];
  const fields = Fields.of(value, place, 'An object, as cpanel-edge capture writes it', known);
  if (!fields) return undefined;
  const before = place.problems.length;
  const facts: { -readonly [K in keyof ServerFacts]: unknown } = {};
  for (const key of FLAGS) if (fields.has(key)) facts[key] = fields.flag(key, false);
  for (const key of WORDS) if (fields.has(key)) facts[key] = fields.optionalText(key, 'A text');
  for (const key of LISTS) if (fields.has(key)) facts[key] = textsOf(fields.raw(key), fields.at(key));
  if (fields.has('listens')) facts.listens = listeningOf(fields.raw('listens'), fields.at('listens'));
  if (fields.has('passiveFtp')) facts.passiveFtp = passiveOf(fields.raw('passiveFtp'), fields.at('passiveFtp'));
  if (fields.has('cpnat')) facts.cpnat = cpnatLinesOf(fields, fields.at('cpnat'));
  return place.problems.length > before ? undefined : (facts as ServerFacts);
}

/** A list that may be empty. */
function textsOf(value: unknown, place: Place): readonly string[] {
  if (Array.isArray(value) && value.length === 0) return [];
  return (listOf(value, place, 'A list of texts', '') ?? []).flatMap(
    (one, at) => textOf(one, place.at(at), 'A text') ?? [],
  );
}

function listeningOf(value: unknown, place: Place): readonly Listening[] {
  const record = recordOf(value, place, "An object of ports and programs: { 'tcp 443': 'httpd' }") ?? {};
  const keys = Object.keys(record);
  if (keys.length > MOST_LISTENING)
    return place.add(shape.tooLong(place.where, 'ports', keys.length, MOST_LISTENING)) ?? [];
  const found = keys.flatMap((key): readonly Listening[] => {
    const [, protocol, digits] = /^(tcp|udp) ([1-9]\d{0,4})$/.exec(key) ?? [];
    const port = Number(digits);
    if (protocol === undefined || port > 65_535) return place.add(say.notListening(place.where, key)) ?? [];
    const program = textOf(record[key], place.in(key), 'The name of a program, as text');
    return program === undefined ? [] : [{ protocol: protocol === 'tcp' ? PROTOCOL.tcp : PROTOCOL.udp, port, program }];
  });
  return found.sort((a, b) => a.protocol - b.protocol || a.port - b.port);
}

function passiveOf(value: unknown, place: Place): NumberRange | undefined {
  const text = textOf(value, place, 'A range of ports: "49152-65534"');
  return text === undefined ? undefined : rangeOfText(text, place);
}

/** A file's lines, of which some may be empty. */
function cpnatLinesOf(fields: Fields, place: Place): ServerFacts['cpnat'] {
  const value = fields.raw('cpnat');
  if (!Array.isArray(value)) return fields.choice('cpnat', ['absent', 'empty'] as const);
  return (listOf(value, place, 'A list of lines', "At least one line; 'empty' for a file without any.") ?? []).flatMap(
    (line, at) => (line === '' ? '' : (textOf(line, place.at(at), 'A line, as text') ?? [])),
  );
}
