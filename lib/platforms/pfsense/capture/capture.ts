// Captures the configuration of a box for the repository. In: config.xml, or a live configuration. Out: the elements
// that decide about packets, without secrets, and a report on the omitted ones. This folder may import lib/net,
// lib/problems, lib/parse and lib/xml; it knows no policy and no generator.

import { Refusal } from '../../../problems/problem';
import { CaptureResult, ConfigCapturer } from '../../../parse/config-capturer';
import { XmlElement, XmlError, parseXml } from '../../../xml/parse-xml';
import { KEPT_ELEMENTS } from './kept-elements';
import * as say from './capture-problems';
import { SieveReport, KeptElement, filterConfiguration } from './select-elements';
import { isInCdata } from './spell-text';

export const capturer: ConfigCapturer = { capture };

function capture(text: string): CaptureResult {
  const root = parseConfiguration(text);
  const report: SieveReport = { omittedParts: new Set(), suspicious: [] };
  const elements = filterConfiguration(root, KEPT_ELEMENTS, report);
  const captured = `<?xml version="1.0"?>\n<pfsense>\n\t<cpanel_edge><captured/></cpanel_edge>\n${renderElements(elements, 1)}</pfsense>\n`;
  return {
    text: captured,
    omittedParts: [...report.omittedParts].sort(),
    suspicious: report.suspicious.length === 0 ? [] : findSuspicious(captured),
    version: parseVersion(root),
  };
}

/**
 * Returns the suspicious elements by their lines in the captured text, which the operator reads before committing it.
 */
function findSuspicious(captured: string): readonly string[] {
  const report: SieveReport = { omittedParts: new Set(), suspicious: [] };
  filterConfiguration(parseConfiguration(captured), KEPT_ELEMENTS, report);
  return report.suspicious;
}

/**
 * Configuration versions of 2.4 to 2.9, like in the parser. A later release may need elements that the capture doesn't
 * keep.
 */
const [OLDEST, NEWEST] = [15, 24];

function parseVersion(root: XmlElement): CaptureResult['version'] {
  const element = root.children.find(({ name }) => name === 'version');
  const is = element?.text.trim() ?? '';
  if (element === undefined || is === '') return undefined;
  const major = Number(/^(\d{1,4})\./.exec(is)?.[1] ?? OLDEST);
  if (major < OLDEST || major > NEWEST) throw new Refusal([say.createUnknownVersion(element.line, is)]);
  return { is, line: element.line };
}

/** Returns the configuration of a text, without the mark. The running config that follows a live one is cut off. */
function parseConfiguration(text: string): XmlElement {
  if (/^\s*-{4} ?BEGIN /.test(text)) throw new Refusal([say.createEncrypted()]);
  const root = parseXmlOrRefuse(text.replace(/(<\/pfsense>[ \t\r]*\n)# pfctl [\s\S]*$/, '$1'));
  if (root.name !== 'pfsense') throw new Refusal([say.createOtherRoot(root.line, root.name)]);
  const [mark] = root.children.filter(({ name }) => name === 'cpanel_edge');
  if (mark?.children.some(({ name }) => name === 'assumed')) throw new Refusal([say.createAssumed(mark.line)]);
  return { ...root, children: root.children.filter((child) => child !== mark) };
}

function parseXmlOrRefuse(text: string): XmlElement {
  try {
    return parseXml(text);
  } catch (error) {
    if (error instanceof XmlError) throw new Refusal([say.createNotXml(error.line, error.what)]);
    throw error;
  }
}

/** Renders the elements like the box: tabs, one element a line, free text in CDATA. */
const renderElements = (elements: readonly KeptElement[], depth: number): string =>
  elements.map((element) => renderElement(element, depth)).join('');

function renderElement({ name, text, children }: KeptElement, depth: number): string {
  const indent = '\t'.repeat(depth);
  if (children.length > 0) return `${indent}<${name}>\n${renderElements(children, depth + 1)}${indent}</${name}>\n`;
  const shown = text === '' || !isInCdata(name) ? text : `<![CDATA[${text}]]>`;
  return `${indent}<${name}>${shown}</${name}>\n`;
}
