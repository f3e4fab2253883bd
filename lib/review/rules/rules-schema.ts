// The schema of review rules: the shape that the parser checks, and that the published JSON Schema is made from.

import { z } from 'zod';
import { PORT_PATTERN, SERVICE_NAMES, findServicePackets } from '../../intent/service-packets';
import { getNetwork, parseInterfaceAddress, parsePrefix, printPrefix } from '../../net/address';
import { findNearestWord } from '../../problems/find-nearest-word';
import { Problem } from '../../problems/problem';
import * as say from './rules-problems';

/** The most entries that a list may have. */
export const MAX_ENTRIES = 1000;
const MAX_CHARACTERS = 300;

type TextCheck = (text: string, where: string) => Problem | undefined;

/**
 * Returns a schema for a text. `check` gives our own problem, and `publishedSchema` the pattern of the published
 * schema. The problem travels in the issue; the parser fills in its place.
 */
const createCheckedText = (check: TextCheck, description: string, publishedSchema: Record<string, unknown>) =>
  z
    .string()
    .superRefine((text, context) => {
      const problem = check(text, '');
      if (problem) context.addIssue({ code: 'custom', message: problem.code, params: { problem } });
    })
    .meta({ description, ...publishedSchema });

const DATE_PATTERN = z.regexes.date;
const CODE_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
/** Control and format characters, line and paragraph breaks, halves of surrogate pairs. */
const HIDDEN_CHARACTERS = /[\p{C}\p{Zl}\p{Zp}]/u;

function checkService(text: string, location: string): Problem | undefined {
  if (findServicePackets(text)) return undefined;
  if (/^\d+(-\d+)?$/.test(text)) return say.createMissingProtocol(location, text);
  if (/^[\d-]+\//.test(text)) return say.createBadPort(location, text);
  return say.createUnknownService(location, text, findNearestWord(text, SERVICE_NAMES));
}

function checkPrefix(text: string, location: string): Problem | undefined {
  if (/^(any(where|body)?|all|everybody|everywhere|internet|\*)$/i.test(text))
    return say.createEveryAddress(location, text);
  const prefix = parsePrefix(text);
  if (prefix) return prefix.length === 0 ? say.createEveryAddress(location, text) : undefined;
  const interfaceAddress = parseInterfaceAddress(text);
  return interfaceAddress
    ? say.createHostBitsSet(location, text, printPrefix(getNetwork(interfaceAddress.address, interfaceAddress.length)))
    : say.createBadAddress(location, text);
}

const checkLine: TextCheck = (text, location) =>
  text.length === 0 || text.length > MAX_CHARACTERS || HIDDEN_CHARACTERS.test(text)
    ? say.createBadText(location, MAX_CHARACTERS)
    : undefined;

const serviceSchema = createCheckedText(
  checkService,
  'A name, or a port with its protocol: 8443/tcp, 60000-60100/udp.',
  {
    anyOf: [{ enum: SERVICE_NAMES }, { pattern: PORT_PATTERN }],
  },
);
const prefixSchema = createCheckedText(checkPrefix, 'An address or a prefix without host bits, IPv4 or IPv6.', {
  // No pattern can describe exactly the valid addresses. This one keeps out names, spaces and prefixes of length 0.
  pattern: '^(?=.*[.:])[0-9a-fA-F.:]{2,45}(/(?!0$)\\d{1,3})?$',
});
const createLineSchema = (description: string) =>
  createCheckedText(checkLine, description, { minLength: 1, maxLength: MAX_CHARACTERS });
const codeSchema = createCheckedText(
  (text, location) => (CODE_PATTERN.test(text) ? undefined : say.createBadCode(location, text)),
  'Code of a lint rule: area/short-name.',
  {
    pattern: CODE_PATTERN.source,
  },
);
const dateSchema = createCheckedText(
  (text, location) => (DATE_PATTERN.test(text) ? undefined : say.createBadDate(location, text)),
  'The last day on which it counts.',
  {
    pattern: DATE_PATTERN.source,
  },
);

const createListSchema = <Entry extends z.ZodType>(entry: Entry, description: string) =>
  z.array(entry).min(1).max(MAX_ENTRIES).describe(description);

export const rulesSchema = z
  .strictObject({
    $schema: z.string().optional().describe('Where this schema is, for editors.'),
    format: z.literal(1),
    allowed: createListSchema(
      z.strictObject({
        services: createListSchema(serviceSchema, 'What may be reachable.'),
        from: createListSchema(prefixSchema, 'From where. Left out: from anywhere.').optional(),
        to: createListSchema(prefixSchema, 'At which public addresses. Left out: at all.').optional(),
      }),
      'The only services that may be reachable from outside, besides those of "admin" from their sources. Left out: not enforced.',
    ).optional(),
    admin: createListSchema(
      z.strictObject({
        services: createListSchema(serviceSchema, 'Services for administrators.'),
        from: createListSchema(prefixSchema, 'The only sources that they may be reachable from.'),
      }),
      'Services that must be reachable from these sources alone.',
    ).optional(),
    forbidden: createListSchema(
      serviceSchema,
      'Services that must not be reachable from any source outside.',
    ).optional(),
    acknowledged: createListSchema(
      z.strictObject({
        code: codeSchema,
        where: createLineSchema("Part of the finding's place. Left out: wherever it is found.").optional(),
        reason: createLineSchema('Why it may stay. The review prints it.'),
        expires: dateSchema,
      }),
      'Lint that a person has looked at.',
    ).optional(),
    mostDevices: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Greatest number of devices that one change may touch.'),
  })
  .meta({ title: 'Review rules of cpanel-edge, format 1' });
