import { printable } from '../../problems/problem';
import { Change, DeviceReview, LintRemark, Remark, Review } from '../review';
import {
  DecidingLines,
  SECTIONS,
  blocksOf,
  changesOf,
  codesOf,
  countsOf,
  destinationsOf,
  devicesAlike,
  diffOf,
  evidenceOf,
  foreignOf,
  grouped,
  headingOf,
  namesOf,
  numbered,
  remarksOf,
  sourcesOf,
  textsAlike,
  whyOf,
} from './order';
import { Page, Tone } from '../../printing/page';

export interface TextOptions {
  /** Escape sequences for a terminal. Default: none. */
  readonly colour?: boolean;
  /** Columns, at least 60. Default: 100. */
  readonly width?: number;
}

/** How much is told whole, of each section. Past it one line each, then a count: `--format json` has all of it. */
const MOST = { remarks: 25, lint: 100, whole: 25, lines: 500, deviceLines: 40, textLines: 200, names: 50 };

const ELSEWHERE = 'the JSON output has all of it';

const VERDICTS: Readonly<Record<Review['verdict'], { readonly word: string; readonly tone: Tone }>> = {
  'nothing to object to': { word: 'NOTHING TO OBJECT TO', tone: 'good' },
  warnings: { word: 'NEW WARNINGS', tone: 'unsure' },
  objections: { word: 'OBJECTIONS', tone: 'bad' },
  unknown: { word: 'UNKNOWN', tone: 'unsure' },
};

/** A review for a terminal: the verdict first, then what speaks against the change, then what changes, then the rest. */
export function printText(review: Review, options: TextOptions = {}): string {
  const page = new Page(options.width ?? 100, options.colour ?? false);
  const { objections, unknown, lint, notes } = remarksOf(review);
  const { word, tone } = VERDICTS[review.verdict];
  page.say(0, `${word}: ${review.headline}`, tone);
  page.say(0, countsOf(review));
  sayRemarks(page, 'Objections', objections, 'bad');
  sayRemarks(page, 'Unknown', unknown, 'unsure');
  if (review.policy !== undefined && review.policy.changed.length > 0) {
    page.title(`Review rules that change, in ${review.policy.name}`);
    for (const line of review.policy.changed) page.say(2, line);
  }
  const deciding = new DecidingLines();
  for (const { kind, title } of SECTIONS) sayChanges(page, title, changesOf(review, kind), deciding);
  sayDevices(page, review.devices);
  sayLint(page, lint);
  sayRemarks(page, 'Notes', notes, 'plain');
  sayPlans(page, review);
  sayText(page, review.devices);
  return page.toString();
}

function sayRemarks(page: Page, title: string, remarks: readonly (Remark & { readonly page?: string })[], tone: Tone): void {
  if (remarks.length > 0) page.title(title);
  for (const remark of remarks.slice(0, MOST.remarks)) {
    sayRemark(page, remark, '', tone);
    page.field(4, 'page', remark.page ?? '');
  }
  sayCodes(page, remarks.slice(MOST.remarks), tone);
}

function sayLint(page: Page, lint: readonly LintRemark[]): void {
  if (lint.length > 0) page.title('Lint');
  for (const finding of lint.slice(0, MOST.lint)) {
    const { severity, acknowledged } = finding;
    sayRemark(page, finding, `${severity} `, severity === 'error' && !acknowledged ? 'bad' : 'plain');
    page.field(4, 'page', finding.page);
    if (acknowledged) page.field(4, 'accepted', `until ${acknowledged.expires}: ${acknowledged.reason}`);
  }
  sayCodes(page, lint.slice(MOST.lint), 'plain');
}

function sayCodes(page: Page, rest: readonly Remark[], tone: Tone): void {
  if (rest.length > 0) page.say(2, `and ${grouped(rest.length)} more; ${ELSEWHERE}:`, tone);
  for (const code of codesOf(rest)) page.say(4, code, tone);
}

function sayRemark(page: Page, { code, where, what, instead }: Remark, before: string, tone: Tone): void {
  page.say(2, `${before}${code}${where === '' ? '' : ` at ${where}`}`, tone);
  page.paragraph(4, what);
  page.field(4, 'instead', instead);
}

function sayChanges(page: Page, title: string, changes: readonly Change[], deciding: DecidingLines): void {
  if (changes.length > 0) page.title(title);
  for (const block of blocksOf(changes.slice(0, MOST.whole))) {
    page.say(2, headingOf(block[0]), 'title');
    // One reason for several is told once.
    const isOne = block.length > 1 && block.every((change) => whyOf(change) === whyOf(block[0]));
    if (isOne) page.field(4, 'why', whyOf(block[0]));
    for (const change of block) {
      page.say(4, outcomeOf(change), toneOf(change));
      if (!isOne) page.field(6, 'why', whyOf(change));
      page.field(6, 'packet', change.witness);
      const { fresh, above } = deciding.of(change);
      for (const { device, number, text } of fresh) page.field(6, 'decided by', `${device} line ${number}: ${printable(text)}`);
      page.field(6, 'decided by', above);
    }
  }
  const brief = changes.slice(MOST.whole, MOST.lines);
  if (brief.length > 0) page.say(2, `${grouped(brief.length)} more, in brief`, 'title');
  for (const change of brief) page.say(4, `${destinationsOf(change)} from ${change.vantage}: ${outcomeOf(change)}`, toneOf(change));
  if (changes.length > MOST.lines) page.say(2, `and ${grouped(changes.length - MOST.lines)} more; ${ELSEWHERE}`, 'title');
}

/** `tcp 3306 from anywhere, reaches 10.0.0.10 of web1`. */
function outcomeOf(change: Change): string {
  const { kind, service, reaches, from, to } = change;
  const was = from === undefined && to === undefined ? '' : `: was ${from ?? '?'}, becomes ${to ?? '?'}`;
  const led = was === '' ? `, ${kind === 'closed' ? 'reached' : 'reaches'} ${reaches || 'several hosts'}` : '';
  return `${service} from ${sourcesOf(change)}${led}${was}`;
}

const toneOf = ({ kind, outside }: Change): Tone =>
  kind === 'unknown' ? 'unsure' : kind === 'opened' && outside ? 'bad' : kind === 'closed' ? 'good' : 'plain';

function sayDevices(page: Page, devices: readonly DeviceReview[]): void {
  if (devices.length > 0) page.title('Devices');
  const told = new Map<string, string>();
  for (const alike of devicesAlike(devices)) {
    const [{ role, plan, action, before, evidence, sessions, delivery }] = alike;
    const what = alike.length === 1 ? role : numbered(alike.length, role);
    page.say(2, `${namesOf(alike)}: ${what} of plan ${plan}, ${action}`);
    page.field(4, 'before', before);
    page.field(4, 'sessions', sessions);
    page.field(4, 'delivery', told.has(delivery) ? `as of ${told.get(delivery)}` : delivery);
    if (evidence !== 'own text') page.field(4, 'evidence', evidence);
    if (delivery !== '' && !told.has(delivery)) told.set(delivery, namesOf([alike[0]]));
  }
}

function sayPlans(page: Page, { plans, devices, universe, policy }: Review): void {
  page.title('What this rests on');
  for (const plan of plans) {
    const foreign = foreignOf(plan);
    page.say(2, `plan ${plan.name} by Terraform ${plan.terraformVersion}${foreign && `; ${foreign}`}`);
    for (const address of plan.foreignChanged.slice(0, MOST.names)) page.say(4, address);
    if (plan.foreignChanged.length > MOST.names) page.say(4, `and ${grouped(plan.foreignChanged.length - MOST.names)} more; ${ELSEWHERE}`);
  }
  page.say(2, policy === undefined ? 'no review rules were given' : `review rules ${policy.name}`);
  page.say(2, universe);
  if (devices.length > 0) page.say(2, `evidence: ${evidenceOf(devices)}`);
}

function sayText(page: Page, devices: readonly DeviceReview[]): void {
  const texts = textsAlike(devices);
  if (texts.length > 0) page.title('Text that changes');
  let left = MOST.textLines;
  for (const [i, alike] of texts.entries()) {
    if (left <= 0) {
      page.say(2, `and ${numbered(texts.length - i, 'more text')}; ${ELSEWHERE}`, 'title');
      return;
    }
    page.say(2, namesOf(alike), 'title');
    const lines = diffOf(alike[0], MOST.deviceLines);
    for (const line of lines) page.verbatim(4, line, line.startsWith('+') ? 'good' : line.startsWith('-') ? 'bad' : 'plain');
    left -= lines.length;
  }
}
