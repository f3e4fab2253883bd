import { z } from 'zod';
import { PORT_PATTERN, SERVICE_NAMES, servicePackets } from '../../intent/service-packets';
import { networkOf, parseInterfaceAddress, parsePrefix, printPrefix } from '../../net/address';
import { nearest } from '../../problems/nearest';
import { Problem } from '../../problems/problem';
import * as say from './problems';

/** The most entries that a list may have. */
export const MOST_ENTRIES = 1000;
const MOST_CHARACTERS = 300;

type Check = (text: string, where: string) => Problem | undefined;

/**
 * A text that is checked in our words, and by a pattern in the published schema. The problem travels in the issue; the place it is
 * found at is filled in where the issues are read.
 */
const checked = (check: Check, described: string, published: Record<string, unknown>) =>
  z
    .string()
    .superRefine((text, context) => {
      const problem = check(text, '');
      if (problem) context.addIssue({ code: 'custom', message: problem.code, params: { problem } });
    })
    .meta({ description: described, ...published });

const DATE = z.regexes.date;
const CODE = /^[a-z0-9]+(-[a-z0-9]+)*\/[a-z0-9]+(-[a-z0-9]+)*$/;
/** Control and format characters, line and paragraph breaks, halves of surrogate pairs. */
const HIDDEN = /[\p{C}\p{Zl}\p{Zp}]/u;

function serviceProblem(text: string, where: string): Problem | undefined {
  if (servicePackets(text)) return undefined;
  if (/^\d+(-\d+)?$/.test(text)) return say.protocolMissing(where, text);
  if (/^[\d-]+\//.test(text)) return say.badPort(where, text);
  return say.unknownService(where, text, nearest(text, SERVICE_NAMES));
}

function prefixProblem(text: string, where: string): Problem | undefined {
  if (/^(any(where|body)?|all|everybody|everywhere|internet|\*)$/i.test(text)) return say.everything(where, text);
  const prefix = parsePrefix(text);
  if (prefix) return prefix.length === 0 ? say.everything(where, text) : undefined;
  const loose = parseInterfaceAddress(text);
  return loose
    ? say.hostBits(where, text, printPrefix(networkOf(loose.address, loose.length)))
    : say.badAddress(where, text);
}

const lineProblem: Check = (text, where) =>
  text.length === 0 || text.length > MOST_CHARACTERS || HIDDEN.test(text)
    ? say.badText(where, MOST_CHARACTERS)
    : undefined;

const service = checked(serviceProblem, 'A name, or a port with its protocol: 8443/tcp, 60000-60100/udp.', {
  anyOf: [{ enum: SERVICE_NAMES }, { pattern: PORT_PATTERN }],
});
const prefix = checked(prefixProblem, 'An address or a prefix without host bits, IPv4 or IPv6.', {
  // Which addresses there are, no pattern can say; this one keeps names, spaces and every-address out.
  pattern: '^(?=.*[.:])[0-9a-fA-F.:]{2,45}(/(?!0$)\\d{1,3})?$',
});
const line = (described: string) => checked(lineProblem, described, { minLength: 1, maxLength: MOST_CHARACTERS });
const code = checked(
  (text, where) => (CODE.test(text) ? undefined : say.badCode(where, text)),
  'Code of a lint rule: area/short-name.',
  {
    pattern: CODE.source,
  },
);
const date = checked(
  (text, where) => (DATE.test(text) ? undefined : say.badDate(where, text)),
  'The last day on which it counts.',
  {
    pattern: DATE.source,
  },
);

const listOf = <Entry extends z.ZodType>(entry: Entry, described: string) =>
  z.array(entry).min(1).max(MOST_ENTRIES).describe(described);

export const rulesShape = z
  .strictObject({
    $schema: z.string().optional().describe('Where this schema is, for editors.'),
    format: z.literal(1),
    allowed: listOf(
      z.strictObject({
        services: listOf(service, 'What may be reachable.'),
        from: listOf(prefix, 'From where. Left out: from anywhere.').optional(),
        to: listOf(prefix, 'At which public addresses. Left out: at all.').optional(),
      }),
      'The only services that may be reachable from outside, besides those of "admin" from their sources. Left out: not enforced.',
    ).optional(),
    admin: listOf(
      z.strictObject({
        services: listOf(service, 'Services for administrators.'),
        from: listOf(prefix, 'The only sources that they may be reachable from.'),
      }),
      'Services that must be reachable from these sources alone.',
    ).optional(),
    forbidden: listOf(service, 'Services that must not be reachable from outside by anybody.').optional(),
    acknowledged: listOf(
      z.strictObject({
        code,
        where: line("Part of the finding's place. Left out: wherever it is found.").optional(),
        reason: line('Why it may stay. The review prints it.'),
        expires: date,
      }),
      'Lint that somebody looked at.',
    ).optional(),
    mostDevices: z
      .int()
      .min(1)
      .max(100_000)
      .optional()
      .describe('Greatest number of devices that one change may touch.'),
  })
  .meta({ title: 'Review rules of cpanel-edge, format 1' });
