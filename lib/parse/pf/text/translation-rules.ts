// Parses pf's translation rules `nat`, `rdr` and `binat`.

import { PfCursor } from './cursor';
import { explainRefusedTranslation, findTranslatedFamily } from './check-rule';
import { parseHost } from './hosts';
import { ParsedRuleResult, createDraft, parseEndpoints, parseFamily, parseInterfaces, parseProtocols } from './match';
import { parseLogAndQuick } from './filter-rules';
import { createOptions, parseOptions, parseTagged } from './options';
import { parseTargetPort } from './ports';
import { quoteForDisplay } from '../../../problems/line-problems';
import { refuseUnexpected } from './pf-problems';
import { ParsedPfMatch, ParsedPfTarget, ParsedPfTranslation } from './syntax-tree';

/** Parses `[no] nat`, `rdr` and `binat`, from the first word. */
export function parseTranslation(
  cursor: PfCursor,
  within: readonly ParsedPfMatch[],
): ParsedRuleResult<ParsedPfTranslation> {
  const words = cursor.listRemaining();
  const no = cursor.take('no');
  const kind = cursor.takeWord('a kind of translation') as ParsedPfTranslation['is'];
  const pass = cursor.take('pass');
  parseLogAndQuick(cursor);
  const draft = createDraft(cursor, within);
  parseInterfaces(cursor, draft);
  // pfctl takes the first of several interfaces and protocols. Source: pf.md, section 3; parse.y, binatrule.
  if (kind === 'binat' && draft.on && draft.on.length > 1) draft.on = draft.on.slice(0, 1);
  parseFamily(cursor, draft);
  parseProtocols(cursor, draft);
  if (kind === 'binat' && draft.protocols) draft.protocols = draft.protocols.slice(0, 1);
  parseEndpoints(cursor, draft);
  const options = createOptions();
  while (!cursor.isDone && cursor.next !== '->') {
    if (cursor.next === 'tagged' || (cursor.next === '!' && cursor.after === 'tagged')) parseTagged(cursor, draft);
    else if (cursor.take('tag')) options.tag = cursor.takeWord('a tag');
    else if (IGNORED_OPTIONS.has(cursor.next!)) {
      cursor.skip();
      cursor.takeWord('what follows it');
    } else {
      draft.unknownReasons.push(`${quoteForDisplay(cursor.next!.replace(/^"/, ''))} is not understood`);
      while (!cursor.isDone && cursor.next !== '->') cursor.skip();
    }
  }
  const conditionWords = words.slice(0, words.length - cursor.listRemaining().length);
  if (no && !cursor.isDone) refuseUnexpected(cursor.line.number, cursor.next, 'the end of the line');
  const target = no ? undefined : parseTarget(cursor, draft.unknownReasons);
  if (!cursor.isDone) parseOptions(cursor, draft, options);
  const family = draft.family ?? findTranslatedFamily(draft, target);
  if (family) draft.family = family;
  const refusal =
    pass && no ? 'pf passes nothing by what it does not translate' : explainRefusedTranslation(kind, draft, target);
  if (refusal !== undefined) draft.impossible ??= refusal;
  const matchKey = (
    options.tag === undefined
      ? conditionWords
      : conditionWords.filter((word, at) => word !== 'tag' && conditionWords[at - 1] !== 'tag')
  ).join(' ');
  return {
    rule: { is: kind, match: draft, no, pass, matchKey, ...(target && { target }) },
    tag: options.tag,
    impossible: draft.impossible,
  };
}

const IGNORED_OPTIONS = new Set(['label', 'ridentifier', 'tracker', 'rtable']);
const POOL_OPTIONS = new Set(['random', 'round-robin', 'sticky-address', 'source-hash', 'endpoint-independent']);

function parseTarget(cursor: PfCursor, doubts: string[]): ParsedPfTarget {
  cursor.expect('->');
  const hosts = cursor.takeList(parseHost);
  let port: ParsedPfTarget['port'];
  let pool: ParsedPfTarget['pool'];
  let staticPort = false;
  while (!cursor.isDone) {
    const word = cursor.next!;
    if (cursor.take('port')) {
      port = parseTargetPort(cursor);
      if (!port) doubts.push('which port it leads to is not known');
    } else if (cursor.take('bitmask')) pool = 'bitmask';
    else if (cursor.take('static-port')) staticPort = true;
    else if (POOL_OPTIONS.has(word)) {
      cursor.skip();
      if (word !== 'sticky-address') pool ??= 'other';
      if (word === 'source-hash' && /^(0x|")/.test(cursor.next ?? '')) cursor.skip();
    } else break;
  }
  return { hosts, staticPort, ...(port && { port }), ...(pool && { pool }) };
}
