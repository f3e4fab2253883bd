import { PacketMap, PacketSet } from '../../net/packet-map';
import { Acknowledgement, ReviewRules } from '../rules';
import { adminBroken, allowedSet, serviceSet } from './packets';
import { inWords } from './words';

/** So many rows of one difference are said; the others are counted. */
const MOST_ROWS = 20;

/**
 * What became of the review rules themselves, in words, what they let through now first. Judged by what they mean: the same written
 * otherwise is no change. Undefined: there are none.
 */
export function rulesChanged(before: ReviewRules | undefined, after: ReviewRules | undefined): readonly string[] {
  if (!before && !after) return [];
  if (!after) return ['there are no review rules any more: nothing of them is enforced'];
  if (!before) return ['the review rules are new: until now none were enforced'];
  return [
    ...allowedChanged(before, after),
    ...adminChanged(before, after),
    ...forbiddenChanged(before, after),
    ...acknowledgedChanged(before.acknowledged ?? [], after.acknowledged ?? []),
    ...mostDevicesChanged(before.mostDevices, after.mostDevices),
  ];
}

function said(packets: PacketSet, sentence: (row: string) => string): readonly string[] {
  const rows = inWords(packets);
  const more = rows.length - MOST_ROWS;
  return [...rows.slice(0, MOST_ROWS).map(sentence), ...(more > 0 ? [sentence(`${more} more kinds of packets`)] : [])];
}

function allowedChanged({ allowed: before }: ReviewRules, { allowed: after }: ReviewRules): readonly string[] {
  if (before && !after) return ['allows everything that is not forbidden: "allowed" is gone'];
  if (!after) return [];
  const will = allowedSet(after);
  if (!before) return said(will, (row) => `allows nothing any more but what is listed: ${row}`);
  const was = allowedSet(before);
  return [
    ...said(will.apartFrom(was), (row) => `also allows ${row}`),
    ...said(was.apartFrom(will), (row) => `does not allow ${row} any more`),
  ];
}

function adminChanged({ admin: before = [] }: ReviewRules, { admin: after = [] }: ReviewRules): readonly string[] {
  const refused = (entries: typeof before): PacketSet =>
    PacketMap.first(entries.map(({ services, from }) => adminBroken(services, from)));
  const [was, will] = [refused(before), refused(after)];
  return [
    ...said(was.apartFrom(will), (row) => `does not keep ${row} for administrators any more`),
    ...said(will.apartFrom(was), (row) => `keeps ${row} for administrators`),
  ];
}

function forbiddenChanged(
  { forbidden: before = [] }: ReviewRules,
  { forbidden: after = [] }: ReviewRules,
): readonly string[] {
  const [was, will] = [serviceSet(before), serviceSet(after)];
  const newly = (names: readonly string[], old: PacketSet, sentence: (name: string) => string): readonly string[] =>
    names.flatMap((name) => {
      const all = serviceSet([name]);
      const rest = all.apartFrom(old);
      return rest.isEmpty
        ? []
        : [sentence(rest.equals(all) ? name : `${name} in part (${inWords(rest).map(service).join('; ')})`)];
    });
  return [
    ...newly(before, will, (name) => `${name} is not forbidden any more`),
    ...newly(after, was, (name) => `forbids ${name}`),
  ];
}

/** Of a row that is about every address, the service alone. */
const service = (row: string): string => row.replace(/ on any address from anywhere$/, '');

function acknowledgedChanged(before: readonly Acknowledgement[], after: readonly Acknowledgement[]): readonly string[] {
  const same = (a: Acknowledgement, b: Acknowledgement): boolean => a.code === b.code && a.where === b.where;
  const at = ({ code, where }: Acknowledgement): string => (where === undefined ? code : `${code} at "${where}"`);
  return [
    ...after.flatMap((one) => {
      const old = before.find((other) => same(one, other));
      if (!old) return [`acknowledges ${at(one)} until ${one.expires}: ${one.reason}`];
      if (old.expires !== one.expires)
        return [`acknowledges ${at(one)} until ${one.expires} instead of ${old.expires}: ${one.reason}`];
      return old.reason === one.reason ? [] : [`acknowledges ${at(one)} for another reason: ${one.reason}`];
    }),
    ...before
      .filter((one) => !after.some((other) => same(one, other)))
      .map((one) => `does not acknowledge ${at(one)} any more`),
  ];
}

function mostDevicesChanged(before: number | undefined, after: number | undefined): readonly string[] {
  if (before === after) return [];
  if (after === undefined) return ['lets one change touch any number of devices'];
  return [`lets one change touch ${after} devices${before === undefined ? ' at most' : ` instead of ${before}`}`];
}
