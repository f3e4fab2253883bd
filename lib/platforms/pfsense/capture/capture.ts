import { Refusal } from '../../../problems/problem';
import { Captured, Capturing } from '../../../parse/capture';
import { XmlElement, XmlError, parseXml } from '../../../xml/xml';
import { KEPT } from './kept';
import * as say from './problems';
import { Said, Stays, sieved } from './sieve';
import { isInCdata } from './spelling';

export const capturing: Capturing = { capture };

function capture(text: string): Captured {
  const root = configurationIn(text);
  const said: Said = { leftOut: new Set(), suspicious: [] };
  const stays = sieved(root, KEPT, said);
  const kept = `<?xml version="1.0"?>\n<pfsense>\n\t<cpanel_edge><captured/></cpanel_edge>\n${rendered(stays, 1)}</pfsense>\n`;
  return {
    text: kept,
    leftOut: [...said.leftOut].sort(),
    suspicious: said.suspicious.length === 0 ? [] : suspiciousIn(kept),
    version: versionIn(root),
  };
}

/** By the lines of what people look at before they commit it. */
function suspiciousIn(kept: string): readonly string[] {
  const said: Said = { leftOut: new Set(), suspicious: [] };
  sieved(configurationIn(kept), KEPT, said);
  return said.suspicious;
}

/** Configurations of 2.4 to 2.9, as the reader has it: what a later one needs isn't known to be among what is kept. */
const [OLDEST, NEWEST] = [15, 24];

function versionIn(root: XmlElement): Captured['version'] {
  const element = root.children.find(({ name }) => name === 'version');
  const is = element?.text.trim() ?? '';
  if (element === undefined || is === '') return undefined;
  const major = Number(/^(\d{1,4})\./.exec(is)?.[1] ?? OLDEST);
  if (major < OLDEST || major > NEWEST) throw new Refusal([say.unknownVersion(element.line, is)]);
  return { is, line: element.line };
}

/** The configuration of a text: of a live one without what runs, which stands after it. Its mark is taken off. */
function configurationIn(text: string): XmlElement {
  if (/^\s*-{4} ?BEGIN /.test(text)) throw new Refusal([say.encrypted()]);
  const root = parsed(text.replace(/(<\/pfsense>[ \t\r]*\n)# pfctl [\s\S]*$/, '$1'));
  if (root.name !== 'pfsense') throw new Refusal([say.otherRoot(root.line, root.name)]);
  const [mark] = root.children.filter(({ name }) => name === 'cpanel_edge');
  if (mark?.children.some(({ name }) => name === 'assumed')) throw new Refusal([say.assumed(mark.line)]);
  return { ...root, children: root.children.filter((child) => child !== mark) };
}

function parsed(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal([say.notXml(error.line, error.what)]);
    throw error;
  }
}

/** As the box writes it: tabs, one element a line, free text in CDATA. */
const rendered = (elements: readonly Stays[], depth: number): string =>
  elements.map((element) => line(element, depth)).join('');

function line({ name, text, children }: Stays, depth: number): string {
  const indent = '\t'.repeat(depth);
  if (children.length > 0) return `${indent}<${name}>\n${rendered(children, depth + 1)}${indent}</${name}>\n`;
  const shown = text === '' || !isInCdata(name) ? text : `<![CDATA[${text}]]>`;
  return `${indent}<${name}>${shown}</${name}>\n`;
}
