import { Cursor } from './cursor';
import { misfitTranslation, translatedFamily } from './fitting';
import { hostAt } from './hosts';
import { Read, draftOf, endsAt, familyAt, interfacesAt, protocolsAt } from './match';
import { logAndQuick } from './filter';
import { noOptions, optionsAt, taggedAt } from './options';
import { targetPort } from './ports';
import { shown } from '../../../problems/in-text';
import { unexpected } from './problems';
import { MatchText, TargetText, TranslationText } from './text';

/** `[no] nat`, `rdr` and `binat`, the first word still unread. */
export function translationRule(cursor: Cursor, within: readonly MatchText[]): Read<TranslationText> {
  const words = cursor.rest();
  const no = cursor.take('no');
  const is = cursor.word('a kind of translation') as TranslationText['is'];
  const pass = cursor.take('pass');
  logAndQuick(cursor);
  const draft = draftOf(cursor, within);
  interfacesAt(cursor, draft);
  // Of several interfaces and protocols pfctl takes the first. Source: pf.md, section 3; parse.y, binatrule.
  if (is === 'binat' && draft.on && draft.on.length > 1) draft.on = draft.on.slice(0, 1);
  familyAt(cursor, draft);
  protocolsAt(cursor, draft);
  if (is === 'binat' && draft.protocols) draft.protocols = draft.protocols.slice(0, 1);
  endsAt(cursor, draft);
  const options = noOptions();
  while (!cursor.done && cursor.next !== '->') {
    if (cursor.next === 'tagged' || (cursor.next === '!' && cursor.after === 'tagged')) taggedAt(cursor, draft);
    else if (cursor.take('tag')) options.tag = cursor.word('a tag');
    else if (SILENT.has(cursor.next!)) {
      cursor.skip();
      cursor.word('what follows it');
    } else {
      draft.doubts.push(`${shown(cursor.next!.replace(/^"/, ''))} is not understood`);
      while (!cursor.done && cursor.next !== '->') cursor.skip();
    }
  }
  const asked = words.slice(0, words.length - cursor.rest().length);
  if (no && !cursor.done) unexpected(cursor.line.number, cursor.next, 'the end of the line');
  const target = no ? undefined : targetAt(cursor, draft.doubts);
  if (!cursor.done) optionsAt(cursor, draft, options);
  const family = draft.family ?? translatedFamily(draft, target);
  if (family) draft.family = family;
  const misfit = pass && no ? 'pf passes nothing by what it does not translate' : misfitTranslation(is, draft, target);
  if (misfit !== undefined) draft.impossible ??= misfit;
  const asks = (
    options.tag === undefined ? asked : asked.filter((word, at) => word !== 'tag' && asked[at - 1] !== 'tag')
  ).join(' ');
  return {
    rule: { is, match: draft, no, pass, asks, ...(target && { target }) },
    tag: options.tag,
    impossible: draft.impossible,
  };
}

const SILENT = new Set(['label', 'ridentifier', 'tracker', 'rtable']);
const POOL = new Set(['random', 'round-robin', 'sticky-address', 'source-hash', 'endpoint-independent']);

function targetAt(cursor: Cursor, doubts: string[]): TargetText {
  cursor.expect('->');
  const hosts = cursor.list(hostAt);
  let port: TargetText['port'];
  let pool: TargetText['pool'];
  let staticPort = false;
  while (!cursor.done) {
    const word = cursor.next!;
    if (cursor.take('port')) {
      port = targetPort(cursor);
      if (!port) doubts.push('which port it leads to is not known');
    } else if (cursor.take('bitmask')) pool = 'bitmask';
    else if (cursor.take('static-port')) staticPort = true;
    else if (POOL.has(word)) {
      cursor.skip();
      if (word !== 'sticky-address') pool ??= 'other';
      if (word === 'source-hash' && /^(0x|")/.test(cursor.next ?? '')) cursor.skip();
    } else break;
  }
  return { hosts, staticPort, ...(port && { port }), ...(pool && { pool }) };
}
