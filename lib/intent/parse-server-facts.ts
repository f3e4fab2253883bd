// Parses the `facts` of a server's intent: listening ports, passive FTP ports, lines of cPanel's cpnat file and
// settings, as `cpanel-edge capture` prints them.

import { NumberRange } from '../net/device';
import { PROTOCOL } from '../net/packet';
import { ListeningPort, ServerFacts } from '../policy/policy';
import { IntentFields, IntentLocation, parseList, parseRecord, parseText } from './fields';
import { MAX_LISTENING_PORTS, factsSchema } from './intent-schemas';
import { parsePortRangeText } from './ports';
import * as say from './problems/server-problems';
import * as shape from './problems/field-problems';

const FLAG_KEYS = ['hasAccounts', 'serviceSubdomains', 'redirectsToTls', 'eximOldTls'] as const;
const TEXT_KEYS = ['system', 'cpanel', 'autossl', 'myip'] as const;
const LIST_KEYS = ['rolesOff', 'firewalls', 'plans'] as const;

/** Parses the facts of a server, as captured or as written by hand. Returns undefined if one of them is wrong. */
export function parseFacts(value: unknown, location: IntentLocation): ServerFacts | undefined {
  const fields = IntentFields.parse(value, location, factsSchema, 'An object, as cpanel-edge capture writes it');
  if (!fields) return undefined;
  const initialProblemCount = location.problems.length;
  const facts: { -readonly [K in keyof ServerFacts]: unknown } = {};
  for (const key of FLAG_KEYS) if (fields.has(key)) facts[key] = fields.parseOptionalFlag(key);
  for (const key of TEXT_KEYS) if (fields.has(key)) facts[key] = fields.parseOptionalText(key, 'A text');
  for (const key of LIST_KEYS)
    if (fields.has(key)) facts[key] = parseTexts(fields.getValue(key), fields.getLocation(key));
  if (fields.has('listens')) facts.listens = parseListening(fields.getValue('listens'), fields.getLocation('listens'));
  if (fields.has('passiveFtp'))
    facts.passiveFtp = parsePassivePorts(fields.getValue('passiveFtp'), fields.getLocation('passiveFtp'));
  if (fields.has('cpnat')) facts.cpnat = parseCpnatLines(fields, fields.getLocation('cpnat'));
  return location.problems.length > initialProblemCount ? undefined : (facts as ServerFacts);
}

/** Parses a list of texts that may be empty. */
function parseTexts(value: unknown, location: IntentLocation): readonly string[] {
  if (Array.isArray(value) && value.length === 0) return [];
  return (parseList(value, location, factsSchema.shape.rolesOff, 'A list of texts', '') ?? []).flatMap(
    (entry, index) => parseText(entry, location.getChild(index), 'A text') ?? [],
  );
}

function parseListening(value: unknown, location: IntentLocation): readonly ListeningPort[] {
  const record = parseRecord(value, location, "An object of ports and programs: { 'tcp 443': 'httpd' }") ?? {};
  const keys = Object.keys(record);
  if (keys.length > MAX_LISTENING_PORTS)
    return location.report(shape.describeLongList(location.where, 'ports', keys.length, MAX_LISTENING_PORTS)) ?? [];
  const listening = keys.flatMap((key): readonly ListeningPort[] => {
    const [, protocol, digits] = /^(tcp|udp) ([1-9]\d{0,4})$/.exec(key) ?? [];
    const port = Number(digits);
    if (protocol === undefined || port > 65_535)
      return location.report(say.describeBadListeningKey(location.where, key)) ?? [];
    const program = parseText(record[key], location.getNested(key), 'The name of a program, as text');
    return program === undefined ? [] : [{ protocol: protocol === 'tcp' ? PROTOCOL.tcp : PROTOCOL.udp, port, program }];
  });
  return listening.sort((a, b) => a.protocol - b.protocol || a.port - b.port);
}

function parsePassivePorts(value: unknown, location: IntentLocation): NumberRange | undefined {
  const text = parseText(value, location, 'A range of ports: "49152-65534"');
  return text === undefined ? undefined : parsePortRangeText(text, location);
}

/** Parses the lines of the cpnat file. Some may be empty. */
function parseCpnatLines(fields: IntentFields<typeof factsSchema>, location: IntentLocation): ServerFacts['cpnat'] {
  const value = fields.getValue('cpnat');
  if (!Array.isArray(value)) return fields.parseChoice('cpnat');
  return (
    parseList(
      value,
      location,
      factsSchema.shape.cpnat,
      'A list of lines',
      "At least one line; 'empty' for a file without any.",
    ) ?? []
  ).flatMap((line, index) => (line === '' ? '' : (parseText(line, location.getChild(index), 'A line, as text') ?? [])));
}
